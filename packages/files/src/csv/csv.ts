/** Whole .csv files: a header line, then rows of numbers. */
import { shapeMismatch, showShape } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { checked, type NumericArray } from '../arrays/numeric-array.js'
import type { FileError } from '../errors.js'
import type { FileInput } from '../reading/file-input.js'
import { writeAtomically, writeBlocks } from '../writing/atomic-write.js'
import { joinedBytes } from '../writing/joined-bytes.js'
import { scanCsv } from './csv-rows.js'
import { csvHeader, csvLines } from './csv-writer.js'

/** A table of numbers with named columns. */
export interface NumericTable {
  readonly names: readonly string[]
  /** [rows, columns]. */
  readonly values: NumericArray<Float64Array>
}

const joined = (blocks: readonly Float64Array[], length: number): Float64Array => {
  const data = new Float64Array(length)
  let at = 0
  for (const block of blocks) {
    data.set(block, at)
    at += block.length
  }
  return data
}

/**
 * Reads a table of numbers with a header line; `nan` and `inf` count as numbers. Errors count rows as lines of the
 * file, the header on line 1.
 *
 * Use it for tables that fit in memory twice; `scanCsv` goes over larger ones. A .npy or .npz file is read about a
 * hundred times faster, so convert what is read often.
 *
 * Errors: `NotFound`, `NotReadable`, `EmptyFile`, `BadHeader`, `RaggedRow`, `NotANumber` (with row and column).
 */
export const readCsv =
  (source: FileInput): TaskEither<FileError, NumericTable> =>
  async () => {
    const blocks: Float64Array[] = []
    const extent = await scanCsv(source, ({ values }) => {
      blocks.push(values.slice())
      return TE.right(undefined)
    })()
    return E.map(
      ({ names, rows }: { readonly names: readonly string[]; readonly rows: number }): NumericTable => {
        const data = joined(blocks, rows * names.length)
        return { names, values: { data, shape: [rows, names.length] } }
      }
    )(extent)
  }

function* csvBlocks(names: readonly string[], { data }: NumericArray): Generator<Uint8Array> {
  yield csvHeader(names)
  yield* csvLines(names.length, data)
}

/** The file's bytes, in blocks, if there is a name for each column; `path` names it in messages. */
const blocksOf = (
  path: string,
  names: readonly string[],
  values: NumericArray
): E.Either<FileError, Iterable<Uint8Array>> => {
  const sound = checked(values, path)
  if (E.isLeft(sound)) return sound
  if (values.shape.length === 2 && values.shape[1] === names.length) return E.right(csvBlocks(names, values))
  const expected = `[rows, ${names.length}] for ${names.length} column names`
  return E.left(shapeMismatch(path, 'the shape', showShape(values.shape), expected))
}

/**
 * The bytes of a table [rows, columns] with a header line (UTF-8). Numbers read back exactly as they were.
 *
 * Use it where there is no disk, as in a page: `new Blob([bytes])` can be offered for download.
 *
 * Errors: `ShapeMismatch`, `InvalidOption`.
 */
export const csvBytes = (
  names: readonly string[],
  values: NumericArray
): E.Either<FileError, Uint8Array<ArrayBuffer>> => E.map(joinedBytes)(blocksOf('csvBytes', names, values))

/**
 * Writes a table [rows, columns] with a header line, atomically. Numbers read back exactly as they were.
 *
 * Use it for people and for programs that read nothing else; large arrays are smaller and faster as .npz.
 *
 * Errors: `ShapeMismatch`, `InvalidOption`, `NotWritable`.
 */
export const writeCsv = (
  path: string,
  names: readonly string[],
  values: NumericArray
): TaskEither<FileError, void> => {
  const blocks = blocksOf(path, names, values)
  return E.isLeft(blocks) ? TE.left(blocks.left) : writeAtomically(path, writeBlocks(path, blocks.right))
}
