/** Arrays of numbers with a shape, and checks of them. */
import * as E from 'fp-ts/lib/Either.js'
import { type EntryPlace, type NotFinite, notFinite, type ShapeMismatch, shapeMismatch } from './errors.js'

/** Real numbers in single or double precision. */
export type Reals = Float32Array | Float64Array

/** An array of any rank, row-major: entry (i, j, …) of shape [n, m, …] is `data[(i·m + j)·… + …]`. */
export interface RealArray<Data extends Reals = Reals> {
  readonly data: Data
  /** Rank 0 (`[]`) holds one number. */
  readonly shape: readonly number[]
}

/** Many vectors of one width: entry (i, j) is `data[i * columns + j]`. */
export interface Samples<Data extends Reals = Reals> extends RealArray<Data> {
  readonly shape: readonly [rows: number, columns: number]
}

/** The number of entries of a shape. */
export const entryCount = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1)

/** `[3, 4]`. */
export const showShape = (shape: readonly number[]): string => `[${shape.join(', ')}]`

/** Index of the first entry that is NaN or infinite; −1: all are finite. */
export const firstNotFinite = (data: Reals): number => {
  // x − x is 0 for finite x and NaN otherwise; four sums at once, no branch.
  let [a, b, c, d] = [0, 0, 0, 0]
  const whole = data.length - (data.length % 4)
  for (let i = 0; i < whole; i += 4) {
    a += data[i] - data[i]
    b += data[i + 1] - data[i + 1]
    c += data[i + 2] - data[i + 2]
    d += data[i + 3] - data[i + 3]
  }
  for (let i = whole; i < data.length; i++) a += data[i] - data[i]
  return a + b + c + d === 0 ? -1 : data.findIndex((value) => !Number.isFinite(value))
}

/** The array itself if its rank is one of `ranks`, no side is empty, and it has as many numbers as its shape says. */
export const checkShape = <A extends RealArray>(
  where: string,
  what: string,
  array: A,
  ranks: readonly number[]
): E.Either<ShapeMismatch, A> => {
  const { data, shape } = array
  const sound = ranks.includes(shape.length) && shape.every((n) => Number.isInteger(n) && n >= 1)
  if (!sound) {
    const expected = `an array of rank ${ranks.join(' or ')}, no side of it empty`
    return E.left(shapeMismatch(where, what, showShape(shape), expected))
  }
  const count = entryCount(shape)
  return data.length === count
    ? E.right(array)
    : E.left(shapeMismatch(where, what, `${data.length} numbers`, `${count} for shape ${showShape(shape)}`))
}

/** Where entry number `at` lies: the first axis is the row, the last the column, of three the middle one the frame. */
export const entryPlace = (shape: readonly number[], at: number): EntryPlace => {
  if (shape.length === 0) return {}
  const rowSize = entryCount(shape.slice(1))
  const row = Math.floor(at / rowSize)
  if (shape.length === 1) return { row }
  const width = shape[shape.length - 1]
  const column = at % width
  return shape.length === 3
    ? { row, frame: Math.floor((at - row * rowSize) / width), column }
    : { row, column }
}

/** The array itself if every number is finite; else `NotFinite`, with the place of the first that is not. */
export const checkFinite = <A extends RealArray>(
  where: string,
  what: string,
  array: A
): E.Either<NotFinite, A> => {
  const at = firstNotFinite(array.data)
  return at < 0 ? E.right(array) : E.left(notFinite(where, what, array.data[at], entryPlace(array.shape, at)))
}

/** The rows `indices`, in that order, in double precision. */
export const takeRows = ({ data, shape }: Samples, indices: ArrayLike<number>): Samples<Float64Array> => {
  const columns = shape[1]
  const taken = new Float64Array(indices.length * columns)
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i] * columns
    for (let j = 0; j < columns; j++) taken[i * columns + j] = data[from + j]
  }
  return { data: taken, shape: [indices.length, columns] }
}

/** The columns `indices`, in that order, in double precision. */
export const takeColumns = (
  { data, shape }: Samples,
  indices: ReadonlyArray<number>
): Samples<Float64Array> => {
  const [rows, columns] = shape
  const count = indices.length
  const taken = new Float64Array(rows * count)
  for (let i = 0; i < rows; i++) {
    for (let p = 0; p < count; p++) taken[i * count + p] = data[i * columns + indices[p]]
  }
  return { data: taken, shape: [rows, count] }
}

/** One column's values, in double precision. */
export const columnOf = ({ data, shape }: Samples, j: number): Float64Array => {
  const [rows, columns] = shape
  const out = new Float64Array(rows)
  for (let i = 0; i < rows; i++) out[i] = data[i * columns + j]
  return out
}
