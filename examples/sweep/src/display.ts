/** The state of a sweep in a terminal: one line for all, one for each running job. Without a terminal: lines of a log. */
import { duration } from '@mechid/example-terminal'
import type { JobProgress } from './messages.js'

/** A job that is running. */
export interface Active {
  readonly worker: string
  readonly job: string
  readonly progress?: JobProgress
}

export interface SweepState {
  readonly total: number
  readonly done: number
  readonly failed: number
  readonly active: readonly Active[]
}

export interface Display {
  readonly update: (state: SweepState) => void
  /** A line that stays. */
  readonly log: (text: string) => void
  readonly stop: () => void
}

/** What the display needs of standard error. */
export interface Screen {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
  readonly write: (text: string) => unknown
}

const BAR = 28
const WIDE = 100

const bar = (share: number, width: number): string => {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width)
  return '█'.repeat(full) + '░'.repeat(width - full)
}

/** `, about 3 min left`, from the jobs that have finished since `started`; nothing as long as none has. */
export const timeLeft = (seconds: number, finishedSince: number, remaining: number): string =>
  finishedSince < 1 || remaining < 1 ? '' : `, about ${duration((seconds * remaining) / finishedSince)} left`

/** How far a sweep has come, and the time left from the jobs that finished since it was first asked. */
const summary = (): ((state: Omit<SweepState, 'active'>) => string) => {
  const started = Date.now()
  let before: number | undefined
  return ({ total, done, failed }) => {
    const finished = done + failed
    before ??= finished
    const left = timeLeft((Date.now() - started) / 1000, finished - before, total - finished)
    return `${done} of ${total} done${failed === 0 ? '' : `, ${failed} failed`}${left}`
  }
}

const activeLine = ({ worker, job, progress }: Active): string => {
  const { stage, step, steps } = progress ?? { stage: 'starting', step: 0, steps: 1 }
  const share = steps === 0 ? 0 : step / steps
  return `${worker}  ${bar(share, BAR / 2)} ${stage} ${Math.floor(100 * share)}%  ${job}`
}

const drawn = (screen: Screen): Display => {
  const say = summary()
  let state: SweepState | undefined
  let lines = 0
  const clear = (): void => {
    // Up to the first line of the block, then away with everything below.
    if (lines > 0) screen.write(`\x1b[${lines}A\x1b[0J`)
    lines = 0
  }
  const draw = (): void => {
    if (state === undefined) return
    const { total, done, failed, active } = state
    const room = Math.max(1, (screen.rows ?? 24) - 4)
    const shown = active.slice(0, room).map(activeLine)
    const more = active.length > room ? [`and ${active.length - room} more`] : []
    const block = [`${bar((done + failed) / Math.max(1, total), BAR)} ${say(state)}`, ...shown, ...more]
    const width = (screen.columns ?? WIDE) - 1
    screen.write(block.map((line) => `${line.slice(0, width)}\n`).join(''))
    lines = block.length
  }
  return {
    update: (next) => {
      state = next
      clear()
      draw()
    },
    log: (text) => {
      clear()
      screen.write(`${text}\n`)
      draw()
    },
    stop: () => {
      state = undefined
    }
  }
}

/** Without a terminal: a line whenever a job has finished. */
const logged = (screen: Screen): Display => {
  const say = summary()
  let finished: number | undefined
  return {
    update: (state) => {
      const now = state.done + state.failed
      if (now === finished) return
      finished = now
      screen.write(`${say(state)}\n`)
    },
    log: (text) => screen.write(`${text}\n`),
    stop: () => undefined
  }
}

export const sweepDisplay = (screen: Screen = process.stderr): Display =>
  screen.isTTY === true && process.env.TERM !== 'dumb' ? drawn(screen) : logged(screen)
