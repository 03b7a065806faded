/** Numbers with a shape, as they come from files and go to them. */
import { entryCount, firstNotFinite, invalidOption, shapeMismatch, showShape } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { Eq } from 'fp-ts/lib/Eq.js'
import * as O from 'fp-ts/lib/Option.js'
import type { FileError } from '../errors.js'
import { byArrayTag, type ElementType, elements, type NumericData } from './element-type.js'

/**
 * An array of any rank, row-major: entry (i, j, …) of shape [n, m, …] is `data[(i·m + j)·… + …]`.
 *
 * `stored` names the file's element type where it is not that of the typed array: truth values kept as bytes, 16-bit
 * floats kept as float32. Writers store the array as it says (default: as the typed array).
 */
export interface NumericArray<Data extends NumericData = NumericData> {
  readonly data: Data
  /** Rank 0 (`[]`) holds one number. */
  readonly shape: readonly number[]
  readonly stored?: 'bool' | 'float16' | 'bfloat16'
}

/** How many rows (entries along the first axis) a shape has, and how many entries a row has. */
export const rowsOf = (shape: readonly number[]): readonly [rows: number, rowSize: number] =>
  shape.length === 0 ? [1, 1] : [shape[0], entryCount(shape.slice(1))]

/** What the array's elements are when stored; undefined for a typed array that no file here holds. */
export const elementTypeOf = (array: NumericArray): ElementType | undefined =>
  array.stored ?? byArrayTag.get(array.data[Symbol.toStringTag])

/** As NumPy 1 has it. */
export const LARGEST_RANK = 32

const complaint = (array: NumericArray, where: string): FileError | undefined => {
  const { data, shape, stored } = array
  const type = data[Symbol.toStringTag]
  if (shape.length > LARGEST_RANK) {
    return shapeMismatch(where, 'the rank', shape.length, `at most ${LARGEST_RANK}`)
  }
  if (!shape.every((n) => Number.isSafeInteger(n) && n >= 0)) {
    return shapeMismatch(where, 'the shape', showShape(shape), 'lengths that are integers of at least 0')
  }
  const count = entryCount(shape)
  if (count !== data.length) {
    return shapeMismatch(
      where,
      'the data',
      `${data.length} numbers`,
      `${count} for shape ${showShape(shape)}`
    )
  }
  if (elementTypeOf({ data, shape }) === undefined) {
    const expected = 'Float32Array, Float64Array or an integer array of up to 64 bits'
    return invalidOption(where, 'the data', type, expected)
  }
  if (stored !== undefined && !(data instanceof elements[stored].kept)) {
    return invalidOption(where, 'the data', type, `${elements[stored].kept.name} to be stored as ${stored}`)
  }
  return undefined
}

/** The array itself if its shape, elements and `stored` agree; else `ShapeMismatch` or `InvalidOption` at `where`. */
export const checked = <A extends NumericArray>(array: A, where: string): E.Either<FileError, A> => {
  const wrong = complaint(array, where)
  return wrong === undefined ? E.right(array) : E.left(wrong)
}

/**
 * An array of these numbers and this shape, if they fit each other.
 *
 * Errors: `ShapeMismatch`, `InvalidOption` (a typed array that no file holds).
 *
 * @example
 * numericArray(new Float64Array([1, 2, 3, 4, 5, 6]), [3, 2])
 */
export const numericArray = <Data extends NumericData>(
  data: Data,
  shape: readonly number[]
): E.Either<FileError, NumericArray<Data>> => checked({ data, shape }, 'numericArray')

const toNumbers = (data: NumericData, out: Float32Array | Float64Array): void => {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    for (let i = 0; i < data.length; i++) out[i] = Number(data[i])
  } else out.set(data)
}

/**
 * The same numbers in double precision: the array's own memory if it is a Float64Array already, else a copy.
 * Integers beyond ±2^53 are rounded.
 */
export const asFloat64 = (array: NumericArray): NumericArray<Float64Array> => {
  if (array.data instanceof Float64Array) return { data: array.data, shape: array.shape }
  const data = new Float64Array(array.data.length)
  toNumbers(array.data, data)
  return { data, shape: array.shape }
}

/** The same numbers in single precision: the array's own memory if it is a Float32Array already, else a copy. */
export const asFloat32 = (array: NumericArray): NumericArray<Float32Array> => {
  if (array.data instanceof Float32Array) return { data: array.data, shape: array.shape }
  const data = new Float32Array(array.data.length)
  toNumbers(array.data, data)
  return { data, shape: array.shape }
}

/** Where an entry is that is NaN or infinite. All indices count from 0. */
export interface NonFinite {
  /** Index along the first axis. */
  readonly row: number
  /** Index along the last axis; 0 for rank 0 and 1. */
  readonly column: number
  /** Indices along all axes. */
  readonly index: readonly number[]
  /** NaN, Infinity or −Infinity. */
  readonly value: number
}

/** The first entry, in row-major order, that is NaN or infinite. Integers never are. */
export const firstNonFinite = (array: NumericArray): O.Option<NonFinite> => {
  const { data, shape } = array
  if (!(data instanceof Float64Array || data instanceof Float32Array)) return O.none
  const at = firstNotFinite(data)
  if (at < 0) return O.none
  const index: number[] = []
  let rest = at
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index.unshift(rest % shape[axis])
    rest = Math.floor(rest / shape[axis])
  }
  const column = shape.length > 1 ? index[shape.length - 1] : 0
  return O.some({ row: index[0] ?? 0, column, index, value: data[at] })
}

/** Same element type, shape and entries; NaN equals NaN, 0 equals −0. */
export const eqNumericArray: Eq<NumericArray> = {
  equals: (a, b) => {
    if (elementTypeOf(a) !== elementTypeOf(b) || a.shape.length !== b.shape.length) return false
    if (a.data.length !== b.data.length || a.shape.some((n, axis) => n !== b.shape[axis])) return false
    for (let i = 0; i < a.data.length; i++) {
      const [x, y] = [a.data[i], b.data[i]]
      if (x !== y && !(Number.isNaN(x) && Number.isNaN(y))) return false
    }
    return true
  }
}
