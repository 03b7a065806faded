/** A training with progress bars, which Ctrl-C ends in order. */
import {
  type EstimatorError,
  isStaged,
  type Progress,
  type Trained,
  type TrainingOptions,
  train
} from '@mechid/estimator'
import type { ExampleSource, Tagged } from '@mechid/values'
import type { Either } from 'fp-ts/lib/Either.js'
import { type ProgressBar, progressBar } from './output.js'
import { type SearchProgress, searchProgress } from './search-progress.js'
import { interrupted, interruptible, orInterrupted } from './signals.js'

const BETWEEN_UPDATES = 10

/**
 * Progress bars of a training: one, called `alone`, or one for each of its stages. `bounded`: whether edges have a bound.
 */
export const trainingProgress = (
  bounded: boolean,
  alone = 'training'
): {
  readonly onProgress: (progress: Progress) => void
  readonly stop: () => void
} => {
  let stage: string | undefined
  /** Steps that the present bar has shown. A stage may train more than once. */
  let shown = 0
  let bar: ProgressBar | undefined
  let search: SearchProgress | undefined
  const stop = (): void => {
    bar?.stop()
    search?.stop()
  }
  return {
    onProgress: ({ step, steps, loss, edges, bound, stage: of, what }) => {
      const name = of ?? alone
      const counted = what !== undefined
      if (name !== stage || counted !== (search !== undefined) || (!counted && step < shown)) {
        stop()
        bar = counted ? undefined : progressBar(name, steps)
        search = counted ? searchProgress(name) : undefined
        stage = name
      }
      shown = counted ? 0 : step
      if (what !== undefined) search?.update({ what, done: step, of: steps })
      else if (step % BETWEEN_UPDATES === 0 || step === steps) {
        const most = bounded ? ` (bound ${bound.toFixed(0)})` : ''
        const counts = Number.isNaN(edges) ? {} : { edges: `${edges.toFixed(1)}${most}` }
        bar?.update(step, { loss: loss.toFixed(3), ...counts })
      }
    },
    stop
  }
}

/** Trains, shows how far it is, and stops at the next step when the user interrupts. */
export const trainWithProgress = async (
  data: ExampleSource,
  options: TrainingOptions
): Promise<Either<EstimatorError, Trained>> => {
  const { configuration } = options
  const bounded =
    configuration !== undefined && !isStaged(configuration) && configuration.sparsity._tag === 'Constraint'
  const { onProgress, stop } = trainingProgress(bounded)
  return interruptible((signal) => train(data, { ...options, signal, onProgress })(), stop)
}

const WITH_OPTION = 'the same command with --resume goes on from here'

/**
 * The result of a finished training. One that failed or was interrupted ends the program; if it is `checkpointed`, the
 * message ends with `advice` on how to go on.
 */
export const finished = <
  A extends { readonly aborted: boolean; readonly history: { readonly steps: number } }
>(
  result: Either<Tagged, A>,
  checkpointed = false,
  advice = WITH_OPTION
): A => {
  const hint = checkpointed ? `; ${advice}` : ''
  // Interrupted while unmixing, a training answers an error, since there is no step to stop at.
  const trained = orInterrupted(result, hint)
  return trained.aborted ? interrupted(` at step ${trained.history.steps}${hint}`) : trained
}
