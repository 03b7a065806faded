/** A training with a progress bar that Ctrl-C ends in order. */
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

/** Draws what a training tells: one bar, or one for each of its stages. */
const drawn = (): { readonly onProgress: (progress: Progress) => void; readonly stop: () => void } => {
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

/** Trains, shows how far it is, and stops at the next step when the user interrupts. */
export const trainWithProgress = async (
  data: ExampleSource,
  options: TrainingOptions
): Promise<Either<EstimatorError, Trained>> => {
  const { onProgress, stop } = drawn()
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
 * The result of a training that came to its end; otherwise the program ends here. `checkpointed`: the training can go on;
 * `advice` says how.
 */
export const finished = (
  result: Either<EstimatorError, Trained>,
  checkpointed = false,
  advice = WITH_OPTION
): Trained => {
  const hint = checkpointed ? `; ${advice}` : ''
  // Unmixing has no step to stop after: it is given up, and then it is no failure of its own.
  if (interrupted && result._tag === 'Left') return failWith(`interrupted${hint}`, INTERRUPTED)
  const trained = orFail(result)
  return trained.aborted
    ? failWith(`interrupted at step ${trained.history.steps}${hint}`, INTERRUPTED)
    : trained
}
