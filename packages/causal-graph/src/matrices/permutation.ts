/** Permutations, and how they relabel matrices. */
import { checkPermutation, type EdgeTable, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { Eq } from 'fp-ts/lib/Eq.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Group } from 'fp-ts/lib/Group.js'
import type { Show } from 'fp-ts/lib/Show.js'
import type { GraphError } from '../errors.js'
import { type BinaryMatrix, binaryRows, blank, rowSupport, setBit } from './binary-matrix.js'
import { bitsOfTable, type TableSource } from './edge-table.js'

/** A bijection π of 0..n−1; `image[i]` is π(i). */
export interface Permutation {
  readonly image: Int32Array
}

/**
 * Reads the list π(0), π(1), ….
 *
 * Errors: `ShapeMismatch` (no entry); `NotPermutation` at the first entry that is no integer in range or stands twice.
 *
 * @example
 * toPermutation([2, 0, 1])
 */
export const toPermutation = (image: ArrayLike<number>): E.Either<GraphError, Permutation> => {
  const size = image.length
  if (size === 0) return E.left(shapeMismatch('toPermutation', 'the list', 'empty', 'at least one entry'))
  return pipe(
    checkPermutation('toPermutation', image),
    E.map(() => ({ image: Int32Array.from(image) }))
  )
}

export const identityPermutation = (size: number): Permutation => ({
  image: Int32Array.from({ length: size }, (_, i) => i)
})

/** First `g`, then `f`: `(f ∘ g)(i) = f(g(i))`; both of one size. */
export const composePermutations = (f: Permutation, g: Permutation): Permutation => ({
  image: g.image.map((i) => f.image[i])
})

export const inversePermutation = (p: Permutation): Permutation => {
  const image = new Int32Array(p.image.length)
  for (let i = 0; i < image.length; i++) image[p.image[i]] = i
  return { image }
}

/** `permuteRows` of bit sets, as many rows as the permutation has places. */
export const permutedRows = (p: Permutation, m: BinaryMatrix): BinaryMatrix => {
  const out = blank(m.rows, m.columns)
  for (let i = 0; i < m.rows; i++)
    out.words.set(m.words.subarray(i * m.stride, (i + 1) * m.stride), p.image[i] * m.stride)
  return out
}

/** `permuteRowsAndColumns` of bit sets, as many rows as the permutation has places, and columns a multiple of it. */
export const permutedRowsAndColumns = (p: Permutation, m: BinaryMatrix): BinaryMatrix => {
  const size = p.image.length
  const out = blank(m.rows, m.columns)
  for (let i = 0; i < size; i++)
    for (const j of rowSupport(m, i)) setBit(out, p.image[i], j - (j % size) + p.image[j % size])
  return out
}

const fitting = (where: string, p: Permutation, table: TableSource): E.Either<GraphError, BinaryMatrix> =>
  pipe(
    bitsOfTable(table, where),
    E.filterOrElse(
      ({ rows }) => rows === p.image.length,
      ({ rows }): GraphError =>
        shapeMismatch(where, 'the number of rows', rows, `${p.image.length}, the permutation's size`)
    )
  )

/**
 * Row i of the table becomes row π(i): how a relabelling of latents acts on Ga. Errors: `NotBinary`, `ShapeMismatch`.
 *
 * @example
 * permuteRows(orThrow(toPermutation([1, 0])), [[1, 0, 0], [0, 1, 1]]) // E.right([[0, 1, 1], [1, 0, 0]])
 */
export const permuteRows = (p: Permutation, table: TableSource): E.Either<GraphError, EdgeTable> =>
  E.map((m: BinaryMatrix): EdgeTable => binaryRows(permutedRows(p, m)))(fitting('permuteRows', p, table))

/**
 * Entry (i, j) of the table becomes entry (π(i), π(j)): how a relabelling of latents acts on Gz. With d · lags columns
 * each lag's d columns are permuted alike. Errors: `NotBinary`, `ShapeMismatch`.
 */
export const permuteRowsAndColumns = (
  p: Permutation,
  table: TableSource
): E.Either<GraphError, EdgeTable> => {
  const [where, size] = ['permuteRowsAndColumns', p.image.length]
  return pipe(
    fitting(where, p, table),
    E.filterOrElse(
      ({ columns }) => columns % size === 0,
      ({ columns }): GraphError =>
        shapeMismatch(where, 'the number of columns', columns, `a multiple of ${size}`)
    ),
    E.map((m): EdgeTable => binaryRows(permutedRowsAndColumns(p, m)))
  )
}

// Instances

export const eqPermutation: Eq<Permutation> = {
  equals: (p, q) => p.image.length === q.image.length && p.image.every((to, i) => to === q.image[i])
}

/** The list π(0), π(1), …: `[2, 0, 1]`. */
export const showPermutation: Show<Permutation> = { show: (p) => `[${Array.from(p.image).join(', ')}]` }

/**
 * The symmetric group on 0..size−1. Laws: associativity, `concat(p, empty) = p`, `concat(p, inverse(p)) = empty`;
 * and `permuteRows(concat(p, q), m)` is `permuteRows(p, ·)` of `permuteRows(q, m)`.
 */
export const getPermutationGroup = (size: number): Group<Permutation> => ({
  concat: composePermutations,
  empty: identityPermutation(size),
  inverse: inversePermutation
})
