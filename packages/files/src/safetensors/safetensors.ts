/** .safetensors files: named tensors behind a JSON header (github.com/huggingface/safetensors, format 0.3). */
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { encode, layoutBytes } from '../arrays/layout.js'
import { checked, type NumericArray } from '../arrays/numeric-array.js'
import { badName, emptyFile, type FileError, notThisFormat, showPlace, truncated } from '../errors.js'
import { memoryLimit, type ReadOptions, readArray } from '../reading/array-bytes.js'
import { regionSource } from '../reading/byte-source.js'
import { type FileInput, withFile } from '../reading/file-input.js'
import { type OpenFile, type Outcome, readAt, wholeFile } from '../reading/open-file.js'
import { writeAtomically, writeBlocks } from '../writing/atomic-write.js'
import { joinedBytes } from '../writing/joined-bytes.js'
import { formatHeader, type Header, LENGTH_BYTES, METADATA, parseHeader } from './internal/header.js'

/** What such a file holds. */
export interface Tensors {
  readonly tensors: Readonly<Record<string, NumericArray>>
  readonly metadata: Readonly<Record<string, string>>
}

/** As the reference implementation has it. */
const LONGEST_HEADER = 100_000_000

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

const readHeader = async (file: OpenFile): Promise<Outcome<Header & { readonly start: number }>> => {
  const { path, size } = file
  if (size === 0) return E.left(emptyFile({ path }, 'tensor'))
  if (size < LENGTH_BYTES) return E.left(truncated({ path }, size, LENGTH_BYTES))
  const region = wholeFile(file)
  const lengthBytes = new Uint8Array(LENGTH_BYTES)
  const first = await readAt(region, lengthBytes, 0)
  if (E.isLeft(first)) return first
  const length = Number(new DataView(lengthBytes.buffer).getBigUint64(0, true))
  if (length > LONGEST_HEADER) {
    return E.left(notThisFormat({ path }, `a header length of ${length} bytes`, 'a .safetensors file'))
  }
  const start = LENGTH_BYTES + length
  if (start > size) return E.left(truncated({ path }, size, start))
  const text = new Uint8Array(length)
  const read = await readAt(region, text, LENGTH_BYTES)
  if (E.isLeft(read)) return read
  return E.map((header: Header) => ({ ...header, start }))(parseHeader(utf8.decode(text), path, size - start))
}

/** The format allows reading in parts; nothing here does. */
const TOO_LARGE =
  'write fewer tensors to a file, or write this one as .npy, which openNpy reads in blocks of rows'

/**
 * Reads all tensors and the metadata of a .safetensors file.
 *
 * Use it for parameters of models. It reads the whole file; data sets that do not fit in memory belong into .npy or
 * .npz.
 *
 * Errors: `NotFound`, `NotReadable`, `EmptyFile`, `Truncated`, `NotThisFormat`, `BadHeader`,
 * `UnsupportedDtype`, `TooLarge`.
 */
export const readSafetensors = (
  source: FileInput,
  options: ReadOptions = {}
): TaskEither<FileError, Tensors> =>
  withFile(source, async (file) => {
    const header = await readHeader(file)
    if (E.isLeft(header)) return header
    const tensors: [string, NumericArray][] = []
    let left = memoryLimit(options)
    for (const { name, layout, start } of header.right.entries) {
      const region = {
        place: { path: file.path, entry: name },
        file,
        start: header.right.start + start,
        length: layoutBytes(layout)
      }
      const array = await readArray(regionSource(region), layout, { limit: left, remedy: TOO_LARGE })
      if (E.isLeft(array)) return array
      left -= array.right.data.byteLength
      tensors.push([name, array.right])
    }
    return E.right({ tensors: Object.fromEntries(tensors), metadata: header.right.metadata })
  })

/** The file's bytes, in blocks, if it can hold such tensors; `path` names it in messages. */
const blocksOf = (
  path: string,
  tensors: Readonly<Record<string, NumericArray>>,
  metadata: Readonly<Record<string, string>>
): E.Either<FileError, Iterable<Uint8Array>> => {
  for (const [name, array] of Object.entries(tensors)) {
    if (name === METADATA) {
      return E.left(badName(path, name, 'another; the format keeps this one for itself'))
    }
    const sound = checked(array, showPlace({ path, entry: name }))
    if (E.isLeft(sound)) return sound
  }
  function* blocks(): Generator<Uint8Array> {
    yield formatHeader(tensors, metadata)
    for (const array of Object.values(tensors)) yield* encode(array)
  }
  return E.right(blocks())
}

/**
 * The bytes of a .safetensors file with these tensors and text metadata.
 *
 * Use it where there is no disk, as in a page: `new Blob([bytes])` can be offered for download.
 *
 * Errors: `BadName`, `ShapeMismatch`, `InvalidOption`.
 */
export const safetensorsBytes = (
  tensors: Readonly<Record<string, NumericArray>>,
  metadata: Readonly<Record<string, string>> = {}
): E.Either<FileError, Uint8Array<ArrayBuffer>> =>
  E.map(joinedBytes)(blocksOf('safetensorsBytes', tensors, metadata))

/**
 * Writes tensors and text metadata as a .safetensors file, atomically.
 *
 * Use it for parameters that other frameworks load, and for bfloat16, which .npy cannot hold.
 *
 * Errors: `BadName`, `ShapeMismatch`, `InvalidOption`, `NotWritable`.
 */
export const writeSafetensors = (
  path: string,
  tensors: Readonly<Record<string, NumericArray>>,
  metadata: Readonly<Record<string, string>> = {}
): TaskEither<FileError, void> =>
  writeAtomically(path, (file) => async () => {
    const blocks = blocksOf(path, tensors, metadata)
    return E.isLeft(blocks) ? blocks : writeBlocks(path, blocks.right)(file)()
  })
