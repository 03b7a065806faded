/** Linear-Gaussian kernels in closed form: which affine fields leave z' ~ N(Mz + b, Σ) as it is. */
import {
  combine,
  type Dense,
  frobenius,
  multiply,
  type Rows,
  scaled,
  squareFromRows,
  symmetricEigen,
  transposed,
  zeros
} from '@mechid/numerics'
import { invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type Result, singular, sizeMismatch } from '../errors.js'
import { LEAST_RATIO } from '../groups/matrix-groups.js'
import { orthonormal } from './cluster-commutant.js'
import {
  type AffineCommutant,
  type AffineField,
  type AffineMap,
  affineCommutant,
  type CommutantOptions
} from './commutant.js'
import { restricted } from './commutator.js'

/** z' ~ N(matrix · z + shift, covariance). */
export interface LinearGaussian extends AffineMap {
  /** d × d, symmetric and positive definite. */
  readonly covariance: Rows
}

/**
 * A covariance matrix of norm 1 from rows.
 *
 * Errors: `ShapeMismatch`, `NotFinite`, `InvalidOption` (not symmetric), `NotInvertible`.
 */
export const covarianceFromRows = (where: string, what: string, rows: Rows, size: number): Result<Dense> =>
  pipe(
    squareFromRows(where, what, rows),
    E.flatMap((read): Result<Dense> => {
      if (rows.length !== size) return E.left(sizeMismatch(where, `the size of ${what}`, size, rows.length))
      const unit = scaled(1 / Math.max(frobenius(read), 1e-300), read)
      if (frobenius(combine(1, unit, -1, transposed(unit))) > 1e-12)
        return E.left(invalidOption(where, what, 'not symmetric', 'a symmetric matrix'))
      const { values } = symmetricEigen(unit)
      const ratio = values[0] / values[size - 1]
      return ratio > LEAST_RATIO ? E.right(unit) : E.left(singular(where, what, Math.max(0, ratio)))
    })
  )

/** [A | c / s], d × (d + 1). */
export const beside = ({ matrix, shift }: AffineField, s: number): Dense => {
  const d = shift.length
  const out = zeros(d, d + 1)
  for (let i = 0; i < d; i++) {
    out.data.set(matrix.data.subarray(i * d, (i + 1) * d), i * (d + 1))
    out.data[i * (d + 1) + d] = shift[i] / s
  }
  return out
}

export const apart = (joined: Dense, s: number): AffineField => {
  const d = joined.shape[0]
  const matrix = zeros(d, d)
  const shift = new Float64Array(d)
  for (let i = 0; i < d; i++) {
    matrix.data.set(joined.data.subarray(i * (d + 1), i * (d + 1) + d), i * d)
    shift[i] = s * joined.data[i * (d + 1) + d]
  }
  return { matrix, shift }
}

export const longestShift = (maps: ReadonlyArray<{ readonly shift?: Iterable<number> }>): number =>
  maps.reduce((most, { shift }) => Math.max(most, Math.hypot(...(shift ?? []))), 0)

/** BΣ + ΣBᵀ for each covariance, one after the other. */
const moved = (joined: Dense, covariances: ReadonlyArray<Dense>): Float64Array => {
  const { matrix } = apart(joined, 1)
  const size = matrix.data.length
  const out = new Float64Array(size * covariances.length)
  for (const [k, covariance] of covariances.entries()) {
    const half = multiply(matrix, covariance)
    out.set(combine(1, half, 1, transposed(half)).data, k * size)
  }
  return out
}

const readCovariances = (where: string, kernels: ReadonlyArray<LinearGaussian>): Result<Dense[]> => {
  const read: Dense[] = []
  for (const [k, { covariance, matrix }] of kernels.entries()) {
    const one = covarianceFromRows(where, `the covariance of kernel ${k}`, covariance, matrix.length)
    if (E.isLeft(one)) return one
    read.push(one.right)
  }
  return E.right(read)
}

/**
 * The affine fields z ↦ Bz + c that leave every kernel z' ~ N(Mz + b, Σ) unchanged in distribution:
 * BM = MB, BΣ + ΣBᵀ = 0, (M − I)c = Bb. Nonlinear ones do not exist where M is invertible: the mixed second
 * derivative of the log-density is then constant and invertible, which makes every equivariance affine.
 *
 * Errors: as `affineCommutant`; `InvalidOption` and `NotInvertible` for what is no covariance.
 *
 * @example
 * // A random walk of the plane: two translations and the rotations.
 * linearGaussianFields([{ matrix: [[1, 0], [0, 1]], shift: [0, 0], covariance: [[1, 0], [0, 1]] }]) // right: 3
 */
export const linearGaussianFields = (
  kernels: ReadonlyArray<LinearGaussian>,
  options: CommutantOptions = {}
): Result<AffineCommutant> => {
  const where = 'linearGaussianFields'
  return pipe(
    affineCommutant(kernels, options),
    E.bindTo('means'),
    E.bind('covariances', () => readCovariances(where, kernels)),
    E.flatMap(({ means, covariances }) => {
      if (means.dimension === 0) return E.right(means)
      const unit = longestShift(means.basis) || 1
      const basis = orthonormal(means.basis.map((field) => beside(field, unit)))
      return pipe(
        restricted(where, basis, (joined) => moved(joined, covariances), options.tolerance ?? 0),
        E.map((left) => ({
          size: means.size,
          dimension: left.basis.length,
          basis: left.basis.map((joined) => apart(joined, unit)),
          decision: left.decision
        }))
      )
    })
  )
}
