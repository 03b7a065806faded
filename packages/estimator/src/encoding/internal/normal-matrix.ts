/** The normal equations of a decoder at one observation, and what decoding leaves of it. */
import type { Reals } from '@mechid/values'

/** Added to JᵀJ, relative to its mean diagonal, so that directions that decode alike stay where they are. */
const DAMPING = 1e-4

/** Rows that are worked on at a time. */
export const CHUNK_ROWS = 4096

/** JᵀJ of row `row` of `jacobian` [n, d, features], damped, into `out` [d, d]. */
export const normalMatrix = (
  jacobian: Float32Array,
  row: number,
  d: number,
  features: number,
  out: Float64Array
): void => {
  const at = row * d * features
  let trace = 0
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let f = 0; f < features; f++)
        sum += jacobian[at + i * features + f] * jacobian[at + j * features + f]
      out[i * d + j] = sum
      if (i === j) trace += sum
    }
  }
  for (let i = 0; i < d; i++) out[i * d + i] += (DAMPING * trace) / d
}

/** |x − value|² of each row of `value` [n, features]; `x` from number `from` on. */
export const squaredErrors = (
  x: Reals,
  from: number,
  value: Float32Array,
  features: number
): Float64Array => {
  const n = value.length / features
  const out = new Float64Array(n)
  for (let r = 0; r < n; r++) {
    for (let f = 0; f < features; f++) out[r] += (x[from + r * features + f] - value[r * features + f]) ** 2
  }
  return out
}
