/** Covariances as they are given, and coordinates in which noise is white. */
import {
  combine,
  type Dense,
  frobenius,
  type Rows,
  scaled,
  squareFromRows,
  symmetricEigen,
  tabulated,
  transposed,
  zeros
} from '@mechid/numerics'
import { invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type Result, singular, sizeMismatch } from '../errors.js'
import { LEAST_RATIO } from '../groups/matrix-groups.js'
import { normalized } from './balancing.js'

/** √Σ_ii: the latents' units by their noise. */
export const deviationsOf = ({ data, shape: [d] }: Dense): Float64Array =>
  Float64Array.from({ length: d }, (_, i) => Math.sqrt(data[i * (d + 1)]))

/** Σ_ij / (σ_i σ_j). */
const correlationsOf = (covariance: Dense): Dense => {
  const s = deviationsOf(covariance)
  const d = s.length
  return tabulated(d, d, (i, j) => covariance.data[i * d + j] / s[i] / s[j])
}

/**
 * A covariance matrix of norm 1 from rows; whether it is one is asked of the correlations, which have no units.
 *
 * Errors: `ShapeMismatch`, `NotFinite`, `InvalidOption` (not symmetric), `NotInvertible`.
 */
export const covarianceFromRows = (where: string, what: string, rows: Rows, size: number): Result<Dense> =>
  pipe(
    squareFromRows(where, what, rows),
    E.flatMap((read): Result<Dense> => {
      if (rows.length !== size) return E.left(sizeMismatch(where, `the size of ${what}`, size, rows.length))
      const unit = normalized(read)
      if (frobenius(combine(1, unit, -1, transposed(unit))) > 1e-12)
        return E.left(invalidOption(where, what, 'not symmetric', 'a symmetric matrix'))
      if (!deviationsOf(unit).every((s) => s > 0)) return E.left(singular(where, what, 0))
      const { values } = symmetricEigen(correlationsOf(unit))
      const ratio = values[0] / values[size - 1]
      return ratio > LEAST_RATIO ? E.right(unit) : E.left(singular(where, what, Math.max(0, ratio)))
    })
  )

/** z = factor · w with noise of w that is white on the whole. */
export interface Whitening {
  /** d × d, lower triangular. */
  readonly factor: Dense
  readonly inverse: Dense
  /** √Σ_ii */
  readonly deviations: Float64Array
  /** What rounding is magnified by: ‖C‖ ‖C⁻¹‖ of the factor C of the correlations. */
  readonly condition: number
  /** Whether coordinates are but scaled. */
  readonly isDiagonal: boolean
}

/** C with C Cᵀ = a, lower triangular, and C⁻¹; a is positive definite. */
const lowerFactor = (a: Dense): { readonly factor: Dense; readonly inverse: Dense } => {
  const n = a.shape[0]
  const [c, back] = [zeros(n, n), zeros(n, n)]
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = a.data[i * n + j]
      for (let l = 0; l < j; l++) sum -= c.data[i * n + l] * c.data[j * n + l]
      c.data[i * n + j] = i === j ? Math.sqrt(sum) : sum / c.data[j * n + j]
    }
  for (let j = 0; j < n; j++)
    for (let i = j; i < n; i++) {
      let sum = i === j ? 1 : 0
      for (let l = j; l < i; l++) sum -= c.data[i * n + l] * back.data[l * n + j]
      back.data[i * n + j] = sum / c.data[i * n + i]
    }
  return { factor: c, inverse: back }
}

/** Geometric mean of variances 1: another unit of a latent rescales all covariances alike. */
const comparable = (covariance: Dense): Dense => {
  const logs = deviationsOf(covariance).map((s) => 2 * Math.log2(s))
  const mean = logs.reduce((sum, x) => sum + x, 0) / logs.length
  return scaled(2 ** -Math.round(mean), covariance)
}

/** By the sum of covariances: no order among kernels, and the same whatever the latents' units are. */
export const whiteningOf = (covariances: ReadonlyArray<Dense>): Whitening => {
  const sum = covariances.map(comparable).reduce((total, covariance) => combine(1, total, 1, covariance))
  const deviations = deviationsOf(sum)
  const { factor, inverse } = lowerFactor(correlationsOf(sum))
  const d = deviations.length
  return {
    factor: tabulated(d, d, (i, j) => deviations[i] * factor.data[i * d + j]),
    inverse: tabulated(d, d, (i, j) => inverse.data[i * d + j] / deviations[j]),
    deviations,
    condition: (frobenius(factor) * frobenius(inverse)) / d,
    isDiagonal: factor.data.every((x, e) => x === 0 || e % (d + 1) === 0)
  }
}
