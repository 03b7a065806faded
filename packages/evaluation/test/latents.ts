/** Latents of kernels, and what encoders by hand make of them. */
import { type Kernel, kernelSampler } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import type { Samples } from '@mechid/values'

/** Quick: few resamples, no kernel regression. */
export const quick = { resamples: 20, permutations: 10, kernel: { rows: 0 } } as const

/** Latents of a kernel whose actions are uniform on [−2, 2], from past latents that are normal. */
export const drawn = (kernel: Kernel, rows: number, seed = 1): Samples<Float64Array> => {
  const random = generator(seed)
  const actions = Float64Array.from({ length: kernel.actions * rows }, () => 4 * random.uniform() - 2)
  const data = new Float64Array(kernel.latents * rows)
  const past = Float64Array.from({ length: kernel.lags * kernel.latents * rows }, () => random.normal())
  kernelSampler(kernel)(rows, past, actions, random, data)
  return { data, shape: [rows, kernel.latents] }
}

export const noise = (rows: number, columns: number, seed = 2): Samples<Float64Array> => {
  const random = generator(seed)
  return {
    data: Float64Array.from({ length: rows * columns }, () => random.normal()),
    shape: [rows, columns]
  }
}

/** ẑ = W z: one row of weights for each learned latent. */
export const mixed = (
  { data, shape: [rows, d] }: Samples,
  weights: ReadonlyArray<ReadonlyArray<number>>
): Samples<Float64Array> => {
  const k = weights.length
  const out = new Float64Array(rows * k)
  for (let r = 0; r < rows; r++) {
    weights.forEach((row, j) => {
      out[r * k + j] = row.reduce((sum, weight, i) => sum + weight * data[r * d + i], 0)
    })
  }
  return { data: out, shape: [rows, k] }
}
