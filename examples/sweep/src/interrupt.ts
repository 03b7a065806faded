/** What Ctrl-C does: the first ends the work in order, another one, some seconds later, as it is. */
import { failWith } from '@mechid/example-terminal'

const SIGNALS = ['SIGINT', 'SIGTERM'] as const
/** Signals that come sooner after the first are taken for the same: npm hands Ctrl-C on, so that it arrives twice. */
const AGAIN_MS = 3000

/**
 * Calls `stop` at the first signal; answers how to give signals back. Once interrupted, they stay in our hands until the program
 * has ended, so that results are still written.
 */
export const onInterrupt = (stop: () => void): (() => void) => {
  let first: number | undefined
  const interrupt = (): void => {
    if (first === undefined) {
      first = Date.now()
      process.stderr.write('stopping after the present steps …\n')
      stop()
    } else if (Date.now() - first > AGAIN_MS) {
      failWith('interrupted; the states of the last checkpoints are kept', 130)
    }
  }
  for (const signal of SIGNALS) process.on(signal, interrupt)
  return () => {
    if (first === undefined) for (const signal of SIGNALS) process.off(signal, interrupt)
  }
}
