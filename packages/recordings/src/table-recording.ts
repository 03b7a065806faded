/** Recordings in tables: columns by name, one line a row or a frame. */
import {
  type ColumnTable,
  type FileInput,
  inputName,
  type Levels,
  type NumberColumn,
  readTable,
  type TextColumn
} from '@mechid/files'
import { invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Channels } from './channels.js'
import { listed, type RecordingError } from './errors.js'
import type { Recording } from './recording.js'
import { selectColumns } from './selection.js'

/** Selections as `selectColumns` reads them. */
export interface ColumnSelections {
  /** Columns of features; if left out x0, x1, …, or else all columns of numbers that nothing else names. */
  readonly features?: string
  /** Columns of actions; if left out a0, a1, …. Columns of text are discrete actions. */
  readonly actions?: string
  /** Columns of true latents; if left out z0, z1, …. */
  readonly latents?: string
  /** The column that tells sequences apart: lines with the same value in it, in the file's order. */
  readonly sequence?: string
}

export interface TableRecordingOptions extends ColumnSelections {
  /** Whether lines are frames, one after the other. */
  readonly series?: boolean
}

type Outcome<A> = E.Either<RecordingError, A>
type Group = 'features' | 'actions' | 'latents'

const GROUPS: readonly (readonly [group: Group, letter: string])[] = [
  ['actions', 'a'],
  ['latents', 'z'],
  ['features', 'x']
]

/** `x0`, `x_1`, `a2`: the letter and a number. */
const numbered = (letter: string, names: readonly string[]): readonly number[] => {
  const numberedName = new RegExp(`^${letter}_?\\d+$`, 'i')
  return names.flatMap((name, j) => (numberedName.test(name) ? [j] : []))
}

const isText = (column: NumberColumn | TextColumn | undefined): column is TextColumn =>
  column?._tag === 'Text'

/** A few slips do not make a column of numbers one of text. */
const isMostlyText = ({ columns, rows }: ColumnTable, name: string): boolean => {
  const column = columns.get(name)
  return isText(column) && column.numbers <= rows / 2
}

/** The columns of each group, and what is said of those left alone. */
interface Chosen {
  readonly groups: Readonly<Record<Group, readonly number[]>>
  readonly sequence: number | undefined
  readonly notes: readonly string[]
}

const chosenColumns = (path: string, table: ColumnTable, options: TableRecordingOptions): Outcome<Chosen> => {
  const { names } = table
  const groups: Record<Group, readonly number[]> = { features: [], actions: [], latents: [] }
  const sequence = options.sequence === undefined ? E.right([]) : selectColumns(path, options.sequence, names)
  if (E.isLeft(sequence)) return sequence
  if (sequence.right.length > 1)
    return E.left(invalidOption(path, 'the sequence column', options.sequence, 'one column'))
  for (const [group, letter] of GROUPS) {
    const selection = options[group]
    const found =
      selection === undefined ? E.right(numbered(letter, names)) : selectColumns(path, selection, names)
    if (E.isLeft(found)) return found
    groups[group] = found.right
  }
  const taken = new Set([...groups.actions, ...groups.latents, ...sequence.right])
  if (options.features === undefined && groups.features.length === 0)
    groups.features = names.flatMap((name, j) => (taken.has(j) || isMostlyText(table, name) ? [] : [j]))
  const both = groups.features.find((j) => taken.has(j))
  if (both !== undefined)
    return E.left(invalidOption(path, `column "${names[both]}"`, 'both feature and another', 'one of them'))
  const used = new Set([...taken, ...groups.features])
  const left = names.filter((_, j) => !used.has(j))
  const notes = left.length === 0 ? [] : [`Columns left alone: ${listed(left)}.`]
  return E.right({ groups, sequence: sequence.right[0], notes })
}

/** Columns as lines; text is refused where numbers are needed. */
const channelsOf = (
  path: string,
  what: string,
  { names, columns, rows }: ColumnTable,
  chosen: readonly number[],
  textAllowed: boolean
): Outcome<Channels> => {
  const data = new Float64Array(rows * chosen.length)
  const labels = new Map<number, readonly string[]>()
  for (const [p, j] of chosen.entries()) {
    const column = columns.get(names[j]) as NumberColumn | TextColumn
    if (isText(column) && (!textAllowed || column.levels === undefined)) {
      const { line, text } = column.firstText
      const where = `column "${names[j]}", taken as ${what},`
      const slip = column.numbers > rows / 2
      const wanted = slip ? `a column of numbers: correct line ${line}` : 'a column of numbers'
      const expected = textAllowed
        ? 'numbers, or labels of which there are few'
        : `${wanted}, or leave the column out${what === 'a feature' ? ', or take it as an action' : ''}`
      return E.left(invalidOption(path, where, `text (${JSON.stringify(text)} in line ${line})`, expected))
    }
    const values = isText(column) ? (column.levels as Levels).codes : column.values
    if (isText(column)) labels.set(p, (column.levels as Levels).labels)
    for (let i = 0; i < rows; i++) data[i * chosen.length + p] = values[i]
  }
  return E.right({
    names: chosen.map((j) => names[j]),
    lines: rows,
    data,
    ...(labels.size > 0 ? { labels } : {})
  })
}

/** Lengths of runs of equal values; each value may have one run only. */
const runLengths = (path: string, name: string, values: ArrayLike<number>): Outcome<readonly number[]> => {
  const lengths: number[] = []
  const seen = new Set<number>()
  for (let i = 0; i < values.length; i++) {
    if (i > 0 && values[i] === values[i - 1]) {
      lengths[lengths.length - 1]++
      continue
    }
    if (seen.has(values[i])) {
      const actual = `a value again in line ${i + 2} after others`
      return E.left(
        invalidOption(path, `the sequence column "${name}"`, actual, 'the lines of a sequence together')
      )
    }
    seen.add(values[i])
    lengths.push(1)
  }
  return E.right(lengths)
}

const sequencesOf = (
  path: string,
  { names, columns, rows }: ColumnTable,
  { sequence }: Chosen,
  series: boolean
): Outcome<readonly number[] | undefined> => {
  if (sequence === undefined) return E.right(series ? [rows] : undefined)
  const column = columns.get(names[sequence]) as NumberColumn | TextColumn
  const values = isText(column) ? column.levels?.codes : column.values
  return values === undefined
    ? E.left(
        invalidOption(
          path,
          `the sequence column "${names[sequence]}"`,
          'text that is always another',
          'a name a sequence'
        )
      )
    : runLengths(path, names[sequence], values)
}

const recordingOf = (
  path: string,
  table: ColumnTable,
  options: TableRecordingOptions
): Outcome<Recording> => {
  const chosen = chosenColumns(path, table, options)
  if (E.isLeft(chosen)) return chosen
  const { features, actions, latents } = chosen.right.groups
  if (features.length === 0) {
    const actual = `none among ${listed(table.names)}`
    return E.left(invalidOption(path, 'the columns of features', actual, 'one column of numbers at least'))
  }
  const x = channelsOf(path, 'a feature', table, features, false)
  if (E.isLeft(x)) return x
  const a = channelsOf(path, 'an action', table, actions, true)
  if (E.isLeft(a)) return a
  const z = channelsOf(path, 'a true latent', table, latents, false)
  if (E.isLeft(z)) return z
  const lengths = sequencesOf(path, table, chosen.right, options.series === true)
  if (E.isLeft(lengths)) return lengths
  return E.right({
    name: path,
    x: x.right,
    ...(actions.length === 0 ? {} : { a: a.right }),
    ...(latents.length === 0 ? {} : { z: z.right }),
    ...(lengths.right === undefined ? {} : { lengths: lengths.right }),
    notes: chosen.right.notes
  })
}

/** The columns that are read: those that are named, or all where numbers have to be told from text first. */
const readColumns = (
  options: TableRecordingOptions
): ((name: string, names: readonly string[]) => boolean) => {
  let needed: ReadonlySet<string> | undefined
  const neededOf = (names: readonly string[]): ReadonlySet<string> => {
    const selected = (selection: string | undefined, letter?: string): readonly number[] => {
      if (selection === undefined) return letter === undefined ? [] : numbered(letter, names)
      // What names no column is said once the table has been read.
      return E.getOrElse((): readonly number[] => [])(selectColumns('', selection, names))
    }
    const groups = GROUPS.map(([group, letter]) => selected(options[group], letter))
    const unnamed = options.features === undefined && numbered('x', names).length === 0
    const chosen = unnamed ? names.map((_, j) => j) : [...groups.flat(), ...selected(options.sequence)]
    return new Set(chosen.map((j) => names[j]))
  }
  return (name, names) => {
    needed ??= neededOf(names)
    return needed.has(name)
  }
}

/** Reads a recording of a table. Errors: those of `readTable`, `UnknownName`, `InvalidOption`. */
export const readTableRecording = (
  source: FileInput,
  options: TableRecordingOptions
): TE.TaskEither<RecordingError, Recording> =>
  pipe(
    readTable(source, { columns: readColumns(options) }),
    TE.mapLeft((error): RecordingError => error),
    TE.flatMapEither((table) => recordingOf(inputName(source), table, options))
  )
