/** Errors are plain values: a tag to match on, fields to decide with, and a sentence for people. */
import type { Show } from 'fp-ts/lib/Show.js'
import { closestWord } from './closest-word.js'

/** What every error of these packages has. */
export interface Tagged<Tag extends string = string> {
  readonly _tag: Tag
  /** One line for people: where it arose, what was given, what would be right. Indices count from 0. */
  readonly message: string
}

/** Makes an error of a package's own from its tag, its fields and its message. */
export const tagged = <Tag extends string, Fields extends object>(
  _tag: Tag,
  fields: Fields,
  message: string
): Tagged<Tag> & Readonly<Fields> => ({ ...fields, _tag, message })

/** Shows an error as its message. */
export const showError: Show<Tagged> = { show: ({ message }) => message }

/** The form of most errors: something is one way and should be another. */
export interface Expectation<Tag extends string> extends Tagged<Tag> {
  /** The function, file or argument at which it arose. */
  readonly where: string
  /** What was wrong there. */
  readonly what: string
  readonly actual: string
  readonly expected: string
}

/** The constructor of errors that say what was expected. `actual` may be anything that `String` shows. */
export const expectation =
  <Tag extends string>(tag: Tag) =>
  (where: string, what: string, actual: unknown, expected: string): Expectation<Tag> =>
    tagged(
      tag,
      { where, what, actual: String(actual), expected },
      `${where}: ${what} is ${String(actual)}, expected ${expected}`
    )

/** A number or an option outside what makes sense. */
export type InvalidOption = Expectation<'InvalidOption'>
export const invalidOption = expectation('InvalidOption')

/** Sizes that do not fit: of an array and its data, of two arrays, or of a list. */
export type ShapeMismatch = Expectation<'ShapeMismatch'>
export const shapeMismatch = expectation('ShapeMismatch')

/** Data that do not vary, or do not vary in enough directions. */
export type Degenerate = Expectation<'Degenerate'>
export const degenerate = expectation('Degenerate')

/** A matrix or map that has to be inverted and cannot be. */
export type NotInvertible = Expectation<'NotInvertible'>
export const notInvertible = expectation('NotInvertible')

/** Indices of an entry, from 0. Axes that the array does not have are left out. */
export interface EntryPlace {
  readonly row?: number
  readonly frame?: number
  readonly column?: number
}

/** A value that is NaN or infinite. */
export interface NotFinite extends Tagged<'NotFinite'>, EntryPlace {
  readonly where: string
  readonly what: string
  readonly value: number
}

const showEntryPlace = (place: EntryPlace): string => {
  const axes = (['row', 'frame', 'column'] as const).filter((axis) => place[axis] !== undefined)
  return axes.length === 0
    ? ''
    : ` at ${axes.map((axis) => `${axis} ${place[axis]}`).join(', ')} (counted from 0)`
}

export const notFinite = (where: string, what: string, value: number, place: EntryPlace = {}): NotFinite =>
  tagged(
    'NotFinite',
    { ...place, where, what, value },
    `${where}: ${what} is ${value}${showEntryPlace(place)}, expected finite numbers`
  )

/** Fewer rows than are needed. */
export interface TooFewRows extends Tagged<'TooFewRows'> {
  readonly where: string
  readonly actual: number
  readonly needed: number
}

export const tooFewRows = (where: string, actual: number, needed: number): TooFewRows =>
  tagged(
    'TooFewRows',
    { where, actual, needed },
    `${where}: ${actual} ${actual === 1 ? 'row' : 'rows'}, at least ${needed} are needed`
  )

/** The message of what was thrown. */
export const reasonOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown)

/** A function that the user gave threw. */
export interface DefinitionThrew extends Tagged<'DefinitionThrew'> {
  readonly where: string
  readonly reason: string
}

export const definitionThrew = (where: string, thrown: unknown): DefinitionThrew => {
  const reason = reasonOf(thrown)
  const words = `${where}: the definition threw "${reason}", expected a function that returns its outputs`
  return tagged('DefinitionThrew', { where, reason }, words)
}

/** A name that is not known. */
export interface UnknownName extends Tagged<'UnknownName'> {
  readonly where: string
  readonly name: string
  readonly known: readonly string[]
}

const MOST_NAMES = 20

/** `a, b, c`; of very many the first ones. */
const named = (known: readonly string[]): string =>
  known.length <= MOST_NAMES
    ? known.join(', ')
    : `${known.slice(0, MOST_NAMES).join(', ')} and ${known.length - MOST_NAMES} more`

export const unknownName = (where: string, name: string, known: readonly string[]): UnknownName => {
  const near = closestWord(name, known)
  const meant = near === undefined ? '' : `; did you mean "${near}"?`
  const words = `${where}: there is no "${name}", expected one of ${named(known)}${meant}`
  return tagged('UnknownName', { where, name, known }, words)
}

/** More than a method, a format or memory can take. */
export interface TooLarge extends Tagged<'TooLarge'> {
  readonly where: string
  readonly what: string
  readonly actual: number
  readonly limit: number
}

/** `remedy`: what to do instead. */
export const tooLarge = (
  where: string,
  what: string,
  actual: number,
  limit: number,
  remedy?: string
): TooLarge => {
  const [found, most] = [actual, limit].map((count) => count.toLocaleString('en-US'))
  const instead = remedy === undefined ? '' : `; ${remedy}`
  const words = `${where}: ${what} is ${found}, expected at most ${most}${instead}`
  return tagged('TooLarge', { where, what, actual, limit }, words)
}

/** A search that reached its limit without an answer. */
export interface SearchLimit extends Tagged<'SearchLimit'> {
  readonly where: string
  readonly what: string
  readonly limit: number
}

export const searchLimit = (where: string, what: string, limit: number): SearchLimit => {
  const steps = limit.toLocaleString('en-US')
  const words = `${where}: ${what} was not decided within ${steps} steps; a higher limit may decide it`
  return tagged('SearchLimit', { where, what, limit }, words)
}

/** The caller's signal stopped the work. */
export interface Aborted extends Tagged<'Aborted'> {
  readonly where: string
}

export const aborted = (where: string): Aborted =>
  tagged('Aborted', { where }, `${where}: stopped by its signal; nothing was kept`)

/** A file that cannot be written. */
export interface NotWritable extends Tagged<'NotWritable'> {
  readonly path: string
  readonly reason: string
}

export const notWritable = (path: string, thrown: unknown): NotWritable => {
  const reason = reasonOf(thrown)
  const words = `${path}: cannot be written (${reason}); choose a place that you may write to`
  return tagged('NotWritable', { path, reason }, words)
}
