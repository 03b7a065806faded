/** Tables as people have them: any of four delimiters, decimal commas, gzip, text beside numbers. */
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { badHeader, corrupt, emptyFile, type FileError, raggedRow, tooManyBytes } from '../errors.js'
import { memoryLimit, type ReadOptions } from '../reading/array-bytes.js'
import { type FileInput, withFile } from '../reading/file-input.js'
import { attempt, type OpenFile, type Outcome, readAt, wholeFile } from '../reading/open-file.js'
import { beginningUnpacked } from '../reading/unpacking.js'
import { cellNumber, headerNames } from './csv-rows.js'
import { recordsOf } from './record-stream.js'
import { recordFailure } from './records.js'
import { type ColumnCollector, columnCollector, type NumberColumn, type TextColumn } from './table-column.js'
import { type TableFormat, tableFormat } from './table-format.js'

/** The columns that were read of a table, in the file's order. */
export interface ColumnTable {
  /** Of all columns, read or not. */
  readonly names: readonly string[]
  /** Lines below the header. */
  readonly rows: number
  readonly columns: ReadonlyMap<string, NumberColumn | TextColumn>
  readonly format: TableFormat
}

export interface TableOptions extends ReadOptions {
  /** Which columns are read, told the name of each, and all names; all if left out. The cells of others may be anything. */
  readonly columns?: (name: string, names: readonly string[]) => boolean
}

const BEGINNING_BYTES = 1 << 14
const BYTES_A_CELL = Float64Array.BYTES_PER_ELEMENT + Int32Array.BYTES_PER_ELEMENT

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b

/** Whether text starts with the byte order mark of UTF-16, which spreadsheets write as "Unicode text". */
const isWide = ([first, second]: Uint8Array): boolean =>
  (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)

/** The file's dialect, by its first bytes. */
const beginningOf = async (file: OpenFile): Promise<Outcome<TableFormat>> => {
  const bytes = new Uint8Array(Math.min(file.size, BEGINNING_BYTES))
  const read = await readAt(wholeFile(file), bytes, 0)
  if (E.isLeft(read)) return read
  const { path } = file
  const compressed = isGzip(bytes)
  const text = await attempt(
    async () => (compressed ? beginningUnpacked(bytes) : bytes),
    (cause) => corrupt({ path }, cause)
  )
  return E.flatMap((unpacked: Uint8Array): Outcome<TableFormat> => {
    if (!unpacked.includes(0)) return E.right(tableFormat(new TextDecoder().decode(unpacked), compressed))
    const wide = isWide(unpacked)
    const actual = wide ? 'UTF-16' : 'one with zero bytes, so perhaps none'
    const expected = `UTF-8${wide ? '; convert it: iconv -f UTF-16 -t UTF-8 IN > OUT' : ''}`
    return E.left(badHeader({ path }, 'the text', actual, expected))
  })(text)
}

/** A cell's number: NaN for an empty one, undefined for text. */
const numberIn = (text: string, decimal: TableFormat['decimal']): number | undefined => {
  if (text.trim() === '') return Number.NaN
  return cellNumber(decimal === ',' ? text.replace(',', '.') : text)
}

interface Wanted {
  readonly name: string
  readonly index: number
  readonly collector: ColumnCollector
}

/** Takes the records one after the other. */
const recordTaker = (path: string, format: TableFormat, options: TableOptions) => {
  const limit = memoryLimit(options)
  let names: readonly string[] | undefined
  let wanted: readonly Wanted[] = []
  let rows = 0
  const header = (cells: readonly string[]): FileError | undefined => {
    const read = headerNames(path, cells)
    if (E.isLeft(read)) return read.left
    const all = read.right
    names = all
    wanted = all
      .map((name, index) => ({ name, index, collector: columnCollector() }))
      .filter(({ name }) => options.columns?.(name, all) ?? true)
    return undefined
  }
  return {
    /** What is wrong with the record, or `undefined`. */
    take: (cells: readonly string[]): FileError | undefined => {
      if (names === undefined) return header(cells)
      const line = rows + 2
      if (cells.length !== names.length) return raggedRow(path, line, cells.length, names.length)
      for (const { index, collector } of wanted)
        collector.take(cells[index].trim(), numberIn(cells[index], format.decimal), line)
      rows++
      const bytes = rows * wanted.length * BYTES_A_CELL
      return bytes > limit
        ? tooManyBytes({ path }, bytes, limit, 'choose fewer columns, or use scanCsv')
        : undefined
    },
    table: (): Outcome<ColumnTable> => {
      if (names === undefined) return E.left(emptyFile({ path }, 'header line'))
      if (rows === 0) return E.left(emptyFile({ path }, 'row of data'))
      const columns = new Map(wanted.map(({ name, collector }) => [name, collector.finish()]))
      return E.right({ names, rows, columns, format })
    }
  }
}

const read = async (file: OpenFile, options: TableOptions): Promise<Outcome<ColumnTable>> => {
  const { path } = file
  const format = await beginningOf(file)
  if (E.isLeft(format)) return format
  const taker = recordTaker(path, format.right, options)
  try {
    for await (const cells of recordsOf(file.stream(0), format.right)) {
      const wrong = taker.take(cells)
      if (wrong !== undefined) return E.left(wrong)
    }
  } catch (cause) {
    return E.left(recordFailure(path, cause))
  }
  return taker.table()
}

/**
 * Reads a table with a header line: `.csv`, `.tsv`, `.txt`, packed by gzip or not. Delimiter (comma, semicolon, tab,
 * bar) and decimal mark are found by the first lines. A column is one of numbers, or, where some cell is none, of
 * text, which counts as labels while there are at most 10,000 different ones. Empty cells are NaN among numbers. Rows
 * are counted as lines, the header on line 1.
 *
 * Use `readCsv` where every cell has to be a number, and `scanCsv` for tables that memory does not hold.
 *
 * Errors: `NotFound`, `NotReadable`, `EmptyFile`, `BadHeader`, `RaggedRow`, `Corrupt` (gzip), `TooLarge`.
 *
 * @example
 * const table = await readTable('cells.csv.gz', { columns: (name) => name !== 'comment' })()
 */
export const readTable = (
  source: FileInput,
  options: TableOptions = {}
): TaskEither<FileError, ColumnTable> => withFile(source, (file) => read(file, options))
