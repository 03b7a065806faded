/** Reads .csv files a block of rows at a time: a header line, then numbers. */
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { badHeader, emptyFile, type FileError, notANumber, raggedRow } from '../errors.js'
import { type FileInput, withFile } from '../reading/file-input.js'
import type { OpenFile, Outcome } from '../reading/open-file.js'
import { recordsOf } from './record-stream.js'
import { LONGEST_NAME, type RecordOptions, recordFailure } from './records.js'

/** Some rows of a table. */
export interface CsvBlock {
  readonly names: readonly string[]
  /** The number of the block's first row, from 0, not counting the header. */
  readonly firstRow: number
  readonly rows: number
  /** Row-major [rows, columns]. Its memory is used again for the next block: copy what you keep. */
  readonly values: Float64Array
}

/** The size of a table. */
export interface CsvExtent {
  readonly names: readonly string[]
  readonly rows: number
}

type Visit = (block: CsvBlock) => TaskEither<FileError, void>

const BLOCK_ROWS = 4096
const PLAIN: RecordOptions = { delimiter: ',', compressed: false }
const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/
const NOT_A_NUMBER = /^\s*[+-]?nan\s*$/i
const INFINITE = /^\s*([+-]?)inf(inity)?\s*$/i

/** A cell's number; undefined for text. `nan` and `inf` are numbers here, as other programs write them. */
export const cellNumber = (text: string): number | undefined => {
  if (NUMBER.test(text)) return Number(text)
  if (NOT_A_NUMBER.test(text)) return Number.NaN
  const infinite = INFINITE.exec(text)
  if (infinite === null) return undefined
  return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

/** Puts a row's numbers at `out[at…]`; `line` is its line in the file. */
const parseRow = (
  path: string,
  names: readonly string[],
  cells: readonly string[],
  line: number,
  out: Float64Array,
  at: number
): FileError | undefined => {
  if (cells.length !== names.length) {
    return raggedRow(path, line, cells.length, names.length)
  }
  for (let j = 0; j < cells.length; j++) {
    const value = cellNumber(cells[j])
    if (value === undefined) return notANumber(path, line, names[j], cells[j])
    out[at + j] = value
  }
  return undefined
}

export const headerNames = (
  path: string,
  cells: readonly string[]
): E.Either<FileError, readonly string[]> => {
  const names = cells.map((cell) => cell.trim())
  if (names.every((name) => cellNumber(name) !== undefined)) {
    return E.left(badHeader({ path }, 'line 1', 'numbers', 'the columns’ names'))
  }
  const long = names.find((name) => name.length > LONGEST_NAME)
  if (long !== undefined) {
    const actual = `${long.length.toLocaleString('en-US')} letters long (${JSON.stringify(long.slice(0, 20))} …)`
    return E.left(badHeader({ path }, 'the name of a column', actual, `at most ${LONGEST_NAME} letters`))
  }
  const twice = names.find((name, j) => names.indexOf(name) !== j)
  if (twice !== undefined)
    return E.left(badHeader({ path }, `"${twice}"`, 'the name of two columns', 'one name a column'))
  return E.right(names)
}

/** Takes the records one after the other; `end` hands over the last block. */
const recordTaker = (path: string, visit: Visit) => {
  let names: readonly string[] | undefined
  let values = new Float64Array(0)
  let rows = 0
  let firstRow = 0

  const flush = async (): Promise<Outcome<void>> => {
    const count = rows - firstRow
    if (names === undefined || count === 0) return E.right(undefined)
    const block = { names, firstRow, rows: count, values: values.subarray(0, count * names.length) }
    firstRow = rows
    return visit(block)()
  }
  return {
    /** What is wrong with the record, or `undefined`. */
    take: (cells: readonly string[]): FileError | undefined => {
      if (names === undefined) {
        const header = headerNames(path, cells)
        if (E.isLeft(header)) return header.left
        names = header.right
        values = new Float64Array(BLOCK_ROWS * names.length)
        return undefined
      }
      const at = (rows - firstRow) * names.length
      const wrong = parseRow(path, names, cells, rows + 2, values, at)
      if (wrong === undefined) rows++
      return wrong
    },
    full: () => rows - firstRow === BLOCK_ROWS,
    flush,
    extent: (): Outcome<CsvExtent> => {
      if (names === undefined) return E.left(emptyFile({ path }, 'header line'))
      if (rows === 0) return E.left(emptyFile({ path }, 'row of data'))
      return E.right({ names, rows })
    }
  }
}

const scan = async (file: OpenFile, visit: Visit): Promise<Outcome<CsvExtent>> => {
  const { path } = file
  const taker = recordTaker(path, visit)
  let visiting = false
  try {
    for await (const cells of recordsOf(file.stream(0), PLAIN)) {
      const wrong = taker.take(cells)
      if (wrong !== undefined) return E.left(wrong)
      if (!taker.full()) continue
      visiting = true
      const visited = await taker.flush()
      visiting = false
      if (E.isLeft(visited)) return visited
    }
  } catch (cause) {
    // The visitor's own fault is none of the file's.
    if (visiting) throw cause
    return E.left(recordFailure(path, cause))
  }
  const visited = await taker.flush()
  return E.isLeft(visited) ? visited : taker.extent()
}

/**
 * Goes over a table of any length, 4,096 rows at a time. The next block is read when the task of `visit` for the last
 * one is done; an error of that task ends the reading.
 *
 * Use it for tables that do not fit in memory, such as to convert them; `readCsv` is simpler for all others.
 *
 * Errors: those of `readCsv`, and those of `visit`. What `visit` throws is a fault of the program, not of the file: the
 * file is closed, and the promise is rejected with it.
 *
 * @example
 * await scanCsv('large.csv', ({ values }) => writer.append('x', values))()
 */
export const scanCsv = (source: FileInput, visit: Visit): TaskEither<FileError, CsvExtent> =>
  withFile(source, (file) => scan(file, visit))
