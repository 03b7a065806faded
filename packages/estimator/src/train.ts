/** Trains a model: under one configuration, or in stages. */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Configuration } from './configuration.js'
import type { EstimatorError } from './errors.js'
import type { ExampleSource } from './example-source.js'
import { type StepProgress, type TrainedOnce, trainOnce } from './single-training.js'
import type { Counted } from './stages/stage-progress.js'
import { isStaged, type Recipe } from './stages/staged-configuration.js'
import { type StageName, type StageResult, trainInStages } from './stages/staged-training.js'
import type { RunOptions } from './training-loop.js'

/** What a listener is told after each step, or while codes are unmixed. */
export interface Progress extends StepProgress {
  /** In stages: which one. */
  readonly stage?: StageName
  /** What `step` counts, where it is not steps of a training; `loss` and the like are NaN then. */
  readonly what?: Counted
}

export interface TrainingOptions extends RunOptions {
  readonly data: ExampleSource
  readonly latents: number
  readonly configuration: Recipe
  /** Equal seeds give equal results on the same engine. */
  readonly seed: number
  readonly onProgress?: (progress: Progress) => void
}

export interface Trained extends TrainedOnce {
  /** Of a training in stages: what each came to, the last one last. `model` and `history` are those of the last one. */
  readonly stages?: readonly StageResult[]
}

/**
 * Trains the mechanism-sparsity autoencoder ([MS] section 5).
 *
 * A run that was killed and resumed gives the same numbers as an unbroken one: what a step sees depends on seed,
 * data and step alone, and the checkpoint holds everything else. A training in stages keeps a checkpoint of each, in
 * folders of their own.
 *
 * Errors: `InvalidOption`, `ShapeMismatch`, `TooFewRows`, `CheckpointMismatch`, `FileUnusable`, `EngineFailed`, and
 * `Diverged` when a term stops being finite; the checkpoint on disk is then the last good one.
 */
export const train = (options: TrainingOptions): TaskEither<EstimatorError, Trained> => {
  const { configuration } = options
  return isStaged(configuration)
    ? trainInStages({ ...options, configuration })
    : trainOnce({ ...options, configuration: configuration satisfies Configuration })
}
