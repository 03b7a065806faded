/** .safetensors files: named tensors behind a JSON header (github.com/huggingface/safetensors, format 0.3). */
import { entryCount } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { flow } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { bySafetensorsName, type ElementType, elements } from './arrays/element-type.js'
import { encode, type Layout, layoutBytes } from './arrays/layout.js'
import { checked, elementTypeOf, LARGEST_RANK, type NumericArray } from './arrays/numeric-array.js'
import {
  badHeader,
  badName,
  emptyFile,
  type FileError,
  notThisFormat,
  showPlace,
  truncated,
  unsupportedDtype
} from './errors.js'
import { memoryLimit, type ReadOptions, readArray } from './reading/array-bytes.js'
import { regionSource } from './reading/byte-source.js'
import { type OpenFile, type Outcome, readAt, wholeFile, withFile } from './reading/open-file.js'
import { writeAtomically, writeBytes } from './writing/atomic-write.js'

/** What such a file holds. */
export interface Tensors {
  readonly tensors: Readonly<Record<string, NumericArray>>
  readonly metadata: Readonly<Record<string, string>>
}

interface Entry {
  readonly name: string
  readonly layout: Layout
  readonly start: number
}

interface Header {
  readonly entries: readonly Entry[]
  readonly metadata: Readonly<Record<string, string>>
}

/** As the reference implementation has it. */
const LONGEST_HEADER = 100_000_000
const LENGTH_BYTES = 8
const METADATA = '__metadata__'

const bad = flow(badHeader, E.left)

/** A JSON value as it stands in a header; `missing` where there is none. */
const shown = (value: unknown): string =>
  value === undefined ? 'missing' : JSON.stringify(value).slice(0, 40)

const isLength = (n: unknown): n is number => Number.isSafeInteger(n) && (n as number) >= 0

const parseEntry = (
  path: string,
  name: string,
  value: unknown
): E.Either<FileError, Entry & { end: number }> => {
  const place = { path, entry: name }
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>
  if (typeof dtype !== 'string') return bad(place, '"dtype"', shown(dtype), 'the name of an element type')
  if (!Array.isArray(shape) || shape.length > LARGEST_RANK || !shape.every(isLength)) {
    return bad(place, '"shape"', shown(shape), `a list of at most ${LARGEST_RANK} lengths`)
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isLength)) {
    return bad(place, '"data_offsets"', shown(offsets), 'two offsets')
  }
  const type = bySafetensorsName.get(dtype)
  if (type === undefined) {
    return E.left(unsupportedDtype(place, dtype, [...bySafetensorsName.keys()].join(', ')))
  }
  const layout: Layout = { dtype: type, bigEndian: false, fortran: false, shape }
  const [start, end] = offsets as [number, number]
  if (end - start !== layoutBytes(layout)) {
    const expected = `${layoutBytes(layout)} for its shape`
    return bad(place, 'the size by its offsets', `${end - start} bytes`, expected)
  }
  return E.right({ name, layout, start, end })
}

const parseJson = (text: string, path: string): E.Either<FileError, Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return E.right(value as Record<string, unknown>)
    }
  } catch {
    // Said below.
  }
  return bad({ path }, 'the header', JSON.stringify(text.slice(0, 40)), 'a JSON object')
}

const parseMetadata = (path: string, value: unknown): E.Either<FileError, Header['metadata']> => {
  if (value === undefined) return E.right({})
  const texts =
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((text) => typeof text === 'string')
  return texts
    ? E.right(value as Header['metadata'])
    : bad({ path }, `"${METADATA}"`, shown(value), 'texts by name')
}

/** Entries must fill the data without holes or overlaps, as the format demands. */
const parseHeader = (text: string, path: string, dataBytes: number): E.Either<FileError, Header> => {
  const json = parseJson(text, path)
  if (E.isLeft(json)) return json
  const entries: Array<Entry & { end: number }> = []
  for (const [name, value] of Object.entries(json.right)) {
    if (name === METADATA) continue
    const entry = parseEntry(path, name, value)
    if (E.isLeft(entry)) return entry
    entries.push(entry.right)
  }
  entries.sort((a, b) => a.start - b.start || a.end - b.end)
  let at = 0
  for (const { name, start, end } of entries) {
    if (start !== at) {
      return bad({ path, entry: name }, 'its start', start, `${at}, where the one before ends`)
    }
    at = end
  }
  if (at > dataBytes) return E.left(truncated({ path }, dataBytes, at))
  if (at < dataBytes) {
    return bad({ path }, 'the size of the data', `${dataBytes} bytes`, `${at}, where the last tensor ends`)
  }
  return E.map((metadata: Header['metadata']) => ({ entries, metadata }))(
    parseMetadata(path, json.right[METADATA])
  )
}

const readHeader = async (file: OpenFile): Promise<Outcome<Header & { readonly start: number }>> => {
  const { path, size } = file
  if (size === 0) return E.left(emptyFile({ path }, 'tensor'))
  if (size < LENGTH_BYTES) return E.left(truncated({ path }, size, LENGTH_BYTES))
  const region = wholeFile(file)
  const lengthBytes = Buffer.alloc(LENGTH_BYTES)
  const first = await readAt(region, lengthBytes, 0)
  if (E.isLeft(first)) return first
  const length = Number(lengthBytes.readBigUInt64LE(0))
  if (length > LONGEST_HEADER) {
    return E.left(notThisFormat({ path }, `a header length of ${length} bytes`, 'a .safetensors file'))
  }
  const start = LENGTH_BYTES + length
  if (start > size) return E.left(truncated({ path }, size, start))
  const text = Buffer.alloc(length)
  const read = await readAt(region, text, LENGTH_BYTES)
  if (E.isLeft(read)) return read
  return E.map((header: Header) => ({ ...header, start }))(
    parseHeader(text.toString('utf8'), path, size - start)
  )
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
export const readSafetensors = (path: string, options: ReadOptions = {}): TaskEither<FileError, Tensors> =>
  withFile(path, async (file) => {
    const header = await readHeader(file)
    if (E.isLeft(header)) return header
    const tensors: [string, NumericArray][] = []
    let left = memoryLimit(options)
    for (const { name, layout, start } of header.right.entries) {
      const region = {
        place: { path, entry: name },
        handle: file.handle,
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

const formatHeader = (
  tensors: Readonly<Record<string, NumericArray>>,
  metadata: Readonly<Record<string, string>>
): Buffer => {
  const json: Record<string, unknown> = Object.keys(metadata).length === 0 ? {} : { [METADATA]: metadata }
  let at = 0
  for (const [name, array] of Object.entries(tensors)) {
    const element = elements[elementTypeOf(array) as ElementType]
    const end = at + entryCount(array.shape) * element.bytes
    json[name] = { dtype: element.safetensors, shape: array.shape, data_offsets: [at, end] }
    at = end
  }
  const text = Buffer.from(JSON.stringify(json), 'utf8')
  // Padded with spaces, so that the data are aligned.
  const padded = Math.ceil(text.length / LENGTH_BYTES) * LENGTH_BYTES
  const header = Buffer.alloc(LENGTH_BYTES + padded, ' ')
  header.writeBigUInt64LE(BigInt(padded), 0)
  text.copy(header, LENGTH_BYTES)
  return header
}

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
  writeAtomically(path, (handle) => async () => {
    for (const [name, array] of Object.entries(tensors)) {
      if (name === METADATA) {
        return E.left(badName(path, name, 'another; the format keeps this one for itself'))
      }
      const sound = checked(array, showPlace({ path, entry: name }))
      if (E.isLeft(sound)) return sound
    }
    const header = await writeBytes(path, handle, formatHeader(tensors, metadata))
    if (E.isLeft(header)) return header
    for (const array of Object.values(tensors)) {
      for (const block of encode(array)) {
        const written = await writeBytes(path, handle, block)
        if (E.isLeft(written)) return written
      }
    }
    return E.right(undefined)
  })
