/** Reads an array's rows from any place of an open file, without reading the rest. */
import { shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type ElementType, elements } from '../arrays/element-type.js'
import { bytesOf, decodeBlock, isDirect, isRowMajor, type Layout, placeInRow } from '../arrays/layout.js'
import { rowsOf } from '../arrays/numeric-array.js'
import { type FileError, notReadable, rowsOutOfRange, showPlace } from '../errors.js'
import { attempt, type Outcome, type Region, readAt, readFailure } from './open-file.js'

/** An array in an open file. A row is an entry along the first axis: a number, a vector, a sequence … */
export interface ArrayReader {
  readonly shape: readonly number[]
  /** The elements' type in the file. */
  readonly dtype: ElementType
  /**
   * Reads the rows `start` … `start + count − 1` into the beginning of `out`, row-major, as floats whatever the file
   * holds, or, of `uint8` and `bool`, as the bytes that they are. Rows may be read in any order and by several calls at
   * once. Integers beyond 2^53 (2^24 for Float32Array) are rounded.
   *
   * Errors: `RowsOutOfRange`; `ShapeMismatch` if `out` is too short, or holds bytes and the file does not; `NotReadable` after `close`; `Truncated` if
   * the file shrank.
   */
  readonly rows: (
    start: number,
    count: number,
    out: Float32Array | Float64Array | Uint8Array
  ) => TaskEither<FileError, void>
  /**
   * Reads `count` numbers from number `start` on, in row-major order, as `rows` does. Of an array in column-major order
   * whole rows are read for it.
   *
   * When to use it: for lines along several axes, such as the frames of sequences.
   */
  readonly numbers: (
    start: number,
    count: number,
    out: Float32Array | Float64Array | Uint8Array
  ) => TaskEither<FileError, void>
  /** Closes the file and removes what was unpacked for it. Closing twice is harmless. */
  readonly close: TaskEither<FileError, void>
}

const BLOCK_BYTES = 1 << 20

type Room = Float32Array | Float64Array | Uint8Array

const readRowMajor = async (
  region: Region,
  layout: Layout,
  firstEntry: number,
  out: Room
): Promise<Outcome<void>> => {
  const { bytes } = elements[layout.dtype]
  if (isDirect(layout, out)) return readAt(region, bytesOf(out), firstEntry * bytes)
  const block = new Uint8Array(Math.min(BLOCK_BYTES, out.length * bytes))
  for (let at = 0; at < out.length; ) {
    const length = Math.min(block.length / bytes, out.length - at)
    const part = block.subarray(0, length * bytes)
    const filled = await readAt(region, part, (firstEntry + at) * bytes)
    if (E.isLeft(filled)) return filled
    decodeBlock(layout, part, out, at)
    at += length
  }
  return E.right(undefined)
}

const readColumnMajor = async (
  region: Region,
  layout: Layout,
  start: number,
  count: number,
  out: Room
): Promise<Outcome<void>> => {
  const { bytes } = elements[layout.dtype]
  const [rows, rowSize] = rowsOf(layout.shape)
  const block = new Uint8Array(count * bytes)
  const values = new Float64Array(count)
  for (let run = 0; run < rowSize; run++) {
    const filled = await readAt(region, block, (run * rows + start) * bytes)
    if (E.isLeft(filled)) return filled
    decodeBlock(layout, block, values, 0)
    const inRow = placeInRow(layout.shape, run)
    for (let i = 0; i < count; i++) out[i * rowSize + inRow] = values[i]
  }
  return E.right(undefined)
}

/** A reader of the array that fills `region`; `release` frees what the region stands on. */
export const arrayReader = (region: Region, layout: Layout, release: () => Promise<void>): ArrayReader => {
  const { place } = region
  const [total, rowSize] = rowsOf(layout.shape)
  let closed = false
  /** What is wrong with a request for `count` entries of `size` numbers, of `of` entries. */
  const refused = (
    start: number,
    count: number,
    of: number,
    size: number,
    out: Room
  ): FileError | undefined => {
    const whole = Number.isSafeInteger(start) && Number.isSafeInteger(count)
    if (!whole || start < 0 || count < 0 || start + count > of) return rowsOutOfRange(place, start, count, of)
    if (out.length < count * size) {
      const expected = `room for ${count * size}, as ${count} rows need`
      return shapeMismatch(showPlace(place), 'out', `${out.length} numbers`, expected)
    }
    if (out instanceof Uint8Array && elements[layout.dtype].kept !== Uint8Array) {
      return shapeMismatch(showPlace(place), 'out', 'bytes', `floats, as the array is ${layout.dtype}`)
    }
    return closed ? notReadable(place.path, 'it has been closed') : undefined
  }
  return {
    shape: layout.shape,
    dtype: layout.dtype,
    rows: (start, count, out) => async () => {
      const wrong = refused(start, count, total, rowSize, out)
      if (wrong !== undefined) return E.left(wrong)
      const target = out.subarray(0, count * rowSize)
      return isRowMajor(layout)
        ? readRowMajor(region, layout, start * rowSize, target)
        : readColumnMajor(region, layout, start, count, target)
    },
    numbers: (start, count, out) => async () => {
      const wrong = refused(start, count, total * rowSize, 1, out)
      if (wrong !== undefined) return E.left(wrong)
      const target = out.subarray(0, count)
      if (isRowMajor(layout)) return readRowMajor(region, layout, start, target)
      const first = Math.floor(start / rowSize)
      const rows = Math.ceil((start + count) / rowSize) - first
      const read = new Float64Array(rows * rowSize)
      const done = await readColumnMajor(region, layout, first, rows, read)
      if (E.isRight(done)) target.set(read.subarray(start - first * rowSize).subarray(0, count))
      return done
    },
    close: async () => {
      if (closed) return E.right(undefined)
      closed = true
      return attempt(release, (cause) => readFailure(place.path, cause))
    }
  }
}
