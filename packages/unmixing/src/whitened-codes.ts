/** Codes as the search sees them: centred, white in the first frames, in double precision. */
import { symmetricEigen, zeros } from '@mechid/numerics'
import type { Interventions } from './interventions.js'

/** One action column: standardized where it is continuous. */
export interface ActionColumn {
  readonly values: Float64Array
  /** Two values only: its functions are lines. */
  readonly binary: boolean
}

export interface WhitenedCodes {
  readonly rows: number
  readonly latents: number
  /** [rows, d] each, the most recent frame first; none for static data. */
  readonly past: ReadonlyArray<Float64Array>
  /** [rows, d] */
  readonly next: Float64Array
  readonly actions: ReadonlyArray<ActionColumn>
  /** Where the actions are the values of one discrete action. */
  readonly interventions?: Interventions
}

/** u = W (h − centre), W symmetric. */
export interface Whitening {
  readonly centre: Float64Array
  /** [d, d] */
  readonly matrix: Float64Array
  /** Smallest over largest variance of a direction of the codes. */
  readonly condition: number
}

/** The whitening of rows of `codes` [count, d], laid end to end. */
export const whiteningOf = (codes: ArrayLike<number>, count: number, d: number): Whitening => {
  const centre = new Float64Array(d)
  for (let r = 0; r < count; r++) for (let j = 0; j < d; j++) centre[j] += codes[r * d + j] / count
  const covariance = zeros(d, d)
  const away = new Float64Array(d)
  const sums = new Float64Array(d * d)
  for (let r = 0; r < count; r++) {
    for (let j = 0; j < d; j++) away[j] = codes[r * d + j] - centre[j]
    for (let i = 0; i < d; i++) for (let j = 0; j <= i; j++) sums[i * d + j] += away[i] * away[j]
  }
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      covariance.data[i * d + j] = sums[i * d + j] / count
      covariance.data[j * d + i] = sums[i * d + j] / count
    }
  }
  const { values, vectors } = symmetricEigen(covariance)
  const largest = Math.max(...values)
  const matrix = new Float64Array(d * d)
  for (let k = 0; k < d; k++) {
    const scale = 1 / Math.sqrt(Math.max(values[k], 1e-300))
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) {
        matrix[i * d + j] += vectors.data[i * d + k] * scale * vectors.data[j * d + k]
      }
    }
  }
  return { centre, matrix, condition: largest > 0 ? Math.max(Math.min(...values), 0) / largest : 0 }
}

/** W (h − centre) for every row. */
export const whiten = (
  codes: ArrayLike<number>,
  count: number,
  { centre, matrix }: Whitening
): Float64Array => {
  const d = centre.length
  const out = new Float64Array(count * d)
  const away = new Float64Array(d)
  for (let r = 0; r < count; r++) {
    for (let j = 0; j < d; j++) away[j] = codes[r * d + j] - centre[j]
    for (let i = 0; i < d; i++) {
      let sum = 0
      for (let j = 0; j < d; j++) sum += matrix[i * d + j] * away[j]
      out[r * d + i] = sum
    }
  }
  return out
}
