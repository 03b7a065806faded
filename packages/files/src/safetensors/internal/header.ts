/** The header of a .safetensors file: where each tensor lies, as JSON. */
import { entryCount } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { flow } from 'fp-ts/lib/function.js'
import { bySafetensorsName, type ElementType, elements } from '../../arrays/element-type.js'
import { type Layout, layoutBytes } from '../../arrays/layout.js'
import { elementTypeOf, LARGEST_RANK, type NumericArray } from '../../arrays/numeric-array.js'
import { badHeader, type FileError, truncated, unsupportedDtype } from '../../errors.js'

interface Entry {
  readonly name: string
  readonly layout: Layout
  readonly start: number
}

export interface Header {
  readonly entries: readonly Entry[]
  readonly metadata: Readonly<Record<string, string>>
}

/** Bytes of the header's length, which stands before it. */
export const LENGTH_BYTES = 8
/** The name of what is no tensor. */
export const METADATA = '__metadata__'

const SPACE = 0x20

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
export const parseHeader = (text: string, path: string, dataBytes: number): E.Either<FileError, Header> => {
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

/** The header of checked tensors, with its length before it. */
export const formatHeader = (
  tensors: Readonly<Record<string, NumericArray>>,
  metadata: Readonly<Record<string, string>>
): Uint8Array => {
  const json: Record<string, unknown> = Object.keys(metadata).length === 0 ? {} : { [METADATA]: metadata }
  let at = 0
  for (const [name, array] of Object.entries(tensors)) {
    const element = elements[elementTypeOf(array) as ElementType]
    const end = at + entryCount(array.shape) * element.bytes
    json[name] = { dtype: element.safetensors, shape: array.shape, data_offsets: [at, end] }
    at = end
  }
  const text = new TextEncoder().encode(JSON.stringify(json))
  // Padded with spaces, so that the data are aligned.
  const padded = Math.ceil(text.length / LENGTH_BYTES) * LENGTH_BYTES
  const header = new Uint8Array(LENGTH_BYTES + padded).fill(SPACE)
  new DataView(header.buffer).setBigUint64(0, BigInt(padded), true)
  header.set(text, LENGTH_BYTES)
  return header
}
