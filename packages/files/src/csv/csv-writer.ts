/** Writes .csv files block by block: a header line, then rows of numbers. */
import { shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { Task } from 'fp-ts/lib/Task.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { NumericData } from '../arrays/element-type.js'
import type { FileError } from '../errors.js'
import { writeBlocks } from '../writing/atomic-write.js'
import { openDraft } from '../writing/drafts.js'
import { writeSteps } from '../writing/write-steps.js'

const utf8 = new TextEncoder()

const quoted = (name: string): string => (/[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name)

/** The header line. */
export const csvHeader = (names: readonly string[]): Uint8Array =>
  utf8.encode(`${names.map(quoted).join(',')}\n`)

const ROWS_A_BLOCK = 4096

/** Lines of `columns` numbers each, in blocks. */
export function* csvLines(columns: number, data: NumericData): Generator<Uint8Array> {
  const rows = columns === 0 ? 0 : data.length / columns
  for (let start = 0; start < rows; start += ROWS_A_BLOCK) {
    const lines: string[] = []
    const end = Math.min(rows, start + ROWS_A_BLOCK)
    for (let i = start; i < end; i++) lines.push(data.subarray(i * columns, (i + 1) * columns).join(','))
    yield utf8.encode(`${lines.join('\n')}\n`)
  }
}

/**
 * A table that is being written. Steps run in the order in which they are started. An error removes the file, and every
 * later step answers the same error. Calling `discard` at the end is always safe.
 */
export interface CsvWriter {
  /**
   * Adds whole rows, row-major.
   *
   * Errors: `ShapeMismatch`, `NotWritable`.
   */
  readonly append: (rows: NumericData) => TaskEither<FileError, void>
  /** Makes the complete file appear. */
  readonly commit: TaskEither<FileError, void>
  /** Drops what was written; what was at `path` before stays. */
  readonly discard: Task<void>
}

/**
 * Starts a table, of which rows are added block by block. The file has the same bytes as one by `writeCsv`.
 *
 * Use it for more rows than fit in memory; `writeCsv` writes a table that is there.
 *
 * Errors: `NotWritable`.
 *
 * @example
 * const writer = await csvWriter('large.csv', ['x0', 'x1'])()
 */
export const csvWriter =
  (path: string, names: readonly string[]): TaskEither<FileError, CsvWriter> =>
  async () => {
    const opened = await openDraft(path)
    if (E.isLeft(opened)) return opened
    const { file, commit: appear, discard: remove } = opened.right
    const { step, commit, discard } = writeSteps(path, appear, remove)
    const header = await step(writeBlocks(path, [csvHeader(names)])(file))()
    if (E.isLeft(header)) return header
    const columns = names.length
    return E.right({
      append: (rows) =>
        step(async () => {
          if (columns > 0 && rows.length % columns === 0) {
            return writeBlocks(path, csvLines(columns, rows))(file)()
          }
          const expected = `whole rows of ${columns} columns`
          return E.left(shapeMismatch(path, 'the array of rows', `${rows.length} numbers`, expected))
        }),
      commit,
      discard
    })
  }
