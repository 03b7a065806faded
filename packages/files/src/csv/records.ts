/** Cuts the text of a table into records; memory is watched over here. */
import { reasonOf } from '@mechid/values'
import { badHeader, corrupt, type FileError } from '../errors.js'
import { codeOf, readFailure } from '../reading/open-file.js'

/** No line of a table is longer, and no record, which may go over several lines where cells are in quotes. Bytes. */
export const LONGEST_LINE = 1 << 23

const TOO_LONG = 'LINE_TOO_LONG'
const [LINE_FEED, CARRIAGE_RETURN] = [10, 13]

/** Told each chunk of a text in order, answers an error where a line is too long: a parser would hold all of it. */
export const lineGuard = (): ((chunk: Uint8Array) => Error | undefined) => {
  let open = 0
  return (chunk) => {
    const end = Math.max(chunk.lastIndexOf(LINE_FEED), chunk.lastIndexOf(CARRIAGE_RETURN))
    open = end < 0 ? open + chunk.length : chunk.length - end - 1
    return open <= LONGEST_LINE
      ? undefined
      : Object.assign(new Error('a line is too long'), { code: TOO_LONG })
  }
}

/** How records lie in a file. */
export interface RecordOptions {
  readonly delimiter: string
  /** By gzip. */
  readonly compressed: boolean
}

/** What the parser is told. */
export const parserOptions = (delimiter: string) => ({
  bom: true,
  delimiter,
  max_record_size: LONGEST_LINE,
  // Said, since finding it out takes four times as long where a line does not end.
  record_delimiter: ['\r\n', '\n', '\r'],
  relax_column_count: true,
  skip_empty_lines: true
})

/** The error for what came to light while records were read. */
export const recordFailure = (path: string, cause: unknown): FileError => {
  const code = String(codeOf(cause))
  const cells = 'lines of cells between commas'
  if (code.startsWith('Z_')) return corrupt({ path }, cause)
  if (code === TOO_LONG || code === 'CSV_MAX_RECORD_SIZE') {
    const line = / at line \d+/.exec(reasonOf(cause))?.[0] ?? ''
    const actual = `longer than ${LONGEST_LINE.toLocaleString('en-US')} bytes${line}, or a quote in it never ends`
    return badHeader({ path }, 'a line', actual, cells)
  }
  if (code.startsWith('CSV')) return badHeader({ path }, 'the text', reasonOf(cause), cells)
  return readFailure(path, cause)
}

/** Longer names of columns are refused: they are no names, and messages would hold all of them. */
export const LONGEST_NAME = 1000
