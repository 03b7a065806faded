/** The header of a .npy file: NumPy Enhancement Proposal 1, format versions 1.0, 2.0 and 3.0. */
import * as E from 'fp-ts/lib/Either.js'
import { flow } from 'fp-ts/lib/function.js'
import { byNumpyCode, type ElementType, elements } from '../arrays/element-type.js'
import { type Layout, layoutBytes } from '../arrays/layout.js'
import { LARGEST_RANK } from '../arrays/numeric-array.js'
import {
  badHeader,
  type FileError,
  notThisFormat,
  type Place,
  showBytes,
  truncated,
  unsupportedDtype
} from '../errors.js'
import type { ByteSource } from '../reading/byte-source.js'
import type { Outcome } from '../reading/open-file.js'

/** The first six bytes of every .npy file: 0x93 `NUMPY`. */
const NPY_MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59)

const SUPPORTED =
  'float16, float32, float64, int8 to int64, uint8 to uint64 or bool (array.astype("float64"))'
/** How NumPy makes numbers of what is none, by the letter of its type. */
const REMEDIES: Readonly<Record<string, string>> = {
  U: 'numbers: numpy.unique(array, return_inverse=True)[1] gives each text a number',
  S: 'numbers: numpy.unique(array, return_inverse=True)[1] gives each text a number',
  O: 'numbers: array.astype("float64") if all objects are, or else numpy.unique(array, return_inverse=True)[1]',
  c: 'real numbers: array.real and array.imag are two such arrays',
  M: 'numbers: array.astype("int64") gives ticks of its unit',
  m: 'numbers: array.astype("int64") gives ticks of its unit',
  V: 'one kind of numbers: write each field as an array of its own'
}

// NumPy itself refuses to parse more than 10,000 characters.
const LONGEST_HEADER = 1 << 20

/** Letters made at once: each is an argument. */
const LETTERS = 1 << 12

const bad = flow(badHeader, E.left)

const parseShape = (text: string): readonly number[] | undefined => {
  // Python 2 wrote long integers with an L.
  const parts = text
    .split(',')
    .map((part) => part.trim().replace(/L$/, ''))
    .filter((part) => part !== '')
  if (!parts.every((part) => /^\d+$/.test(part))) return undefined
  const shape = parts.map(Number)
  return Number.isSafeInteger(shape.reduce((product, n) => product * Math.max(n, 1), 8)) ? shape : undefined
}

/** The dictionary literal of a header, such as `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }`. */
export const parseNpyHeader = (text: string, place: Place): E.Either<FileError, Layout> => {
  const literal = text.trim()
  if (!literal.startsWith('{') || !literal.endsWith('}')) {
    return bad(place, 'the header', JSON.stringify(literal.slice(0, 40)), 'a Python dictionary')
  }
  if (/'descr'\s*:\s*[[(]/.test(literal)) {
    return E.left(unsupportedDtype(place, 'record (several fields)', REMEDIES.V))
  }
  const descr = /'descr'\s*:\s*(['"])([<>=|]?)([^'"]*)\1/.exec(literal)
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(literal)
  const tuple = /'shape'\s*:\s*\(([^)]*)\)/.exec(literal)
  if (descr === null) return bad(place, "'descr'", 'missing', "an element type such as '<f8'")
  if (order === null) return bad(place, "'fortran_order'", 'missing', 'True or False')
  if (tuple === null) return bad(place, "'shape'", 'missing', 'lengths such as (100, 3)')
  const dtype = byNumpyCode.get(descr[3])
  if (dtype === undefined)
    return E.left(unsupportedDtype(place, descr[2] + descr[3], REMEDIES[descr[3][0]] ?? SUPPORTED))
  const shape = parseShape(tuple[1])
  if (shape === undefined) {
    return bad(place, "'shape'", JSON.stringify(`(${tuple[1].slice(0, 60)})`), 'a tuple of lengths')
  }
  if (shape.length > LARGEST_RANK) {
    return bad(place, "'shape'", `${shape.length} lengths`, `at most ${LARGEST_RANK}`)
  }
  return E.right({ dtype, bigEndian: descr[2] === '>', fortran: order[1] === 'True', shape })
}

const uint16 = (bytes: Uint8Array, at: number): number => bytes[at] | (bytes[at + 1] << 8)

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** Each byte is a letter. A `TextDecoder` takes some of them for others, as the web does. */
const latin1 = (bytes: Uint8Array): string => {
  const parts: string[] = []
  for (let at = 0; at < bytes.length; at += LETTERS)
    parts.push(String.fromCharCode(...bytes.subarray(at, at + LETTERS)))
  return parts.join('')
}

const readUpTo = async (source: ByteSource, length: number): Promise<Outcome<Uint8Array>> => {
  const bytes = new Uint8Array(length)
  return E.map(() => bytes)(await source.fill(bytes))
}

/**
 * Reads the header at the start of `source` and holds it against the source's length. The source then stands at
 * the first element; `start` is that place.
 */
export const readNpyHeader = async (
  source: ByteSource
): Promise<Outcome<{ readonly layout: Layout; readonly start: number }>> => {
  const { place, length } = source
  const first = await readUpTo(source, Math.min(length, 10))
  if (E.isLeft(first)) return first
  const seen = first.right
  if (seen.subarray(0, 6).some((byte, i) => byte !== NPY_MAGIC[i])) {
    return E.left(notThisFormat(place, showBytes(seen.subarray(0, 6)), 'a .npy array (NumPy: numpy.save)'))
  }
  if (length < 10) return E.left(truncated(place, length, 10))
  const version = seen[6]
  if (version < 1 || version > 3) {
    return bad(place, 'the format version', `${version}.${seen[7]}`, '1.0, 2.0 or 3.0')
  }
  // Version 1 gives the length in two bytes, later ones in four.
  const prefix = version === 1 ? 10 : 12
  let headerLength = uint16(seen, 8)
  if (version > 1) {
    const more = await readUpTo(source, 2)
    if (E.isLeft(more)) return more
    headerLength += uint16(more.right, 0) * 0x10000
  }
  const start = prefix + headerLength
  if (start > length) return E.left(truncated(place, length, start))
  if (headerLength > LONGEST_HEADER) {
    return bad(place, 'the header', `${headerLength} bytes long`, `at most ${LONGEST_HEADER}`)
  }
  const text = await readUpTo(source, headerLength)
  if (E.isLeft(text)) return text
  const layout = parseNpyHeader(version === 3 ? utf8.decode(text.right) : latin1(text.right), place)
  if (E.isLeft(layout)) return layout
  const expected = start + layoutBytes(layout.right)
  if (expected > length) return E.left(truncated(place, length, expected))
  if (expected < length) {
    return bad(place, 'the size', `${length} bytes`, `${expected} as the header says; one array a file`)
  }
  return E.right({ layout: layout.right, start })
}

const ALIGNMENT = 64
const [SPACE, LINE_FEED] = [0x20, 0x0a]

/**
 * A version 1.0 header for row-major, little-endian elements, padded so that the elements start at a multiple of
 * 64 bytes. With `atLeast`, padded to be no shorter than that.
 */
export const formatNpyHeader = (dtype: ElementType, shape: readonly number[], atLeast = 0): Uint8Array => {
  const { numpy, bytes } = elements[dtype]
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const literal = `{'descr': '${bytes === 1 ? '|' : '<'}${numpy}', 'fortran_order': False, 'shape': (${tuple}), }`
  const unpadded = Math.max(10 + literal.length + 1, atLeast)
  const total = Math.ceil(unpadded / ALIGNMENT) * ALIGNMENT
  const header = new Uint8Array(total).fill(SPACE)
  header.set(NPY_MAGIC)
  header.set([1, 0, (total - 10) & 0xff, (total - 10) >>> 8], 6)
  header.set(new TextEncoder().encode(literal), 10)
  header[total - 1] = LINE_FEED
  return header
}

/** bfloat16 has no NumPy code; every other type does. */
export const checkNumpyType = (dtype: ElementType, place: Place): E.Either<FileError, ElementType> =>
  elements[dtype].numpy === undefined
    ? E.left(unsupportedDtype(place, dtype, 'float32 or float16, or a .safetensors file'))
    : E.right(dtype)
