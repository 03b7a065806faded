/** Null spaces by the ladder of singular values. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { columnsOf, type Dense } from '../dense.js'
import type { Undecided } from '../errors.js'
import { rightSvd } from '../spectra/singular-values.js'
import { decideRank, type RankDecision, type RankRule, roundingLevel } from './rank-decision.js'

/** A null space, and how sure its dimension is. */
export interface NullSpace {
  /** columns × nullity, orthonormal columns. */
  readonly basis: Dense
  readonly decision: RankDecision
}

/**
 * The null space of an operator whose natural scale is 1: the noise floor is absolute, for an operator that is zero up to
 * rounding has no scale of its own. `floor`: where rounding is more than `roundingLevel` says.
 *
 * Errors: `Undecided`.
 *
 * @example
 * nullSpace('example', ofRows([[1, 1]])) // basis (1, −1)/√2
 */
export const nullSpace = (
  where: string,
  a: Dense,
  { floor = 0, tolerance = 0 }: Partial<RankRule> = {}
): E.Either<Undecided, NullSpace> => {
  const [rows, columns] = a.shape
  const { values, vectors } = rightSvd(a)
  return pipe(
    decideRank(where, values, { floor: Math.max(floor, roundingLevel(rows, columns)), tolerance }),
    E.map((decision) => ({ basis: columnsOf(vectors, columns - decision.nullity, columns), decision }))
  )
}
