/** What can be wrong with people's data, beside what can be wrong with their files. */
import type { FileError } from '@mechid/files'
import {
  type Degenerate,
  type InvalidOption,
  type NotFinite,
  type ShapeMismatch,
  type Tagged,
  type TooFewRows,
  tagged,
  type UnknownName
} from '@mechid/values'

/** Cells that are empty, NaN or infinite: how many, in which columns, and the first of them. */
export interface MissingValues extends Tagged<'MissingValues'> {
  readonly where: string
  readonly count: number
  readonly columns: readonly string[]
  /** Counted from 0, the header not counted. */
  readonly firstRow: number
}

const SHOWN_NAMES = 8

/** `a, b, c and 5 more`. */
export const listed = (names: readonly string[]): string =>
  names.length <= SHOWN_NAMES
    ? names.join(', ')
    : `${names.slice(0, SHOWN_NAMES).join(', ')} and ${names.length - SHOWN_NAMES} more`

export const missingValues = (
  where: string,
  count: number,
  columns: readonly string[],
  firstRow: number
): MissingValues => {
  const cells = count === 1 ? '1 value is' : `${count.toLocaleString('en-US')} values are`
  const words = `${where}: ${cells} missing, NaN or infinite (in ${listed(columns)}; first in row ${firstRow}, counted from 0; of a table, line ${firstRow + 2}); leave those rows or columns out, or fill them in`
  return tagged('MissingValues', { where, count, columns, firstRow }, words)
}

/** A file of a kind that is not read here, with the line that converts it. */
export interface Unreadable extends Tagged<'Unreadable'> {
  readonly path: string
  readonly remedy: string
}

export const unreadable = (path: string, kind: string, remedy: string): Unreadable =>
  tagged('Unreadable', { path, remedy }, `${path}: ${kind} is not read here; ${remedy}`)

/** New data that do not fit the features that a model was trained on. */
export interface OtherFeatures extends Tagged<'OtherFeatures'> {
  readonly where: string
  readonly trained: readonly string[]
  readonly given: readonly string[]
}

export const otherFeatures = (
  where: string,
  trained: readonly string[],
  given: readonly string[]
): OtherFeatures =>
  tagged(
    'OtherFeatures',
    { where, trained, given },
    `${where}: the features are ${listed(given)} (${given.length}), expected those of the training in their order: ${listed(trained)} (${trained.length})`
  )

/** Observations could be read before, and cannot any more. */
export interface Unavailable extends Tagged<'Unavailable'> {
  readonly where: string
  readonly reason: string
}

export const unavailable = (where: string, reason: string): Unavailable =>
  tagged('Unavailable', { where, reason }, `${where}: observations could not be read (${reason})`)

export type RecordingError =
  | FileError
  | Degenerate
  | InvalidOption
  | MissingValues
  | NotFinite
  | OtherFeatures
  | ShapeMismatch
  | TooFewRows
  | Unavailable
  | UnknownName
  | Unreadable
