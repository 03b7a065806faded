/** What a person sees: text and tables on standard output, progress and errors on standard error. */
import { printable, printableLines, type Tagged } from '@mechid/values'
import cliProgress from 'cli-progress'
import type { Either } from 'fp-ts/lib/Either.js'

/** Codes of an output that nobody reads any more: a pipe without a reader, a closed terminal, a closed descriptor. */
const GONE = ['EPIPE', 'EIO', 'EBADF']

/** Whoever reads the output may stop reading (`| head`): the work goes on and its files are written all the same. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (cause: NodeJS.ErrnoException) => {
    if (!GONE.includes(cause.code ?? '')) throw cause
  })
}

/** Prints a line, or several. Names of people's columns may hold anything: nothing of them reaches the terminal as a command. */
export const say = (text: string): void => console.log(printableLines(text))

/** Aligned columns; numbers to the right. The first row is the header. */
export const table = (cells: ReadonlyArray<ReadonlyArray<string>>): string => {
  const rows = cells.map((row) => row.map(printable))
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

/** `75 s`, `3 min`, `2 h 5 min`. */
export const duration = (seconds: number): string => {
  if (seconds < 100) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

const factsIn = (facts: Readonly<Record<string, string>>): string =>
  Object.entries(facts)
    .map(([name, value]) => `${name} ${value}`)
    .join('  ')

/** Without a terminal: a line for each tenth, with the time gone and left, so that logs stay short. */
const plainProgress = (label: string, total: number, write: (text: string) => void): ProgressBar => {
  const started = Date.now()
  let shown = 0
  return {
    update: (step, facts) => {
      const tenth = Math.floor((TENTHS * step) / total)
      if (tenth <= shown) return
      shown = tenth
      const gone = (Date.now() - started) / 1000
      const left = step >= total ? '' : `, about ${duration((gone * (total - step)) / step)} left`
      write(`${label}: ${10 * tenth}%  ${duration(gone)}${left}  ${factsIn(facts)}\n`)
    },
    stop: () => undefined
  }
}

const BAR_WIDTH = 28
/** What stands beside a bar, without its label. */
const FACTS_WIDTH = 60

/** A terminal that can move its cursor and has room for bar and facts in one line. */
const canDraw = (label: string): boolean =>
  process.stderr.isTTY === true &&
  process.env.TERM !== 'dumb' &&
  (process.stderr.columns ?? 0) >= label.length + BAR_WIDTH + FACTS_WIDTH

/**
 * A progress bar with the time left, on standard error; plain lines where it cannot be drawn. It neither hides the
 * cursor nor changes how lines wrap: a program that is killed leaves the terminal as it was.
 */
export const progressBar = (label: string, total: number): ProgressBar => {
  if (!canDraw(label)) return plainProgress(label, total, (text) => process.stderr.write(text))
  const bar = new cliProgress.SingleBar({
    format: `${label} {bar} {percentage}%  {eta_formatted} left  {facts}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: BAR_WIDTH,
    etaBuffer: 200,
    hideCursor: false,
    linewrap: true,
    stream: process.stderr
  })
  bar.start(total, 0, { facts: '' })
  return {
    update: (step, facts) => bar.update(step, { facts: factsIn(facts) }),
    stop: () => bar.stop()
  }
}

/** Ends the program with one line. Exit code 2: the command line was not understood; 130: the user interrupted. */
export const failWith = (message: string, code: 1 | 2 | 130 = 1): never => {
  process.stderr.write(`error: ${printable(message.replaceAll('\n', ' '))}\n`)
  process.exit(code)
}

/** The value. An error ends the program with its message. */
export const orFail = <A>(result: Either<Pick<Tagged, 'message'>, A>): A =>
  result._tag === 'Left' ? failWith(result.left.message) : result.right
