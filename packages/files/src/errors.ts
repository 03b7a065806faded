/** Everything that can go wrong with a file of numbers, as one tagged union with messages for people. */
import * as E from 'fp-ts/lib/Either.js'
import type { Show } from 'fp-ts/lib/Show.js'

/** Where in the file system: a path and, for archives and tensor files, the entry within. */
export interface Place {
  readonly path: string
  readonly entry?: string
}

/**
 * Why a file could not be read or written.
 *
 * - `NotFound`: there is no such file.
 * - `NotReadable`, `NotWritable`: the operating system refused; `reason` is its word.
 * - `EmptyFile`: the file holds no bytes, or a csv no data rows.
 * - `Truncated`: the file ends early. `expected` (bytes) is absent where the format does not tell.
 * - `NotThisFormat`: the content is something else; `found` says what.
 * - `BadHeader`: the header or directory contradicts itself, the file's size or the format.
 * - `Corrupt`: the checksum or the compressed stream is wrong.
 * - `UnsupportedDtype`: elements that are not real numbers or truth values (complex, text, objects, 8-bit floats …).
 * - `TooLarge`: more bytes than may be held in memory at once.
 * - `MissingEntry`: no array of that name; `available` lists those that exist.
 * - `BadName`: a name that the format cannot hold.
 * - `NotANumber`: a csv cell; `row` is the line of the file, counted from 1 with the header on line 1.
 * - `RaggedRow`: a csv row with too few or too many cells.
 * - `ShapeMismatch`: an array whose shape and number of elements differ, or does not fit its file.
 * - `RowsOutOfRange`: rows asked for that the array does not have.
 */
export type FileError =
  | { readonly _tag: 'NotFound'; readonly path: string }
  | { readonly _tag: 'NotReadable'; readonly path: string; readonly reason: string }
  | { readonly _tag: 'NotWritable'; readonly path: string; readonly reason: string }
  | ({ readonly _tag: 'EmptyFile'; readonly missing: string } & Place)
  | ({ readonly _tag: 'Truncated'; readonly expected?: number; readonly actual: number } & Place)
  | ({ readonly _tag: 'NotThisFormat'; readonly expected: string; readonly found: string } & Place)
  | ({ readonly _tag: 'BadHeader'; readonly detail: string } & Place)
  | ({ readonly _tag: 'Corrupt'; readonly detail: string } & Place)
  | ({ readonly _tag: 'UnsupportedDtype'; readonly dtype: string; readonly supported: string } & Place)
  | ({ readonly _tag: 'TooLarge'; readonly bytes: number; readonly limit: number } & Place)
  | {
      readonly _tag: 'MissingEntry'
      readonly path: string
      readonly name: string
      readonly available: readonly string[]
    }
  | { readonly _tag: 'BadName'; readonly path: string; readonly name: string; readonly detail: string }
  | {
      readonly _tag: 'NotANumber'
      readonly path: string
      readonly row: number
      readonly column: string
      readonly text: string
    }
  | {
      readonly _tag: 'RaggedRow'
      readonly path: string
      readonly row: number
      readonly expected: number
      readonly actual: number
    }
  | { readonly _tag: 'ShapeMismatch'; readonly where: string; readonly detail: string }
  | ({
      readonly _tag: 'RowsOutOfRange'
      readonly start: number
      readonly count: number
      readonly rows: number
    } & Place)

/** `data.npz, entry "x"`, or the path alone. */
export const showPlace = (place: Place): string =>
  place.entry === undefined ? place.path : `${place.path}, entry "${place.entry}"`

const bytes = (count: number): string => `${count.toLocaleString('en-US')} byte${count === 1 ? '' : 's'}`

const LONGEST_QUOTE = 60
const quote = (text: string): string =>
  JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text)

const names = (available: readonly string[]): string =>
  available.length === 0 ? 'it holds none' : `it holds ${available.map((name) => `"${name}"`).join(', ')}`

const notANumber = (row: number, column: string, text: string): string =>
  text.trim() === ''
    ? `row ${row}, column "${column}": the cell is empty; write a number there, or nan for a missing value`
    : `row ${row}, column "${column}": ${quote(text)} is not a number; ` +
      'write it like -1.5 or 2e-3 (decimal point, no thousands separator), or nan for a missing value'

/** What went wrong, where, and what would be right, in one sentence or two. */
export const message = (error: FileError): string => {
  switch (error._tag) {
    case 'NotFound':
      return `${error.path}: there is no such file; check the path`
    case 'NotReadable':
      return `${error.path}: cannot be read (${error.reason}); give a regular file that you may read`
    case 'NotWritable':
      return `${error.path}: cannot be written (${error.reason}); choose a place that you may write to`
    case 'EmptyFile':
      return `${showPlace(error)}: empty, there is no ${error.missing}; write the data again`
    case 'Truncated':
      return (
        `${showPlace(error)}: cut off after ${bytes(error.actual)}` +
        `${error.expected === undefined ? ', before its directory' : `, at least ${bytes(error.expected)} are needed`}; ` +
        'copy or write it again'
      )
    case 'NotThisFormat':
      return `${showPlace(error)}: expected ${error.expected}, found ${error.found}`
    case 'BadHeader':
      return `${showPlace(error)}: bad header: ${error.detail}`
    case 'Corrupt':
      return `${showPlace(error)}: damaged: ${error.detail}; copy or write it again`
    case 'UnsupportedDtype':
      return `${showPlace(error)}: elements of type ${error.dtype} are not supported; use ${error.supported}`
    case 'TooLarge':
      return (
        `${showPlace(error)}: ${bytes(error.bytes)} do not fit in memory at once (limit ${bytes(error.limit)}); ` +
        'open it and read it in chunks of rows'
      )
    case 'MissingEntry':
      return `${error.path}: there is no array "${error.name}"; ${names(error.available)}`
    case 'BadName':
      return `${error.path}: ${quote(error.name)} cannot be a name here: ${error.detail}`
    case 'NotANumber':
      return `${error.path}: ${notANumber(error.row, error.column, error.text)}`
    case 'RaggedRow':
      return (
        `${error.path}: row ${error.row} has ${error.actual} cell${error.actual === 1 ? '' : 's'}, ` +
        `the header has ${error.expected}; give every row one cell a column`
      )
    case 'ShapeMismatch':
      return `${error.where}: ${error.detail}`
    case 'RowsOutOfRange':
      return (
        `${showPlace(error)}: rows ${error.start} to ${error.start + error.count - 1} were asked for, ` +
        `it has ${error.rows}; ask for whole rows from 0 to ${Math.max(error.rows - 1, 0)}`
      )
  }
}

/** Shows an error as its message. */
export const showFileError: Show<FileError> = { show: message }

/**
 * The value, or a thrown `Error` with the message: for scripts that end at the first error.
 *
 * @example
 * const arrays = orThrow(await readNpz('data.npz')())
 */
export const orThrow = <A>(result: E.Either<FileError, A>): A => {
  if (E.isLeft(result)) throw new Error(message(result.left))
  return result.right
}
