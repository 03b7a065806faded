/** A training with a progress bar that Ctrl-C ends in order. */
import { type EstimatorError, message, type Trained, type TrainingOptions, train } from '@mechid/estimator'
import type { Either } from 'fp-ts/lib/Either.js'
import { failWith, orFail, progressBar } from './output.js'

const BETWEEN_UPDATES = 10

/** Trains, shows how far it is, and stops at the next step when the user interrupts. */
export const trainWithProgress = async (
  options: TrainingOptions
): Promise<Either<EstimatorError, Trained>> => {
  const { steps } = options.configuration
  const bar = progressBar('training', steps)
  const abort = new AbortController()
  const interrupt = (): void => abort.abort()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt)
  try {
    return await train({
      ...options,
      signal: abort.signal,
      onProgress: ({ step, loss, edges, bound }) => {
        if (step % BETWEEN_UPDATES !== 0 && step !== steps) return
        bar.update(step, { loss: loss.toFixed(3), edges: `${edges.toFixed(1)} (bound ${bound.toFixed(0)})` })
      }
    })()
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt)
    bar.stop()
  }
}

const INTERRUPTED = 130

/** The result of a training that came to its end; otherwise the program ends here. */
export const finished = (result: Either<EstimatorError, Trained>, checkpointed = false): Trained => {
  const trained = orFail(result, message)
  if (!trained.aborted) return trained
  const advice = checkpointed ? '; the same command with --resume goes on from here' : ''
  return failWith(`interrupted at step ${trained.history.steps}${advice}`, INTERRUPTED)
}
