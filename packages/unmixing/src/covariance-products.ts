/** Products of small square matrices, row-major, with which covariances go through a chart. */

/** Keeps variances away from 0, in squared units of latents. */
export const LEAST_VARIANCE = 1e-6

/** out = a b. */
export const product = (a: Float64Array, b: Float64Array, d: number, out: Float64Array): void => {
  for (let i = 0; i < d; i++) {
    const row = i * d
    for (let j = 0; j < d; j++) out[row + j] = 0
    for (let k = 0; k < d; k++) {
      const w = a[row + k]
      if (w === 0) continue
      const other = k * d
      for (let j = 0; j < d; j++) out[row + j] += w * b[other + j]
    }
  }
}

/** The same for the covariance that starts at `at`. */
export const timesNoise = (
  a: Float64Array,
  noise: Float32Array,
  at: number,
  d: number,
  out: Float64Array
): void => {
  for (let i = 0; i < d; i++) {
    const row = i * d
    for (let j = 0; j < d; j++) out[row + j] = 0
    for (let k = 0; k < d; k++) {
      const w = a[row + k]
      const other = at + k * d
      for (let j = 0; j < d; j++) out[row + j] += w * noise[other + j]
    }
  }
}

/** out += a bᵀ, lower triangle. */
export const addOuter = (a: Float64Array, b: Float64Array, d: number, out: Float64Array): void => {
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let k = 0; k < d; k++) sum += a[i * d + k] * b[j * d + k]
      out[i * d + j] += sum
    }
  }
}
