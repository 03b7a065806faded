/** Null spaces by the gap in the ladder of singular values. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { columnsOf, type Dense } from '../dense.js'
import type { Undecided } from '../errors.js'
import { rightSvd } from '../spectra/singular-values.js'
import { decideRank, type RankDecision, roundingLevel } from './rank-decision.js'

/** A null space, and how sure its dimension is. */
export interface NullSpace {
  /** columns × nullity, orthonormal columns. */
  readonly basis: Dense
  readonly decision: RankDecision
}

/**
 * The null space of an operator whose natural scale is 1 (its parts scaled to Frobenius norm 1): the noise floor
 * is absolute, for an operator that is zero up to rounding has no scale of its own.
 *
 * Errors: `Undecided`.
 *
 * @example
 * nullSpace('example', ofRows([[1, 1]])) // basis (1, −1)/√2
 */
export const nullSpace = (where: string, a: Dense, tolerance = 0): E.Either<Undecided, NullSpace> => {
  const [rows, columns] = a.shape
  const { values, vectors } = rightSvd(a)
  return pipe(
    decideRank(where, values, Math.max(tolerance, roundingLevel(rows, columns))),
    E.map((decision) => ({ basis: columnsOf(vectors, columns - decision.nullity, columns), decision }))
  )
}
