/** Null spaces by the gap in the ladder of singular values. */

import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Result } from '../errors.js'
import { type Dense, tabulated, zeros } from './dense.js'
import { decideRank, noiseFloor, type RankDecision } from './rank-decision.js'
import { rightSvd } from './singular-values.js'

export interface NullSpace {
  /** columns × nullity, orthonormal columns. */
  readonly basis: Dense
  readonly decision: RankDecision
}

/** Matrices one below the other; all with as many columns. */
export const stacked = (parts: ReadonlyArray<Dense>): Dense => {
  const columns = parts[0].shape[1]
  const out = zeros(
    parts.reduce((sum, part) => sum + part.shape[0], 0),
    columns
  )
  let at = 0
  for (const part of parts) {
    out.data.set(part.data, at)
    at += part.data.length
  }
  return out
}

/** Columns `from` to `to` − 1. */
export const columnsOf = (a: Dense, from: number, to: number): Dense =>
  tabulated(a.shape[0], to - from, (i, k) => a.data[i * a.shape[1] + from + k])

/**
 * The null space of an operator whose natural scale is 1 (mechanisms scaled to Frobenius norm 1): the noise floor
 * is absolute, for an operator that is zero up to rounding has no scale of its own.
 *
 * Errors: `Undecided`.
 *
 * @example
 * nullSpace('example', ofRows([[1, 1]])) // basis (1, −1)/√2
 */
export const nullSpace = (where: string, a: Dense, tolerance = 0): Result<NullSpace> => {
  const [rows, columns] = a.shape
  const { values, vectors } = rightSvd(a)
  return pipe(
    decideRank(where, values, Math.max(tolerance, noiseFloor(rows, columns))),
    E.map((decision) => ({ basis: columnsOf(vectors, columns - decision.nullity, columns), decision }))
  )
}
