/** General linear, orthogonal and affine groups over the reals. */
import {
  combine,
  type Dense,
  identityMatrix,
  inverse,
  invertibility,
  multiply,
  type Rows,
  scaled,
  squareFromRows,
  timesVector,
  toRows,
  transposed,
  vectorOf
} from '@mechid/numerics'
import * as E from 'fp-ts/lib/Either.js'
import type { Eq } from 'fp-ts/lib/Eq.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Group } from 'fp-ts/lib/Group.js'
import type { Show } from 'fp-ts/lib/Show.js'
import { notInGroup, type Result, singular } from '../errors.js'

/** A matrix with its inverse, so that inverting costs nothing and errors do not pile up. */
export interface InvertibleMatrix {
  /** n × n */
  readonly matrix: Dense
  readonly inverse: Dense
}

/** A smaller σ_min / σ_max counts as singular. */
export const LEAST_RATIO = 1e-12

/** A square matrix that can be inverted: σ_min / σ_max above `least`. */
export const invertible = (
  where: string,
  what: string,
  rows: Rows,
  least = LEAST_RATIO
): Result<InvertibleMatrix> =>
  pipe(
    squareFromRows(where, what, rows),
    E.flatMap((matrix) => {
      const ratio = invertibility(matrix)
      // How far from singular it has to be, singular values say; the inverse need only exist.
      return ratio > least
        ? E.map((back: Dense) => ({ matrix, inverse: back }))(inverse(where, matrix, 0))
        : E.left(singular(where, what, ratio))
    })
  )

/**
 * An element of GL_n(R) from n rows of n numbers.
 *
 * Errors: `ShapeMismatch`, `NotFinite`, `NotInvertible`.
 *
 * @example
 * invertibleMatrix([[2, 0], [0, 1]])
 */
export const invertibleMatrix = (rows: Rows): Result<InvertibleMatrix> =>
  invertible('invertibleMatrix', 'the matrix', rows)

/** Matrix multiplication; all elements n × n. Laws: fp-ts `Group`, up to rounding. */
export const getGeneralLinearGroup = (n: number): Group<InvertibleMatrix> => ({
  concat: (a, b) => ({ matrix: multiply(a.matrix, b.matrix), inverse: multiply(b.inverse, a.inverse) }),
  empty: { matrix: identityMatrix(n), inverse: identityMatrix(n) },
  inverse: ({ matrix, inverse }) => ({ matrix: inverse, inverse: matrix })
})

/** An element of O(n): its transpose is its inverse. */
export interface OrthogonalMatrix {
  readonly matrix: Dense
}

const largest = (values: Float64Array): number => values.reduce((most, x) => Math.max(most, Math.abs(x)), 0)

/**
 * An element of O(n): no entry of QᵀQ − I above `tolerance` (1e-9).
 *
 * Errors: `ShapeMismatch`, `NotFinite`, `NotInGroup`.
 *
 * @example
 * orthogonalMatrix([[0, -1], [1, 0]])
 */
export const orthogonalMatrix = (rows: Rows, tolerance = 1e-9): Result<OrthogonalMatrix> => {
  const where = 'orthogonalMatrix'
  return pipe(
    squareFromRows(where, 'the matrix', rows),
    E.flatMap((matrix) => {
      const rest = combine(1, multiply(transposed(matrix), matrix), -1, identityMatrix(rows.length))
      const off = largest(rest.data)
      if (off <= tolerance) return E.right({ matrix })
      const actual = `${off.toPrecision(3)} away from it`
      return E.left(notInGroup(where, 'QᵀQ', actual, 'the identity'))
    })
  )
}

/** Laws: fp-ts `Group`, up to rounding. */
export const getOrthogonalGroup = (n: number): Group<OrthogonalMatrix> => ({
  concat: (a, b) => ({ matrix: multiply(a.matrix, b.matrix) }),
  empty: { matrix: identityMatrix(n) },
  inverse: ({ matrix }) => ({ matrix: transposed(matrix) })
})

/** z ↦ A z + c with A invertible. */
export interface AffineElement {
  readonly linear: InvertibleMatrix
  readonly shift: Float64Array
}

/**
 * An element of the affine group from n rows of n numbers and n numbers.
 *
 * Errors: `ShapeMismatch`, `NotFinite`, `NotInvertible`.
 *
 * @example
 * affineElement([[2]], [1]) // right: z ↦ 2z + 1
 */
export const affineElement = (matrix: Rows, shift: ReadonlyArray<number>): Result<AffineElement> => {
  const where = 'affineElement'
  return pipe(
    invertible(where, 'the matrix', matrix),
    E.bindTo('linear'),
    E.bindW('shift', () => vectorOf(where, 'the shift', shift, matrix.length))
  )
}

const sum = (a: Float64Array, b: Float64Array): Float64Array => a.map((x, i) => x + b[i])

/** Composition: first `b`, then `a`. Laws: fp-ts `Group`, up to rounding. */
export const getAffineGroup = (n: number): Group<AffineElement> => {
  const linear = getGeneralLinearGroup(n)
  return {
    concat: (a, b) => ({
      linear: linear.concat(a.linear, b.linear),
      shift: sum(timesVector(a.linear.matrix, b.shift), a.shift)
    }),
    empty: { linear: linear.empty, shift: new Float64Array(n) },
    inverse: (a) => ({
      linear: linear.inverse(a.linear),
      shift: timesVector(scaled(-1, a.linear.inverse), a.shift)
    })
  }
}

const close = (a: Float64Array, b: Float64Array, tolerance: number): boolean =>
  a.length === b.length && a.every((x, i) => Math.abs(x - b[i]) <= tolerance)

/** Entry by entry within `tolerance`: no equivalence in the strict sense, as ever with rounded numbers. */
export const getEqMatrix = (tolerance: number): Eq<{ readonly matrix: Dense }> => ({
  equals: (a, b) => a.matrix.shape[1] === b.matrix.shape[1] && close(a.matrix.data, b.matrix.data, tolerance)
})

/** As `getEqMatrix`, shifts too. */
export const getEqAffineElement = (tolerance: number): Eq<AffineElement> => {
  const linear = getEqMatrix(tolerance)
  return { equals: (a, b) => linear.equals(a.linear, b.linear) && close(a.shift, b.shift, tolerance) }
}

/** Rows, four digits. */
export const showMatrix: Show<{ readonly matrix: Dense }> = {
  show: ({ matrix }) =>
    `[${toRows(matrix)
      .map((row) => `[${row.map((x) => String(Number(x.toPrecision(4)))).join(', ')}]`)
      .join(', ')}]`
}
