/** What a person sees: text and tables on standard output, progress and errors on standard error. */
import type { Tagged } from '@mechid/values'
import cliProgress from 'cli-progress'
import type { Either } from 'fp-ts/lib/Either.js'

/** Prints a line. */
export const say = (text: string): void => console.log(text)

/** Aligned columns; numbers to the right. The first row is the header. */
export const table = (rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const widths = rows[0].map((_, j) => Math.max(...rows.map((row) => row[j].length)))
  const numeric = rows[0].map((_, j) => rows.slice(1).every((row) => /^[-–+]?[\d.,]*( .*)?$/.test(row[j])))
  const line = (row: ReadonlyArray<string>): string =>
    row
      .map((cell, j) => (numeric[j] ? cell.padStart(widths[j]) : cell.padEnd(widths[j])))
      .join('  ')
      .trimEnd()
  const rule = widths.map((width) => '─'.repeat(width)).join('  ')
  return [line(rows[0]), rule, ...rows.slice(1).map(line)].join('\n')
}

/** Shows how far some work has come; `facts` stand beside the bar. */
export interface ProgressBar {
  readonly update: (step: number, facts: Readonly<Record<string, string>>) => void
  readonly stop: () => void
}

const TENTHS = 10

/** Without a terminal: a line for each tenth, so that logs stay short. */
const plainProgress = (label: string, total: number, write: (text: string) => void): ProgressBar => {
  let shown = 0
  return {
    update: (step, facts) => {
      const tenth = Math.floor((TENTHS * step) / total)
      if (tenth <= shown) return
      shown = tenth
      const details = Object.entries(facts).map(([name, value]) => `${name} ${value}`)
      write(`${label}: ${10 * tenth}%  ${details.join('  ')}\n`)
    },
    stop: () => undefined
  }
}

/** A progress bar with the time left, on standard error. */
export const progressBar = (label: string, total: number): ProgressBar => {
  if (process.stderr.isTTY !== true) return plainProgress(label, total, (text) => process.stderr.write(text))
  const bar = new cliProgress.SingleBar({
    format: `${label} {bar} {percentage}%  {eta_formatted} left  {facts}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 28,
    etaBuffer: 200,
    hideCursor: true,
    stream: process.stderr
  })
  bar.start(total, 0, { facts: '' })
  return {
    update: (step, facts) =>
      bar.update(step, {
        facts: Object.entries(facts)
          .map(([name, value]) => `${name} ${value}`)
          .join('  ')
      }),
    stop: () => bar.stop()
  }
}

/** Ends the program with one line. Exit code 2: the command line was not understood; 130: the user interrupted. */
export const failWith = (message: string, code: 1 | 2 | 130 = 1): never => {
  process.stderr.write(`error: ${message}\n`)
  process.exit(code)
}

/** The value. An error ends the program with its message. */
export const orFail = <A>(result: Either<Pick<Tagged, 'message'>, A>): A =>
  result._tag === 'Left' ? failWith(result.left.message) : result.right
