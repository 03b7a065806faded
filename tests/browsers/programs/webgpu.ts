/** A training on WebGPU beside the same on WebAssembly. */
import '@tensorflow/tfjs-backend-webgpu'
import { findEngine, preset, train } from '@mechid/estimator'
import { type ExampleSource, orThrow } from '@mechid/values'

const COUNT = 64
/** Each new shape is a program that the processor compiles for its emulated GPU. */
const SMALL = { width: 4, depth: 1 }
const shape = { latents: 1, features: 2, actions: 1, temporal: false }

const data: ExampleSource = {
  ...shape,
  examples: COUNT,
  gather: (indices, x, a) => {
    indices.forEach((i, r) => {
      a[r] = i / COUNT - 0.5
      x.set([a[r], Math.sin(a[r])], 2 * r)
    })
  },
  order: (random) => random.permutation(COUNT)
}

export interface Compared {
  readonly devices: readonly string[]
  /** Of the last step, by device. */
  readonly losses: readonly number[]
  /** What `auto` takes. */
  readonly auto: string
}

export const compared = async (): Promise<Compared> => {
  const configuration = {
    ...orThrow(preset('gated', shape, 1)),
    batch: 8,
    steps: 1,
    encoder: SMALL,
    decoder: SMALL,
    transition: SMALL
  }
  const devices: string[] = []
  const losses: number[] = []
  for (const name of ['webgpu', 'wasm']) {
    const engine = await orThrow(findEngine(name))
    const { history } = await orThrow(train(data, { latents: 1, configuration, engine }))
    devices.push(engine.description)
    losses.push(history.terms.loss[history.steps - 1])
  }
  const auto = await orThrow(findEngine('auto'))
  return { devices, losses, auto: auto.description }
}
