/** Dense real matrices. */
import { checkFinite, type NotFinite, type Samples, type ShapeMismatch, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

/** A matrix, in double precision, row-major: entry (i, j) of [n, m] is `data[i * m + j]`. */
export type Dense = Samples<Float64Array>

/** Plain rows of numbers: how matrices come from a user. */
export type Rows = ReadonlyArray<ReadonlyArray<number>>

/** The zero matrix. */
export const zeros = (rows: number, columns: number): Dense => ({
  data: new Float64Array(rows * columns),
  shape: [rows, columns]
})

/** n × n. */
export const identityMatrix = (n: number): Dense => {
  const out = zeros(n, n)
  for (let i = 0; i < n; i++) out.data[i * n + i] = 1
  return out
}

/** A matrix by its entries. */
export const tabulated = (rows: number, columns: number, entry: (i: number, j: number) => number): Dense => {
  const out = zeros(rows, columns)
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out.data[i * columns + j] = entry(i, j)
  return out
}

/** Plain rows of a matrix. */
export const toRows = (m: Dense): number[][] => {
  const [rows, columns] = m.shape
  return Array.from({ length: rows }, (_, i) => Array.from(m.data.subarray(i * columns, (i + 1) * columns)))
}

/** A matrix of plain rows, trusted. */
export const ofRows = (rows: Rows): Dense =>
  tabulated(rows.length, rows[0]?.length ?? 0, (i, j) => rows[i][j])

/**
 * Reads plain rows that must form a square matrix of finite numbers.
 *
 * Errors: `ShapeMismatch`, `NotFinite`.
 */
export const squareFromRows = (
  where: string,
  what: string,
  rows: Rows
): E.Either<NotFinite | ShapeMismatch, Dense> => {
  const n = rows.length
  const odd = rows.find((row) => row.length !== n)
  if (n === 0 || odd !== undefined) {
    const actual = n === 0 ? 'empty' : `${n} × ${odd?.length}`
    return E.left(shapeMismatch(where, what, actual, 'a square matrix'))
  }
  return checkFinite(where, what, ofRows(rows))
}

/** A vector of `size` finite numbers. Errors: `ShapeMismatch`, `NotFinite`. */
export const vectorOf = (
  where: string,
  what: string,
  values: ReadonlyArray<number>,
  size: number
): E.Either<NotFinite | ShapeMismatch, Float64Array> => {
  if (values.length !== size)
    return E.left(shapeMismatch(where, `the length of ${what}`, values.length, String(size)))
  return pipe(
    checkFinite(where, what, { data: Float64Array.from(values), shape: [size] }),
    E.map(({ data }) => data)
  )
}

/** a b by plain loops, zeros of a skipped: for small matrices (`largeProduct` for others). */
export const multiply = (a: Dense, b: Dense): Dense => {
  const [n, inner] = a.shape
  const m = b.shape[1]
  const out = zeros(n, m)
  for (let i = 0; i < n; i++) {
    const to = i * m
    for (let l = 0; l < inner; l++) {
      const x = a.data[i * inner + l]
      if (x === 0) continue
      const from = l * m
      for (let j = 0; j < m; j++) out.data[to + j] += x * b.data[from + j]
    }
  }
  return out
}

/** aᵀ */
export const transposed = ({ data, shape: [rows, columns] }: Dense): Dense => {
  const out = zeros(columns, rows)
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) out.data[j * rows + i] = data[i * columns + j]
  return out
}

/** s a + t b. */
export const combine = (s: number, a: Dense, t: number, b: Dense): Dense => {
  const data = new Float64Array(a.data.length)
  for (let k = 0; k < data.length; k++) data[k] = s * a.data[k] + t * b.data[k]
  return { data, shape: a.shape }
}

/** s a. */
export const scaled = (s: number, a: Dense): Dense => ({ data: a.data.map((x) => s * x), shape: a.shape })

/** √(Σ of squared entries). */
export const frobenius = (a: Dense): number => {
  let sum = 0
  for (const x of a.data) sum += x * x
  return Math.sqrt(sum)
}

/** tr(aᵀ b). */
export const innerProduct = (a: Dense, b: Dense): number => {
  let sum = 0
  for (let e = 0; e < a.data.length; e++) sum += a.data[e] * b.data[e]
  return sum
}

/** tr(a b), without the product. */
export const traceOfProduct = (a: Dense, b: Dense): number => {
  const [n, m] = a.shape
  let sum = 0
  for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) sum += a.data[i * m + j] * b.data[j * n + i]
  return sum
}

/** Σ_k weights[k] · matrices[k]. */
export const weightedSum = (weights: ArrayLike<number>, matrices: ReadonlyArray<Dense>): Dense => {
  const out = zeros(...matrices[0].shape)
  matrices.forEach((m, k) => {
    const w = weights[k]
    for (let e = 0; e < out.data.length; e++) out.data[e] += w * m.data[e]
  })
  return out
}

/** a x. */
export const timesVector = (a: Dense, x: ArrayLike<number>): Float64Array => {
  const [rows, columns] = a.shape
  const out = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    let sum = 0
    for (let j = 0; j < columns; j++) sum += a.data[i * columns + j] * x[j]
    out[i] = sum
  }
  return out
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
