/** The normal equations of a decoder at one observation, and what decoding leaves of it. */
import type { Reals } from '@mechid/values'

/** Added to JᵀJ, relative to its mean diagonal, so that directions that decode alike stay where they are. */
const DAMPING = 1e-4

const MOST_CHUNK_ROWS = 4096
/** Numbers of Jacobians that are held at once. */
const CHUNK_NUMBERS = 2 ** 26

/** So many rows of `size` numbers as come to at most `numbers`: one at least, `most` at most. */
export const rowsHolding = (numbers: number, size: number, most: number): number =>
  Math.max(1, Math.min(most, Math.floor(numbers / size)))

/** Rows that are worked on at a time, of Jacobians [d, features]. */
export const chunkRows = (d: number, features: number): number =>
  rowsHolding(CHUNK_NUMBERS, d * features, MOST_CHUNK_ROWS)

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
