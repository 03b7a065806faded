/** What Ctrl-C, SIGTERM and a closed terminal do: they end a training in order, and anything else at once. */
import type { Tagged } from '@mechid/values'
import type { Either } from 'fp-ts/lib/Either.js'
import { failWith, orFail } from './output.js'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/** The exit code of a program that Ctrl-C ended. */
const INTERRUPTED = 130
/** Signals that come sooner after the first are taken for the same: npm hands Ctrl-C on, so that it arrives twice. */
const AGAIN_MS = 3000

/** Work that can be ended in order. */
interface Work {
  /** Asks it to end; it keeps its state. */
  readonly abort: () => void
  /** Lets go of the terminal. */
  readonly stop: () => void
}

let listening = false
let work: Work | undefined
let first: number | undefined

const onSignal = (): void => {
  if (first === undefined) {
    first = Date.now()
    if (work === undefined) interrupted()
    else work.abort()
  } else if (Date.now() - first > AGAIN_MS) {
    work?.stop()
    interrupted('; the state of the last checkpoint is kept')
  }
}

/** Ends the program as one that was interrupted; `how`: what is left, and how to go on. */
export const interrupted = (how = ''): never => failWith(`interrupted${how}`, INTERRUPTED)

/**
 * The value. An error ends the program: as one that was interrupted if a signal has come, since what is aborted answers an
 * error; else with its message.
 */
export const orInterrupted = <A>(result: Either<Pick<Tagged, 'message'>, A>, how = ''): A =>
  first !== undefined && result._tag === 'Left' ? interrupted(how) : orFail(result)

/** From here on signals end the program in order: its lock and what is half-written are removed. */
export const listenToSignals = (): void => {
  if (listening) return
  listening = true
  for (const signal of SIGNALS) process.on(signal, onSignal)
}

/**
 * Lets the first signal end work in order, by `abort`; another one, some seconds later, ends the program as it is. `stop` lets
 * go of the terminal. Answers what to call when the work is done.
 */
export const onFirstSignal = (abort: () => void, stop: () => void = () => undefined): (() => void) => {
  listenToSignals()
  work = { abort, stop }
  return () => {
    // After a signal the next thing is the end of the program: another one must not cut off what is said and written.
    if (first === undefined) work = undefined
  }
}

/** Runs work that the first signal ends in order, by aborting the one that it is given. */
export const interruptible = async <A>(
  run: (signal: AbortSignal) => Promise<A>,
  stop: () => void
): Promise<A> => {
  const abort = new AbortController()
  const release = onFirstSignal(() => abort.abort(), stop)
  try {
    return await run(abort.signal)
  } finally {
    release()
    stop()
  }
}
