/** What can go wrong with a file of numbers, as one tagged union. */
import {
  closestWord,
  type Expectation,
  expectation,
  type InvalidOption,
  type NotWritable,
  reasonOf,
  type ShapeMismatch,
  type Tagged,
  type TooLarge,
  tagged,
  tooLarge
} from '@mechid/values'

/** A path and, in archives and tensor files, the entry. */
export interface Place {
  readonly path: string
  readonly entry?: string
}

/** `data.npz, entry "x"`, or the path alone. */
export const showPlace = (place: Place): string =>
  place.entry === undefined ? place.path : `${place.path}, entry "${place.entry}"`

/** There is no such file. */
export interface NotFound extends Tagged<'NotFound'> {
  readonly path: string
}

/** The operating system refused, or the kind of file forbids it; `reason` says which. */
export interface NotReadable extends Tagged<'NotReadable'> {
  readonly path: string
  readonly reason: string
}

/** The file holds no bytes, or a csv no rows of data. */
export interface EmptyFile extends Tagged<'EmptyFile'>, Place {
  readonly missing: string
}

/** The file ends early; numbers are bytes. */
export interface Truncated extends Tagged<'Truncated'>, Place {
  /** Absent where the format does not tell. */
  readonly expected?: number
  readonly actual: number
}

/** The checksum or the compressed stream is wrong. */
export interface Corrupt extends Tagged<'Corrupt'>, Place {
  readonly reason: string
}

/** The file is of another format. */
export interface NotThisFormat extends Expectation<'NotThisFormat'>, Place {}

/** The header or directory contradicts itself, the file's size or the format. */
export interface BadHeader extends Expectation<'BadHeader'>, Place {}

/** Elements that are not real numbers or truth values (complex, text, objects, 8-bit floats …). */
export interface UnsupportedDtype extends Expectation<'UnsupportedDtype'>, Place {}

/** A name that the format cannot hold. */
export interface BadName extends Expectation<'BadName'>, Place {
  readonly name: string
}

/** No array or column of that name; `available` lists those that exist. */
export interface MissingEntry extends Tagged<'MissingEntry'> {
  readonly path: string
  readonly what: 'array' | 'column'
  readonly name: string
  readonly available: readonly string[]
}

/** A csv cell; `row` is the line of the file, counted from 1 with the header on line 1. */
export interface NotANumber extends Tagged<'NotANumber'> {
  readonly path: string
  readonly row: number
  readonly column: string
  readonly text: string
}

/** A csv row with too few or too many cells; `row` as that of `NotANumber`. */
export interface RaggedRow extends Tagged<'RaggedRow'> {
  readonly path: string
  readonly row: number
  readonly expected: number
  readonly actual: number
}

/** A request for rows that the array, of `rows` rows, does not have. */
export interface RowsOutOfRange extends Tagged<'RowsOutOfRange'>, Place {
  readonly start: number
  readonly count: number
  readonly rows: number
}

/**
 * Why a file could not be read or written.
 *
 * - `NotWritable`: the operating system refused; `reason` is what it said.
 * - `TooLarge`: more bytes than may be held in memory at once.
 * - `ShapeMismatch`: an array whose shape does not fit its number of elements, or its file.
 * - `InvalidOption`: numbers in a typed array of the wrong kind.
 */
export type FileError =
  | NotFound
  | NotReadable
  | NotWritable
  | EmptyFile
  | Truncated
  | NotThisFormat
  | BadHeader
  | Corrupt
  | UnsupportedDtype
  | TooLarge
  | MissingEntry
  | BadName
  | NotANumber
  | RaggedRow
  | ShapeMismatch
  | InvalidOption
  | RowsOutOfRange

const count = (n: number, unit: string): string => `${n.toLocaleString('en-US')} ${unit}${n === 1 ? '' : 's'}`

const LONGEST_QUOTE = 60
const quote = (text: string): string =>
  JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text)

/** `the bytes 93 4e 55`. */
export const showBytes = (bytes: Uint8Array): string =>
  `the bytes ${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}`

/** The constructor of expectations that a place in a file does not meet. */
const placed =
  <Tag extends string>(tag: Tag) =>
  (place: Place, what: string, actual: unknown, expected: string): Expectation<Tag> & Place => ({
    ...place,
    ...expectation(tag)(showPlace(place), what, actual, expected)
  })

export const notFound = (path: string): NotFound =>
  tagged('NotFound', { path }, `${path}: there is no such file; check the path`)

export const notReadable = (path: string, thrown: unknown): NotReadable => {
  const reason = reasonOf(thrown)
  const words = `${path}: cannot be read (${reason}); give a regular file that you may read`
  return tagged('NotReadable', { path, reason }, words)
}

/** `missing`: what there should be at least one of. */
export const emptyFile = (place: Place, missing: string): EmptyFile => {
  const words = `${showPlace(place)}: there is no ${missing}, expected at least one; write the data again`
  return tagged('EmptyFile', { ...place, missing }, words)
}

/** `expected` is left out where the format does not tell. */
export const truncated = (place: Place, actual: number, expected?: number): Truncated => {
  const whole = expected === undefined ? 'a directory at its end' : `at least ${count(expected, 'byte')}`
  const words = `${showPlace(place)}: cut off after ${count(actual, 'byte')}, expected ${whole}; copy or write it again`
  return tagged('Truncated', { ...place, actual, ...(expected === undefined ? {} : { expected }) }, words)
}

export const corrupt = (place: Place, thrown: unknown): Corrupt => {
  const reason = reasonOf(thrown)
  return tagged(
    'Corrupt',
    { ...place, reason },
    `${showPlace(place)}: damaged (${reason}); copy or write it again`
  )
}

/** `actual`: what the file starts with. */
export const notThisFormat = (place: Place, actual: string, expected: string): NotThisFormat =>
  placed('NotThisFormat')(place, 'the start', actual, expected)

export const badHeader: (place: Place, what: string, actual: unknown, expected: string) => BadHeader =
  placed('BadHeader')

export const unsupportedDtype = (place: Place, dtype: string, supported: string): UnsupportedDtype =>
  placed('UnsupportedDtype')(place, 'the element type', dtype, supported)

export const badName = (path: string, name: string, expected: string): BadName => ({
  name,
  ...placed('BadName')({ path }, 'a name', quote(name), expected)
})

const listed = (available: readonly string[]): string =>
  available.length === 0 ? 'it holds none' : `it holds ${available.map((name) => `"${name}"`).join(', ')}`

/** For a file without something that it is read for. */
export const missingEntry = (
  path: string,
  what: MissingEntry['what'],
  name: string,
  available: readonly string[]
): MissingEntry => {
  const near = closestWord(name, available)
  const meant = near === undefined ? '' : `; did you mean "${near}"?`
  const words = `${path}: there is no ${what} "${name}"; ${listed(available)}${meant}`
  return tagged('MissingEntry', { path, what, name, available }, words)
}

export const notANumber = (path: string, row: number, column: string, text: string): NotANumber => {
  const empty = text.trim() === ''
  const [found, remedy] = empty
    ? ['empty', 'write one there']
    : [quote(text), 'write it like -1.5 or 2e-3 (decimal point, no thousands separator)']
  const cell = `line ${row}, column "${column}"`
  const words = `${path}: ${cell} is ${found}, expected a number; ${remedy}, or nan for a missing value`
  return tagged('NotANumber', { path, row, column, text }, words)
}

export const raggedRow = (path: string, row: number, actual: number, expected: number): RaggedRow => {
  const words =
    `${path}: line ${row} has ${count(actual, 'cell')}, expected ${expected} as the header has; ` +
    'give every row one cell a column'
  return tagged('RaggedRow', { path, row, actual, expected }, words)
}

export const rowsOutOfRange = (place: Place, start: number, wanted: number, rows: number): RowsOutOfRange => {
  const words =
    `${showPlace(place)}: the requested rows are ${start} to ${start + wanted - 1}, ` +
    `expected whole rows among its ${rows.toLocaleString('en-US')} (counted from 0)`
  return tagged('RowsOutOfRange', { ...place, start, count: wanted, rows }, words)
}

/** Bytes that do not fit in memory at once; `remedy`: what the file's format allows instead. */
export const tooManyBytes = (place: Place, bytes: number, limit: number, remedy: string): TooLarge =>
  tooLarge(showPlace(place), 'the number of bytes to hold in memory', bytes, limit, remedy)
