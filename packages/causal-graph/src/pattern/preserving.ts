/** Membership of matrices in the group of graph-preserving maps. */
import { invalidOption, notFinite, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { GraphError } from '../errors.js'
import { get } from '../matrices/binary-matrix.js'
import { squareBits, type TableSource } from '../matrices/edge-table.js'

/** An entry that the pattern forbids. */
export interface Violation {
  readonly row: number
  readonly column: number
  readonly value: number
}

/**
 * The entries of a d × d matrix C that the pattern forbids: `|C_ij| > tolerance` where the pattern is 0. The tolerance is
 * absolute, in the units of C.
 *
 * Errors: `NotBinary`, `ShapeMismatch` (a pattern that is not square, C of another size), `NotFinite` (an entry),
 * `InvalidOption` (a negative tolerance).
 */
export const violations = (
  C: ReadonlyArray<ReadonlyArray<number>>,
  pattern: TableSource,
  tolerance: number
): E.Either<GraphError, Violation[]> => {
  const where = 'violations'
  if (!(tolerance >= 0)) return E.left(invalidOption(where, 'tolerance', tolerance, 'a number of at least 0'))
  const sound = squareBits(where, 'the pattern', pattern)
  if (E.isLeft(sound)) return sound
  const allowed = sound.right
  const size = allowed.rows
  if (C.length !== size) return E.left(shapeMismatch(where, 'the number of rows', C.length, String(size)))
  const found: Violation[] = []
  for (let row = 0; row < C.length; row++) {
    if (C[row].length !== size)
      return E.left(shapeMismatch(where, `the length of row ${row}`, C[row].length, String(size)))
    for (let column = 0; column < size; column++) {
      const value = C[row][column]
      if (!Number.isFinite(value)) return E.left(notFinite(where, 'the matrix', value, { row, column }))
      if (Math.abs(value) > tolerance && !get(allowed, row, column)) found.push({ row, column, value })
    }
  }
  return E.right(found)
}

/**
 * Whether C preserves the graph of this pattern: `|C_ij| ≤ tolerance` (absolute) wherever the pattern is 0 ([MS]
 * section 2).
 *
 * When to use it: for a linear map between true and learned latents. For any other map use `isPreservingMap`.
 *
 * Errors: as `violations`.
 *
 * @example
 * isPreserving([[2, 0], [1, 3]], graphPattern(graph), 1e-9)
 */
export const isPreserving = (
  C: ReadonlyArray<ReadonlyArray<number>>,
  pattern: TableSource,
  tolerance: number
): E.Either<GraphError, boolean> =>
  E.map((found: Violation[]) => found.length === 0)(violations(C, pattern, tolerance))
