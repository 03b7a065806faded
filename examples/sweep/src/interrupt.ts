/** What Ctrl-C does to a sweep: the first ends the work in order, another one, some seconds later, as it is. */
import { onFirstSignal } from '@mechid/example-terminal'

/**
 * Calls `stop` at the first signal; answers how to give signals back. Once interrupted, they stay in our hands until the program
 * has ended, so that results are still written.
 */
export const onInterrupt = (stop: () => void): (() => void) =>
  onFirstSignal(() => {
    process.stderr.write('stopping after the present steps …\n')
    stop()
  })
