/** A training with a progress bar that Ctrl-C ends in order. */
import { type EstimatorError, type Trained, type TrainingOptions, train } from '@mechid/estimator'
import type { Either } from 'fp-ts/lib/Either.js'
import { progressBar } from './output.js'

const BETWEEN_UPDATES = 10

/** Trains, shows how far it is, and stops at the next step when the user interrupts. */
export const trainWithProgress = async (
  options: TrainingOptions
): Promise<Either<EstimatorError, Trained>> => {
  const { steps } = options.configuration
  const bar = progressBar('training', steps)
  const abort = new AbortController()
  const interrupt = (): void => abort.abort()
  process.once('SIGINT', interrupt)
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
    process.off('SIGINT', interrupt)
    bar.stop()
  }
}
