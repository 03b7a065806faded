/** Latents that a training did not use. */
import { generator } from '@mechid/random'
import { type ExampleSource, orThrow } from '@mechid/values'
import { expect, it } from 'vitest'
import { findEngine, preset, train, unusedLatents } from '../src/index.js'

it('names latents whose posterior is the same in every row', () => {
  const random = generator(1)
  const rows = 200
  // Means and log-variances of three latents: used, unsure, and one that stays at its prior.
  const data = Float32Array.from({ length: rows * 6 }, (_, at) => {
    const within = [0.01, 0.5, 1].map(Math.log)
    const between = [1, 0.5, 0.05]
    return at % 6 < 3 ? between[at % 6] * random.normal() : within[(at % 6) - 3]
  })
  expect(unusedLatents({ data, shape: [rows, 6] })).toEqual([2])
})

const FEATURES = 12

/** Two latents that follow two actions, in twelve features. */
const rows = (count: number): ExampleSource => {
  const random = generator(2)
  const [x, a] = [new Float32Array(FEATURES * count), new Float32Array(2 * count)]
  for (let i = 0; i < count; i++) {
    const [p, q] = [random.normal(), random.normal()]
    const [u, v] = [p + 0.1 * random.normal(), q + 0.1 * random.normal()]
    const seen = (f: number): number => Math.cos(f) * u + Math.sin(f) * v + 0.3 * random.normal()
    x.set(
      Array.from({ length: FEATURES }, (_, f) => seen(f)),
      FEATURES * i
    )
    a.set([p, q], 2 * i)
  }
  return {
    examples: count,
    features: FEATURES,
    actions: 2,
    temporal: false,
    order: (generated) => generated.permutation(count),
    gather: (indices, xOut, aOut) => {
      indices.forEach((row, i) => {
        xOut.set(x.subarray(FEATURES * row, FEATURES * (row + 1)), FEATURES * i)
        aOut.set(a.subarray(2 * row, 2 * row + 2), 2 * i)
      })
    }
  }
}

it('is answered by every training: four latents for two', async () => {
  const engine = orThrow(await findEngine('auto')())
  const recipe = orThrow(preset('gated', { latents: 4, features: FEATURES, actions: 2, temporal: false }))
  const small = {
    ...recipe,
    encoder: { width: 24, depth: 2 },
    decoder: { width: 24, depth: 2 },
    batch: 64,
    learningRate: 0.01
  }
  const configuration = { ...small, transition: { width: 16, depth: 1 }, steps: 1000 }
  const { unused } = await orThrow(train(rows(2000), { latents: 4, configuration, engine }))
  expect(unused).toHaveLength(2)
}, 120_000)
