/** Permutations, and how they relabel matrices. */
import { shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { Eq } from 'fp-ts/lib/Eq.js'
import type { Group } from 'fp-ts/lib/Group.js'
import type { Show } from 'fp-ts/lib/Show.js'
import { type BinaryMatrix, blank, rowSupport, setBit } from './binary-matrix.js'
import { type GraphError, notPermutation } from './errors.js'

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
  const seen = new Uint8Array(size)
  for (let position = 0; position < size; position++) {
    const to = image[position]
    const outside = !Number.isInteger(to) || to < 0 || to >= size
    if (outside || seen[to] === 1)
      return E.left(notPermutation('toPermutation', size, position, to, outside ? 'outside' : 'repeated'))
    seen[to] = 1
  }
  return E.right({ image: Int32Array.from(image) })
}

export const identityPermutation = (size: number): Permutation => ({
  image: Int32Array.from({ length: size }, (_, i) => i)
})

/** First `g`, then `f`: `(f ∘ g)(i) = f(g(i))`; both of one size. */
export const composePermutations = (f: Permutation, g: Permutation): Permutation => ({
  image: g.image.map((i) => f.image[i])
})

export const inverse = (p: Permutation): Permutation => {
  const image = new Int32Array(p.image.length)
  for (let i = 0; i < image.length; i++) image[p.image[i]] = i
  return { image }
}

const fits = (where: string, p: Permutation, what: string, actual: number): E.Either<GraphError, number> =>
  actual === p.image.length
    ? E.right(actual)
    : E.left(shapeMismatch(where, what, actual, `${p.image.length}, the permutation's size`))

/** Row i of `m` becomes row π(i): how a relabelling of latents acts on Ga. Error: `ShapeMismatch`. */
export const permuteRows = (p: Permutation, m: BinaryMatrix): E.Either<GraphError, BinaryMatrix> =>
  E.map(() => {
    const out = blank(m.rows, m.columns)
    for (let i = 0; i < m.rows; i++)
      out.words.set(m.words.subarray(i * m.stride, (i + 1) * m.stride), p.image[i] * m.stride)
    return out
  })(fits('permuteRows', p, 'the number of rows', m.rows))

/**
 * Entry (i, j) of `m` becomes entry (π(i), π(j)): how a relabelling of latents acts on Gz. With d · lags columns
 * each lag's d columns are permuted alike. Error: `ShapeMismatch`.
 */
export const permuteRowsAndColumns = (
  p: Permutation,
  m: BinaryMatrix
): E.Either<GraphError, BinaryMatrix> => {
  const size = p.image.length
  if (m.rows === size && m.columns % size !== 0)
    return E.left(
      shapeMismatch('permuteRowsAndColumns', 'the number of columns', m.columns, `a multiple of ${size}`)
    )
  return E.map(() => {
    const out = blank(m.rows, m.columns)
    for (let i = 0; i < size; i++)
      for (const j of rowSupport(m, i)) setBit(out, p.image[i], j - (j % size) + p.image[j % size])
    return out
  })(fits('permuteRowsAndColumns', p, 'the number of rows', m.rows))
}

// Instances

export const eqPermutation: Eq<Permutation> = {
  equals: (p, q) => p.image.length === q.image.length && p.image.every((to, i) => to === q.image[i])
}

/** The list π(0), π(1), …: `[2, 0, 1]`. */
export const showPermutation: Show<Permutation> = { show: (p) => `[${Array.from(p.image).join(', ')}]` }

/**
 * The symmetric group on 0..size−1. Laws: associativity, `concat(p, empty) = p`, `concat(p, inverse(p)) = empty`;
 * and `permuteRows(concat(p, q), m) = permuteRows(p, permuteRows(q, m))`.
 */
export const getPermutationGroup = (size: number): Group<Permutation> => ({
  concat: composePermutations,
  empty: identityPermutation(size),
  inverse
})
