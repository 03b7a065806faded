/** Small data for the tests: latents that are seen through a fixed linear map. */
import { generator } from '@mechid/random'
import type { ExampleSource, Samples } from '@mechid/values'

export interface Drawn {
  readonly source: ExampleSource
  /** Observations and latents, row by row; temporal: first frames before second ones. */
  readonly x: Samples
  readonly z: Samples
  /** [n, 2] */
  readonly a: Samples
}

const FEATURES = 3
const MIXING = [
  [1, 1],
  [1, -1],
  [0.5, 0]
]

/** Two latents, sin 1.5 a of an action each; temporal: the second frame is near the first, with Laplace changes. */
export const drawn = (examples: number, temporal = false): Drawn => {
  const random = generator(11)
  const rows = temporal ? 2 * examples : examples
  const z = new Float32Array(rows * 2)
  const a = new Float32Array(examples * 2)
  for (let i = 0; i < examples * 2; i++) {
    a[i] = 4 * random.uniform() - 2
    z[i] = temporal ? random.normal() : Math.sin(1.5 * a[i]) + 0.01 * random.normal()
    const u = random.uniform() - 0.5
    if (temporal) z[2 * examples + i] = z[i] - 0.1 * Math.sign(u) * Math.log(1 - 2 * Math.abs(u))
  }
  const x = Float32Array.from({ length: rows * FEATURES }, (_, at) => {
    const r = Math.floor(at / FEATURES)
    return MIXING[at % FEATURES][0] * z[2 * r] + MIXING[at % FEATURES][1] * z[2 * r + 1]
  })
  const source: ExampleSource = {
    examples,
    features: FEATURES,
    actions: 2,
    temporal,
    order: (stream) => stream.permutation(examples),
    gather: (indices, toX, toA) => {
      indices.forEach((i, r) => {
        for (let frame = 0; frame < (temporal ? 2 : 1); frame++) {
          const from = (frame * examples + i) * FEATURES
          toX.set(x.subarray(from, from + FEATURES), (frame * indices.length + r) * FEATURES)
        }
        toA.set(a.subarray(2 * i, 2 * i + 2), 2 * r)
      })
    }
  }
  return {
    source,
    x: { data: x, shape: [rows, FEATURES] },
    z: { data: z, shape: [rows, 2] },
    a: { data: a, shape: [examples, 2] }
  }
}

/** Networks and schedules that are done in a moment. */
export const small = {
  encoder: { width: 16, depth: 1 },
  decoder: { width: 16, depth: 1 },
  batch: 32,
  steps: 20,
  warmup: 5
}
