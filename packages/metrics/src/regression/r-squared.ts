/** The share of a variable's variance that predictions explain, and the scores made of it. */

import type { Samples } from '@mechid/values'
import { isConstant } from '../internal/covariance.js'

export interface RegressionScore {
  /** Mean over true latents of √R², in [0, 1]. */
  readonly value: number
  readonly perLatent: ReadonlyArray<number>
}

/** √R² per latent and its mean. */
export const scoreOf = (rSquared: ReadonlyArray<number>): RegressionScore => {
  // Rounding, or a fit that is worse than the mean on held-out rows, can make R² negative.
  const perLatent = rSquared.map((r) => Math.sqrt(Math.max(0, Math.min(1, r))))
  return { value: perLatent.reduce((sum, r) => sum + r, 0) / perLatent.length, perLatent }
}

/**
 * R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)² of one column of `truth` [rows, columns] against `predicted` [rows]; at most 1,
 * and 0 for a constant column, of which there is nothing to explain.
 */
export const rSquaredOf = ({ data, shape }: Samples, column: number, predicted: Float64Array): number => {
  const [rows, columns] = shape
  let mean = 0
  for (let i = 0; i < rows; i++) mean += data[i * columns + column]
  mean /= rows
  let [error, total] = [0, 0]
  for (let i = 0; i < rows; i++) {
    const y = data[i * columns + column]
    error += (y - predicted[i]) ** 2
    total += (y - mean) ** 2
  }
  return isConstant(total, mean, rows) ? 0 : 1 - error / total
}
