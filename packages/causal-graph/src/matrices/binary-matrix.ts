/** Binary matrices as bit sets: each row is a run of 32-bit words. */
import { type EdgeTable, notBinary, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { Eq } from 'fp-ts/lib/Eq.js'
import type { Show } from 'fp-ts/lib/Show.js'
import type { GraphError } from '../errors.js'

/**
 * A rows × columns matrix of 0 and 1. Entry (i, j) is bit `j % 32` of `words[i · stride + ⌊j / 32⌋]`; the bits
 * beyond the last column are 0. At least one row; there may be no columns. Immutable by convention.
 */
export interface BinaryMatrix {
  readonly rows: number
  readonly columns: number
  /** Words a row. */
  readonly stride: number
  readonly words: Uint32Array
}

/** A matrix of zeros whose words the caller may still write. */
export const blank = (rows: number, columns: number): BinaryMatrix => {
  const stride = (columns + 31) >>> 5
  return { rows, columns, stride, words: new Uint32Array(rows * stride) }
}

export const setBit = (m: BinaryMatrix, row: number, column: number): void => {
  m.words[row * m.stride + (column >>> 5)] |= 1 << (column & 31)
}

export const bitCount = (word: number): number => {
  let x = word - ((word >>> 1) & 0x55555555)
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333)
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

// Constructors

/**
 * Reads plain rows of 0 and 1.
 *
 * Errors: `ShapeMismatch` (no row, ragged rows), `NotBinary` (the first entry at fault).
 *
 * @example
 * binaryMatrix([[1, 0], [1, 1]])
 */
export const binaryMatrix = (
  plain: EdgeTable,
  where = 'binaryMatrix'
): E.Either<GraphError, BinaryMatrix> => {
  if (plain.length === 0) return E.left(shapeMismatch(where, 'the matrix', 'empty', 'at least one row'))
  const m = blank(plain.length, plain[0].length)
  for (let i = 0; i < plain.length; i++) {
    const row = plain[i]
    if (row.length !== m.columns)
      return E.left(shapeMismatch(where, `the length of row ${i}`, row.length, `${m.columns}, as row 0 has`))
    // Word by word, with no branch on what an entry is: every plain graph passes here.
    for (let w = 0, j = 0; w < m.stride; w++) {
      const end = Math.min(j + 32, row.length)
      let word = 0
      for (; j < end; j++) {
        const bit = row[j] & 1
        if (row[j] !== bit) return E.left(notBinary(where, 'entry ', i, j, row[j]))
        word |= bit << (j & 31)
      }
      m.words[i * m.stride + w] = word
    }
  }
  return E.right(m)
}

/** The matrix whose entry (i, j) is 1 where `test(i, j)` holds. */
export const tabulate = (
  rows: number,
  columns: number,
  test: (row: number, column: number) => boolean
): BinaryMatrix => {
  const m = blank(rows, columns)
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) if (test(i, j)) setBit(m, i, j)
  return m
}

/** The n × n identity. */
export const binaryIdentity = (n: number): BinaryMatrix => {
  const m = blank(n, n)
  for (let i = 0; i < n; i++) setBit(m, i, i)
  return m
}

// Reading

/** Plain rows of 0 and 1. */
export const binaryRows = (m: BinaryMatrix): number[][] =>
  Array.from({ length: m.rows }, (_, i) => {
    const row = new Array<number>(m.columns).fill(0)
    for (let w = 0; w < m.stride; w++)
      for (let word = m.words[i * m.stride + w]; word !== 0; word &= word - 1)
        row[(w << 5) + 31 - Math.clz32(word & -word)] = 1
    return row
  })

/** Entry (row, column), both within the matrix. */
export const get = (m: BinaryMatrix, row: number, column: number): boolean =>
  ((m.words[row * m.stride + (column >>> 5)] >>> (column & 31)) & 1) === 1

/** The columns in which a row has 1, ascending. */
export const rowSupport = (m: BinaryMatrix, row: number): number[] => {
  const support: number[] = []
  for (let w = 0; w < m.stride; w++) {
    for (let word = m.words[row * m.stride + w]; word !== 0; word &= word - 1)
      support.push((w << 5) + (31 - Math.clz32(word & -word)))
  }
  return support
}

/** How many entries are 1. */
export const count = (m: BinaryMatrix): number => {
  let total = 0
  for (const word of m.words) total += bitCount(word)
  return total
}

/** Whether row `i` of `m` lies within row `j` of `n` (which has as many columns). */
export const rowIsSubset = (m: BinaryMatrix, i: number, n: BinaryMatrix, j: number): boolean => {
  const a = i * m.stride
  const b = j * n.stride
  for (let w = 0; w < m.stride; w++) if ((m.words[a + w] & ~n.words[b + w]) !== 0) return false
  return true
}

/** Whether column `i` of `m` lies within its column `j`. */
export const columnIsSubset = (m: BinaryMatrix, i: number, j: number): boolean => {
  const { words, stride } = m
  for (let at = 0; at < words.length; at += stride)
    if (((words[at + (i >>> 5)] >>> (i & 31)) & ~(words[at + (j >>> 5)] >>> (j & 31)) & 1) === 1) return false
  return true
}

/** Whether `a ≤ b` entry by entry; matrices of unequal size are not comparable, hence false. */
export const isSubset = (a: BinaryMatrix, b: BinaryMatrix): boolean => {
  if (a.rows !== b.rows || a.columns !== b.columns) return false
  for (let w = 0; w < a.words.length; w++) if ((a.words[w] & ~b.words[w]) !== 0) return false
  return true
}

/** Whether the matrix is square, with 1 on the diagonal and nowhere else. */
export const isIdentity = (m: BinaryMatrix): boolean => {
  if (m.rows !== m.columns || count(m) !== m.rows) return false
  for (let i = 0; i < m.rows; i++) if (!get(m, i, i)) return false
  return true
}

// Combinators

/** `2 × 3`. */
export const dimensions = (m: BinaryMatrix): string => `${m.rows} × ${m.columns}`

const wordwise = (
  where: string,
  a: BinaryMatrix,
  b: BinaryMatrix,
  combine: (x: number, y: number) => number
): E.Either<GraphError, BinaryMatrix> => {
  if (a.rows !== b.rows || a.columns !== b.columns)
    return E.left(shapeMismatch(where, 'the second matrix', dimensions(b), dimensions(a)))
  const words = new Uint32Array(a.words.length)
  for (let w = 0; w < words.length; w++) words[w] = combine(a.words[w], b.words[w])
  return E.right({ ...a, words })
}

/** Entrywise conjunction. Error: `ShapeMismatch`. */
export const and = (a: BinaryMatrix, b: BinaryMatrix): E.Either<GraphError, BinaryMatrix> =>
  wordwise('and', a, b, (x, y) => x & y)

/** Entrywise disjunction. Error: `ShapeMismatch`. */
export const or = (a: BinaryMatrix, b: BinaryMatrix): E.Either<GraphError, BinaryMatrix> =>
  wordwise('or', a, b, (x, y) => x | y)

/**
 * The Boolean product: entry (i, j) is 1 iff `a[i][l] ∧ b[l][j]` for some l. It bounds the support of the
 * product of two real matrices, and the entanglement graph of a composition. Error: `ShapeMismatch`.
 */
export const booleanProduct = (a: BinaryMatrix, b: BinaryMatrix): E.Either<GraphError, BinaryMatrix> => {
  if (a.columns !== b.rows)
    return E.left(
      shapeMismatch('booleanProduct', 'the second matrix', dimensions(b), `${a.columns} × any number`)
    )
  const out = blank(a.rows, b.columns)
  for (let i = 0; i < a.rows; i++) {
    for (const l of rowSupport(a, i))
      for (let w = 0; w < b.stride; w++) out.words[i * out.stride + w] |= b.words[l * b.stride + w]
  }
  return E.right(out)
}

/** Columns `from` to `from + width − 1`. */
export const columnSlice = (m: BinaryMatrix, from: number, width: number): BinaryMatrix =>
  from === 0 && width === m.columns ? m : tabulate(m.rows, width, (i, j) => get(m, i, from + j))

/** The columns of `a`, then those of `b`. Error: `ShapeMismatch`. */
export const beside = (a: BinaryMatrix, b: BinaryMatrix): E.Either<GraphError, BinaryMatrix> =>
  a.rows !== b.rows
    ? E.left(shapeMismatch('beside', 'the second matrix', dimensions(b), `${a.rows} × any number`))
    : E.right(
        tabulate(a.rows, a.columns + b.columns, (i, j) =>
          j < a.columns ? get(a, i, j) : get(b, i, j - a.columns)
        )
      )

// Instances

export const eqBinaryMatrix: Eq<BinaryMatrix> = {
  equals: (a, b) => isSubset(a, b) && isSubset(b, a)
}

/** One line a row: `10\n11`. */
export const showBinaryMatrix: Show<BinaryMatrix> = {
  show: (m) =>
    binaryRows(m)
      .map((row) => row.join(''))
      .join('\n')
}
