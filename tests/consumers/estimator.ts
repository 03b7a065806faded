import { findEngine, preset, type Trained, train } from '@mechid/estimator'
import type { ExampleSource } from '@mechid/values'

const COUNT = 8
const shape = { latents: 1, features: 2, actions: 1, temporal: false }

/** One latent that follows its action, seen twice. */
const data: ExampleSource = {
  ...shape,
  examples: COUNT,
  gather: (indices, x, a) => {
    indices.forEach((i, r) => {
      a[r] = i / COUNT - 0.5
      x.set([a[r], -a[r]], 2 * r)
    })
  },
  order: (random) => random.permutation(COUNT)
}

/** Two steps: forward, backward and the optimizer, on the engine that comes along. */
const main = async (): Promise<string> => {
  const engine = await findEngine('wasm')()
  if (engine._tag === 'Left') return engine.left.message
  const recipe = preset('gated', shape, 1)
  if (recipe._tag === 'Left') return recipe.left.message
  const configuration = { ...recipe.right, batch: COUNT, steps: 2 }
  const trained = await train(data, { latents: 1, configuration, engine: engine.right })()
  if (trained._tag === 'Left') return trained.left.message
  const { history }: Trained = trained.right
  return `${history.steps} ${Number.isFinite(history.terms.loss[1])}`
}

main().then((text) => console.log(text))
