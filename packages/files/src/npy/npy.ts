/** .npy files: one array each, as NumPy's `save` writes them. */
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { ElementType } from '../arrays/element-type.js'
import { encode } from '../arrays/layout.js'
import { checked, elementTypeOf, type NumericArray } from '../arrays/numeric-array.js'
import { emptyFile, type FileError, type Place, showPlace } from '../errors.js'
import { memoryLimit, type ReadOptions, readArray } from '../reading/array-bytes.js'
import { type ArrayReader, arrayReader } from '../reading/array-reader.js'
import { regionSource } from '../reading/byte-source.js'
import { type FileInput, openFile, withFile } from '../reading/file-input.js'
import { type Outcome, type Region, wholeFile } from '../reading/open-file.js'
import { writeAtomically, writeBlocks } from '../writing/atomic-write.js'
import { joinedBytes } from '../writing/joined-bytes.js'
import { checkNumpyType, formatNpyHeader, readNpyHeader } from './npy-header.js'

const notEmpty = ({ place, length }: Region): Outcome<void> =>
  length === 0 ? E.left(emptyFile(place, 'array')) : E.right(undefined)

const TOO_LARGE = 'open it by openNpy and read it in blocks of rows'

/**
 * Reads a .npy file of real numbers or truth values, in either byte order and either storage order.
 *
 * Use it for an array that fits in memory; `openNpy` reads rows of a larger one.
 *
 * Errors: `NotFound`, `NotReadable`, `EmptyFile`, `NotThisFormat`, `BadHeader`, `Truncated`,
 * `UnsupportedDtype`, `TooLarge`.
 *
 * @example
 * const x = await readNpy('x.npy')()
 */
export const readNpy = (source: FileInput, options: ReadOptions = {}): TaskEither<FileError, NumericArray> =>
  withFile(source, async (file) => {
    const region = wholeFile(file)
    const some = notEmpty(region)
    if (E.isLeft(some)) return some
    const bytes = regionSource(region)
    const header = await readNpyHeader(bytes)
    if (E.isLeft(header)) return header
    return readArray(bytes, header.right.layout, { limit: memoryLimit(options), remedy: TOO_LARGE })
  })

/**
 * Opens a .npy file to read any of its rows without the rest. Close the reader when you are done.
 *
 * Use it for an array that does not fit in memory, or of which few rows are needed.
 *
 * Errors: `NotFound`, `NotReadable`, `EmptyFile`, `NotThisFormat`, `BadHeader`, `Truncated`, `UnsupportedDtype`.
 *
 * @example
 * const reader = await orThrow(openNpy('large.npy'))
 */
export const openNpy =
  (source: FileInput): TaskEither<FileError, ArrayReader> =>
  async () => {
    const opened = await openFile(source)
    if (E.isLeft(opened)) return opened
    const { close } = opened.right
    const region = wholeFile(opened.right)
    const some = notEmpty(region)
    const header = E.isLeft(some) ? some : await readNpyHeader(regionSource(region))
    if (E.isLeft(header)) {
      await close()
      return header
    }
    const { layout, start } = header.right
    const body: Region = { ...region, start, length: region.length - start }
    return E.right(arrayReader(body, layout, close))
  }

/** The header and the bytes of a checked array, in the order they are written. */
export function* npyBlocks(array: NumericArray, dtype: ElementType): Generator<Uint8Array> {
  yield formatNpyHeader(dtype, array.shape)
  yield* encode(array)
}

/** The element type that a .npy array of these numbers has, once the array has been checked. */
export const numpyTypeOf = (place: Place, array: NumericArray): E.Either<FileError, ElementType> => {
  const sound = checked(array, showPlace(place))
  if (E.isLeft(sound)) return sound
  return checkNumpyType(elementTypeOf(sound.right) as ElementType, place)
}

/** The file's bytes, in blocks, if NumPy can hold such an array; `path` names it in messages. */
const blocksOf = (path: string, array: NumericArray): E.Either<FileError, Iterable<Uint8Array>> =>
  E.map((dtype: ElementType) => npyBlocks(array, dtype))(numpyTypeOf({ path }, array))

/**
 * The bytes of a .npy file with this array.
 *
 * Use it where there is no disk, as in a page: `new Blob([bytes])` can be offered for download.
 *
 * Errors: `ShapeMismatch`, `InvalidOption`, `UnsupportedDtype` (bfloat16).
 */
export const npyBytes = (array: NumericArray): E.Either<FileError, Uint8Array<ArrayBuffer>> =>
  E.map(joinedBytes)(blocksOf('npyBytes', array))

/**
 * Writes one array as a .npy file, atomically; NumPy's `load` opens it.
 *
 * Use it for a single array; `writeNpz` writes several to one file, `npyWriter` one that does not fit in memory.
 *
 * Errors: `ShapeMismatch`, `InvalidOption`, `UnsupportedDtype` (bfloat16), `NotWritable`.
 */
export const writeNpy = (path: string, array: NumericArray): TaskEither<FileError, void> =>
  writeAtomically(path, (file) => async () => {
    const blocks = blocksOf(path, array)
    return E.isLeft(blocks) ? blocks : writeBlocks(path, blocks.right)(file)()
  })
