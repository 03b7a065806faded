/** .csv files: a header line, then rows of numbers. Quoting and line ends are csv-parse's work. */
import { parse } from 'csv-parse'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { writeAtomically, writeBlocks } from './atomic-write.js'
import type { FileError } from './errors.js'
import { checked, type NumericArray } from './numeric-array.js'
import { type OpenFile, type Outcome, readFailure, withFile } from './open-file.js'

/** A table of numbers with named columns. */
export interface Table {
  readonly names: readonly string[]
  /** [rows, columns]. */
  readonly values: NumericArray<Float64Array>
}

const FIRST_ROWS = 1024
const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/
const NOT_A_NUMBER = /^\s*[+-]?nan\s*$/i
const INFINITE = /^\s*([+-]?)inf(inity)?\s*$/i

/** A cell's number; undefined for text. `nan` and `inf` are numbers here, as other programs write them. */
const cellNumber = (text: string): number | undefined => {
  if (NUMBER.test(text)) return Number(text)
  if (NOT_A_NUMBER.test(text)) return Number.NaN
  const infinite = INFINITE.exec(text)
  if (infinite === null) return undefined
  return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

interface Growing {
  data: Float64Array
  rows: number
}

const addRow = (
  path: string,
  names: readonly string[],
  cells: readonly string[],
  table: Growing
): FileError | undefined => {
  const line = table.rows + 2
  if (cells.length !== names.length) {
    return { _tag: 'RaggedRow', path, row: line, expected: names.length, actual: cells.length }
  }
  const at = table.rows * names.length
  if (at + names.length > table.data.length) {
    const larger = new Float64Array(2 * table.data.length)
    larger.set(table.data)
    table.data = larger
  }
  for (let j = 0; j < cells.length; j++) {
    const value = cellNumber(cells[j])
    if (value === undefined) return { _tag: 'NotANumber', path, row: line, column: names[j], text: cells[j] }
    table.data[at + j] = value
  }
  table.rows++
  return undefined
}

const headerNames = (path: string, cells: readonly string[]): E.Either<FileError, readonly string[]> => {
  const names = cells.map((cell) => cell.trim())
  if (names.every((name) => cellNumber(name) !== undefined)) {
    return E.left({ _tag: 'BadHeader', path, detail: 'line 1 holds numbers; write the columns’ names there' })
  }
  const twice = names.find((name, j) => names.indexOf(name) !== j)
  if (twice !== undefined)
    return E.left({ _tag: 'BadHeader', path, detail: `two columns are called "${twice}"` })
  return E.right(names)
}

const readTable = async (file: OpenFile): Promise<Outcome<Table>> => {
  const { path } = file
  let names: readonly string[] | undefined
  let table: Growing = { data: new Float64Array(0), rows: 0 }
  const records = file.handle
    .createReadStream({ autoClose: false, start: 0 })
    .pipe(parse({ bom: true, relax_column_count: true, skip_empty_lines: true }))
  try {
    for await (const cells of records as AsyncIterable<string[]>) {
      if (names === undefined) {
        const header = headerNames(path, cells)
        if (E.isLeft(header)) return header
        names = header.right
        table = { data: new Float64Array(FIRST_ROWS * names.length), rows: 0 }
        continue
      }
      const wrong = addRow(path, names, cells, table)
      if (wrong !== undefined) return E.left(wrong)
    }
  } catch (cause) {
    if (String((cause as { code?: string }).code).startsWith('CSV')) {
      return E.left({ _tag: 'BadHeader', path, detail: (cause as Error).message })
    }
    return E.left(readFailure(path, cause))
  } finally {
    records.destroy()
  }
  if (names === undefined) return E.left({ _tag: 'EmptyFile', path, missing: 'header line' })
  if (table.rows === 0) return E.left({ _tag: 'EmptyFile', path, missing: 'row of data' })
  const data = table.data.slice(0, table.rows * names.length)
  return E.right({ names, values: { data, shape: [table.rows, names.length] } })
}

/**
 * Reads a table with a header line. Rows are counted as lines, the header on line 1.
 *
 * Errors: `NotFound`, `NotReadable`, `EmptyFile`, `BadHeader`, `RaggedRow`, `NotANumber` (with row and column).
 */
export const readCsv = (path: string): TaskEither<FileError, Table> => withFile(path, readTable)

const quoted = (name: string): string => (/[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name)

const ROWS_A_BLOCK = 4096

function* csvBlocks(names: readonly string[], { data, shape }: NumericArray): Generator<Uint8Array> {
  yield Buffer.from(`${names.map(quoted).join(',')}\n`)
  const columns = names.length
  for (let start = 0; start < shape[0]; start += ROWS_A_BLOCK) {
    const lines: string[] = []
    const end = Math.min(shape[0], start + ROWS_A_BLOCK)
    for (let i = start; i < end; i++) lines.push(data.subarray(i * columns, (i + 1) * columns).join(','))
    yield Buffer.from(`${lines.join('\n')}\n`)
  }
}

/**
 * Writes a table [rows, columns] with a header line, atomically. Numbers are written so that they read back
 * the same.
 *
 * Errors: `ShapeMismatch`, `NotWritable`.
 */
export const writeCsv = (
  path: string,
  names: readonly string[],
  values: NumericArray
): TaskEither<FileError, void> => {
  const sound = checked(values, path)
  if (E.isLeft(sound)) return async () => sound
  if (values.shape.length !== 2 || values.shape[1] !== names.length) {
    const detail = `shape [${values.shape.join(', ')}] does not fit ${names.length} column names`
    return async () => E.left({ _tag: 'ShapeMismatch', where: path, detail })
  }
  return writeAtomically(path, writeBlocks(path, csvBlocks(names, values)))
}
