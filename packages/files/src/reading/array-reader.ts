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
   * holds. Rows may be read in any order and by several calls at once. Integers beyond 2^53 (2^24 for Float32Array) are
   * rounded.
   *
   * Errors: `RowsOutOfRange`; `ShapeMismatch` if `out` is too short; `NotReadable` after `close`; `Truncated` if
   * the file shrank.
   */
  readonly rows: (
    start: number,
    count: number,
    out: Float32Array | Float64Array
  ) => TaskEither<FileError, void>
  /** Closes the file and removes what was unpacked for it. Closing twice is harmless. */
  readonly close: TaskEither<FileError, void>
}

const BLOCK_BYTES = 1 << 20

type Floats = Float32Array | Float64Array

const readRowMajor = async (
  region: Region,
  layout: Layout,
  firstEntry: number,
  out: Floats
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
  out: Floats
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
  return {
    shape: layout.shape,
    dtype: layout.dtype,
    rows: (start, count, out) => async () => {
      const whole = Number.isSafeInteger(start) && Number.isSafeInteger(count)
      if (!whole || start < 0 || count < 0 || start + count > total) {
        return E.left(rowsOutOfRange(place, start, count, total))
      }
      const wanted = count * rowSize
      if (out.length < wanted) {
        const expected = `room for ${wanted}, as ${count} rows need`
        return E.left(shapeMismatch(showPlace(place), 'out', `${out.length} numbers`, expected))
      }
      if (closed) return E.left(notReadable(place.path, 'it has been closed'))
      const target = out.subarray(0, wanted)
      return isRowMajor(layout)
        ? readRowMajor(region, layout, start * rowSize, target)
        : readColumnMajor(region, layout, start, count, target)
    },
    close: async () => {
      if (closed) return E.right(undefined)
      closed = true
      return attempt(release, (cause) => readFailure(place.path, cause))
    }
  }
}
