/** A training with progress bars, which Ctrl-C ends in order. */
import {
  type EstimatorError,
  type Progress,
  type Trained,
  type TrainingOptions,
  train
} from '@mechid/estimator'
import type { ExampleSource } from '@mechid/values'
import type { Either } from 'fp-ts/lib/Either.js'
import { failWith, orFail, type ProgressBar, progressBar } from './output.js'
import { type SearchProgress, searchProgress } from './search-progress.js'

const BETWEEN_UPDATES = 10

/** Progress bars of a training: one, or one for each of its stages. */
const trainingProgress = (): {
  readonly onProgress: (progress: Progress) => void
  readonly stop: () => void
} => {
  let stage: string | undefined
  let bar: ProgressBar | undefined
  let search: SearchProgress | undefined
  const stop = (): void => {
    bar?.stop()
    search?.stop()
  }
  return {
    onProgress: ({ step, steps, loss, edges, bound, stage: of, what }) => {
      const name = of ?? 'training'
      const counted = what !== undefined
      if (name !== stage || counted !== (search !== undefined)) {
        stop()
        bar = counted ? undefined : progressBar(name, steps)
        search = counted ? searchProgress(name) : undefined
        stage = name
      }
      if (what !== undefined) search?.update({ what, done: step, of: steps })
      else if (step % BETWEEN_UPDATES === 0 || step === steps) {
        const bounded = of === undefined ? ` (bound ${bound.toFixed(0)})` : ''
        const counts = Number.isNaN(edges) ? {} : { edges: `${edges.toFixed(1)}${bounded}` }
        bar?.update(step, { loss: loss.toFixed(3), ...counts })
      }
    },
    stop
  }
}

/** Whether the user has interrupted a training. */
let interrupted = false

/** Trains and shows the progress. Where the user interrupts, it stops at the next step. */
export const trainWithProgress = async (
  data: ExampleSource,
  options: TrainingOptions
): Promise<Either<EstimatorError, Trained>> => {
  const { onProgress, stop } = trainingProgress()
  const abort = new AbortController()
  const interrupt = (): void => {
    interrupted = true
    abort.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt)
  try {
    return await train(data, { ...options, signal: abort.signal, onProgress })()
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt)
    stop()
  }
}

const INTERRUPTED = 130

const WITH_OPTION = 'the same command with --resume goes on from here'

/**
 * The result of a finished training. One that failed or was interrupted ends the program; if it is `checkpointed`, the
 * message ends with `advice` on how to go on.
 */
export const finished = (
  result: Either<EstimatorError, Trained>,
  checkpointed = false,
  advice = WITH_OPTION
): Trained => {
  const hint = checkpointed ? `; ${advice}` : ''
  // Interrupted while unmixing, a training answers an error, since there is no step to stop at.
  if (interrupted && result._tag === 'Left') return failWith(`interrupted${hint}`, INTERRUPTED)
  const trained = orFail(result)
  return trained.aborted
    ? failWith(`interrupted at step ${trained.history.steps}${hint}`, INTERRUPTED)
    : trained
}
