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

/** Sets every entry of a row. */
export const fillRow = ({ words, stride, columns }: BinaryMatrix, row: number): void => {
  words.fill(0xffffffff, row * stride, (row + 1) * stride)
  if ((columns & 31) !== 0) words[(row + 1) * stride - 1] = (1 << (columns & 31)) - 1
}

export const bitCount = (word: number): number => {
  let x = word - ((word >>> 1) & 0x55555555)
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333)
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

// Constructors

/**
 * Writes a row into its words from `at` on, which are 0; false at an entry that is neither 0 nor 1. Every plain graph passes
 * here. Eight entries at a time: after eight zeros, which mostly follow others, one expects zeros; else no branch depends on
 * which of the two they are.
 */
const packRow = (row: ReadonlyArray<number>, words: Uint32Array, at: number): boolean => {
  const eights = row.length & ~7
  let sparse = true
  for (let j = 0; j < eights; j += 8) {
    const a = row[j]
    const b = row[j + 1]
    const c = row[j + 2]
    const d = row[j + 3]
    const e = row[j + 4]
    const f = row[j + 5]
    const g = row[j + 6]
    const h = row[j + 7]
    if (sparse && a === 0 && b === 0 && c === 0 && d === 0 && e === 0 && f === 0 && g === 0 && h === 0)
      continue
    const any = a | b | c | d | e | f | g | h
    if ((any & ~1) !== 0) return false
    if (a !== (a & 1) || b !== (b & 1) || c !== (c & 1) || d !== (d & 1)) return false
    if (e !== (e & 1) || f !== (f & 1) || g !== (g & 1) || h !== (h & 1)) return false
    const byte = a | (b << 1) | (c << 2) | (d << 3) | (e << 4) | (f << 5) | (g << 6) | (h << 7)
    words[at + (j >>> 5)] |= byte << (j & 31)
    sparse = (byte & (byte - 1)) === 0
  }
  for (let j = eights; j < row.length; j++) {
    if (row[j] !== 0 && row[j] !== 1) return false
    words[at + (j >>> 5)] |= row[j] << (j & 31)
  }
  return true
}

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
    if (!packRow(row, m.words, i * m.stride)) {
      const j = row.findIndex((entry) => entry !== 0 && entry !== 1)
      return E.left(notBinary(where, 'entry ', i, j, row[j]))
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

/** One row as plain numbers, `zeros` with some ones: copies of a list without holes are the fastest to make and to read. */
const filledRow = (m: BinaryMatrix, i: number, zeros: ReadonlyArray<number>): number[] => {
  const row = zeros.slice()
  for (let w = 0; w < m.stride; w++)
    for (let word = m.words[i * m.stride + w]; word !== 0; word &= word - 1)
      row[(w << 5) + 31 - Math.clz32(word & -word)] = 1
  return row
}

const zeros = (count: number): number[] => {
  const row: number[] = []
  for (let j = 0; j < count; j++) row.push(0)
  return row
}

/** Plain rows of 0 and 1; a row is made once for all rows that `first` says are equal to it. */
export const sharedRows = (m: BinaryMatrix, first: Int32Array): number[][] => {
  const none = zeros(m.columns)
  const rows: number[][] = []
  for (let i = 0; i < m.rows; i++) rows.push(first[i] < i ? rows[first[i]] : filledRow(m, i, none))
  return rows
}

/** Plain rows of 0 and 1. */
export const binaryRows = (m: BinaryMatrix): number[][] => {
  const none = zeros(m.columns)
  const rows: number[][] = []
  for (let i = 0; i < m.rows; i++) rows.push(filledRow(m, i, none))
  return rows
}

/** Entry (row, column), both within the matrix. */
export const get = (m: BinaryMatrix, row: number, column: number): boolean =>
  ((m.words[row * m.stride + (column >>> 5)] >>> (column & 31)) & 1) === 1

/** How many entries of a row are 1. */
export const rowCount = (m: BinaryMatrix, row: number): number => {
  let total = 0
  for (let w = row * m.stride; w < (row + 1) * m.stride; w++)
    if (m.words[w] !== 0) total += bitCount(m.words[w])
  return total
}

/** The columns in which a row has 1, ascending; column `left`, which has 1 there, is left out if it is not −1. */
const supportWithout = (m: BinaryMatrix, row: number, left: number): number[] => {
  const support = new Array<number>(rowCount(m, row) - (left < 0 ? 0 : 1))
  let at = 0
  for (let w = 0; w < m.stride; w++) {
    const own = left >= 0 && w === left >>> 5 ? 1 << (left & 31) : 0
    for (let word = m.words[row * m.stride + w] & ~own; word !== 0; word &= word - 1)
      support[at++] = (w << 5) + 31 - Math.clz32(word & -word)
  }
  return support
}

/** The columns in which a row has 1, ascending. */
export const rowSupport = (m: BinaryMatrix, row: number): number[] => supportWithout(m, row, -1)

/** The same of a square matrix, without the diagonal. */
export const othersInRow = (m: BinaryMatrix, row: number): number[] =>
  supportWithout(m, row, get(m, row, row) ? row : -1)

/** How many entries are 1. */
export const count = ({ words }: BinaryMatrix): number => {
  let total = 0
  for (let w = 0; w < words.length; w++) {
    const word = words[w]
    if (word !== 0) total += bitCount(word)
  }
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
export const columnSlice = (m: BinaryMatrix, from: number, width: number): BinaryMatrix => {
  if (from === 0 && width === m.columns) return m
  const out = blank(m.rows, width)
  const [first, shift] = [from >>> 5, from & 31]
  const last = 0xffffffff >>> (-width & 31)
  for (let i = 0; i < m.rows; i++) {
    const [to, end] = [i * out.stride, (i + 1) * m.stride]
    for (let w = 0, at = i * m.stride + first; w < out.stride; w++, at++) {
      const next = shift === 0 || at + 1 === end ? 0 : m.words[at + 1] << (32 - shift)
      out.words[to + w] = (m.words[at] >>> shift) | next
    }
    out.words[to + out.stride - 1] &= last
  }
  return out
}

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
