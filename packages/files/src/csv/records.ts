/** Cuts the text of a table into records. Parsing is csv-parse's work; memory is watched over here. */
import { type Readable, Transform } from 'node:stream'
import { reasonOf } from '@mechid/values'
import { parse } from 'csv-parse'
import { badHeader, type FileError } from '../errors.js'
import { readFailure } from '../reading/open-file.js'

/** No line of a table is longer, and no record, which may go over several lines where cells are in quotes. Bytes. */
export const LONGEST_LINE = 1 << 23

const TOO_LONG = 'LINE_TOO_LONG'
const [LINE_FEED, CARRIAGE_RETURN] = [10, 13]

/** Hands on what it gets, and fails where a line is too long: a parser would hold all of it. */
const lineGuard = (): Transform => {
  let open = 0
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      const end = Math.max(chunk.lastIndexOf(LINE_FEED), chunk.lastIndexOf(CARRIAGE_RETURN))
      open = end < 0 ? open + chunk.length : chunk.length - end - 1
      if (open <= LONGEST_LINE) done(null, chunk)
      else done(Object.assign(new Error('a line is too long'), { code: TOO_LONG }))
    }
  })
}

/** The records of `bytes`, each a list of cells. What fails in reading fails here. */
export const recordsOf = (bytes: Readable, delimiter = ','): Readable => {
  const guard = lineGuard()
  const records = parse({
    bom: true,
    delimiter,
    max_record_size: LONGEST_LINE,
    // Said, since finding it out takes four times as long where a line does not end.
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true
  })
  for (const stream of [bytes, guard]) stream.on('error', (cause) => records.destroy(cause))
  records.on('close', () => guard.destroy())
  return bytes.pipe(guard).pipe(records)
}

/** The error for what `recordsOf` threw. */
export const recordFailure = (path: string, cause: unknown): FileError => {
  const { code } = (cause ?? {}) as { readonly code?: string }
  const cells = 'lines of cells between commas'
  if (code === TOO_LONG || code === 'CSV_MAX_RECORD_SIZE') {
    const line = / at line \d+/.exec(reasonOf(cause))?.[0] ?? ''
    const actual = `longer than ${LONGEST_LINE.toLocaleString('en-US')} bytes${line}, or a quote in it never ends`
    return badHeader({ path }, 'a line', actual, cells)
  }
  if (String(code).startsWith('CSV')) return badHeader({ path }, 'the text', reasonOf(cause), cells)
  return readFailure(path, cause)
}

/** Longer names of columns are refused: they are no names, and messages would hold all of them. */
export const LONGEST_NAME = 1000
