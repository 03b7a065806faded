/** The group of invertible graph-preserving matrices. */
import { type Dense, identityMatrix, inverse, multiply, ofRows, toRows, zeros } from '@mechid/numerics'
import type { Generator } from '@mechid/random'
import { type EdgeTable, invalidOption, orThrow } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { Eq } from 'fp-ts/lib/Eq.js'
import type { Group } from 'fp-ts/lib/Group.js'
import type { Show } from 'fp-ts/lib/Show.js'
import { type GraphError, notPreserving } from '../errors.js'
import { type BinaryMatrix, eqBinaryMatrix, rowSupport } from '../matrices/binary-matrix.js'
import { equalTables, squareBits } from '../matrices/edge-table.js'
import { blocksOf, closureOf } from '../pattern/blocks.js'
import { violations } from '../pattern/preserving.js'

/**
 * An invertible matrix C, d × d, with `C_ij ≠ 0 ⇒ pattern_ij = 1` ([MS] section 2). Entries outside the pattern
 * are exactly 0, so that products and inverses stay in the group without a tolerance.
 */
export interface PreservingMatrix {
  readonly pattern: EdgeTable
  readonly matrix: Dense
}

/** A pattern is a preorder: only then are products and inverses within it again. */
export const checkPattern = (where: string, pattern: EdgeTable): E.Either<GraphError, BinaryMatrix> =>
  E.filterOrElse(
    (bits: BinaryMatrix) => eqBinaryMatrix.equals(bits, closureOf(bits)),
    (): GraphError =>
      invalidOption(
        where,
        'the pattern',
        'not a preorder',
        'reflexive and transitive, as graphPattern answers it'
      )
  )(squareBits(where, 'the pattern', pattern))

/**
 * Reads a member of the group; no entry outside the pattern may differ from 0.
 *
 * Errors: `NotBinary`, `ShapeMismatch`, `InvalidOption` (a pattern that is no preorder), `NotFinite`, `NotPreserving`,
 * `NotInvertible` (a pivot below 1e−13 of the largest entry).
 *
 * @example
 * preservingMatrix([[2, 0], [1, 3]], [[1, 0], [1, 1]])
 */
export const preservingMatrix = (
  C: ReadonlyArray<ReadonlyArray<number>>,
  pattern: EdgeTable
): E.Either<GraphError, PreservingMatrix> => {
  const where = 'preservingMatrix'
  const sound = checkPattern(where, pattern)
  if (E.isLeft(sound)) return sound
  const outside = violations(C, pattern, 0)
  if (E.isLeft(outside)) return outside
  const [first] = outside.right
  if (first !== undefined)
    return E.left(
      notPreserving(where, `entry [${first.row}][${first.column}]`, first.row, first.column, first.value)
    )
  const matrix = ofRows(C)
  return E.map(() => ({ pattern, matrix }))(inverse(where, matrix))
}

/** Plain rows. */
export const preservingRows = (C: PreservingMatrix): number[][] => toRows(C.matrix)

const within = (pattern: EdgeTable, matrix: Dense): Dense => {
  const [rows, columns] = matrix.shape
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) if (pattern[i][j] === 0) matrix.data[i * columns + j] = 0
  return matrix
}

/** Shuffles each block's rows: a permutation within mutually entangled latents preserves the pattern. */
const shuffled = (random: Generator, pattern: BinaryMatrix): Int32Array => {
  const row = Int32Array.from({ length: pattern.rows }, (_, i) => i)
  for (const block of blocksOf(pattern)) {
    const order = random.permutation(block.length)
    block.forEach((i, b) => {
      row[i] = block[order[b]]
    })
  }
  return row
}

/**
 * A random member: within each row a dominant entry of size 1 to 2, at a random place of the row's block, and
 * others that sum to less than 0.9 of it; hence invertible, and of small condition. Advances `random`.
 *
 * Errors: `NotBinary`, `ShapeMismatch`, `InvalidOption` (a pattern that is no preorder).
 */
export const randomPreservingMatrix = (
  random: Generator,
  pattern: EdgeTable
): E.Either<GraphError, PreservingMatrix> =>
  E.map((p: BinaryMatrix) => {
    const d = p.rows
    const place = shuffled(random, p)
    const matrix = zeros(d, d)
    for (let i = 0; i < d; i++) {
      const support = rowSupport(p, i)
      const main = (1 + random.uniform()) * (random.uniform() < 0.5 ? -1 : 1)
      for (const j of support)
        matrix.data[i * d + j] =
          j === place[i]
            ? main
            : ((2 * random.uniform() - 1) * 0.9 * Math.abs(main)) / Math.max(1, support.length - 1)
    }
    return { pattern, matrix }
  })(checkPattern('randomPreservingMatrix', pattern))

// Instances

/**
 * The group of invertible matrices within one pattern. Laws, up to rounding: associativity, `empty` is neutral,
 * `concat(C, inverse(C)) = empty`. Members of another pattern are a programming error.
 *
 * Errors: `NotBinary`, `ShapeMismatch`, `InvalidOption` (a pattern that is no preorder).
 */
export const getPreservingGroup = (pattern: EdgeTable): E.Either<GraphError, Group<PreservingMatrix>> =>
  E.map(
    (): Group<PreservingMatrix> => ({
      concat: (a, b) => ({ pattern, matrix: within(pattern, multiply(a.matrix, b.matrix)) }),
      empty: { pattern, matrix: identityMatrix(pattern.length) },
      inverse: (a) => ({
        pattern,
        matrix: within(pattern, orThrow(inverse('getPreservingGroup', a.matrix)))
      })
    })
  )(checkPattern('getPreservingGroup', pattern))

/** Equal patterns, and entries that differ by at most `tolerance`. An equivalence for tolerance 0 alone. */
export const getEqPreservingMatrix = (tolerance: number): Eq<PreservingMatrix> => ({
  equals: (a, b) =>
    equalTables(a.pattern, b.pattern) &&
    a.matrix.data.every((x, at) => Math.abs(x - b.matrix.data[at]) <= tolerance)
})

/** One line a row, four significant digits. */
export const showPreservingMatrix: Show<PreservingMatrix> = {
  show: (C) =>
    preservingRows(C)
      .map((row) => row.map((x) => Number(x.toPrecision(4))).join(' '))
      .join('\n')
}
