/** Trains a model: under one configuration, or in stages. */
import type { Engine } from '@mechid/engine'
import { type ExampleSource, invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { modelShape } from './configuration/model-shape.js'
import { preset, withSteps } from './configuration/presets.js'
import { isStaged, type Recipe } from './configuration/staged-configuration.js'
import { checkTraining } from './configuration/validation.js'
import { posteriorRows } from './encoding/inference.js'
import { unusedLatents } from './encoding/unused-latents.js'
import { findEngine } from './engines/find-engine.js'
import type { EstimatorError } from './errors.js'
import type { Model } from './model/model.js'
import { drawExamples } from './stages/encoded-examples.js'
import type { Counted, StageName, StageResult } from './stages/stage.js'
import { trainInStages } from './stages/staged-training.js'
import { type StepProgress, type TrainedOnce, trainOnce } from './training/single-training.js'
import type { RunOptions } from './training/training-loop.js'

/** What a listener is told after each step of a training, and while codes are unmixed. */
export interface Progress extends StepProgress {
  /** Which stage, where the training has stages. */
  readonly stage?: StageName
  /** What `step` counts, where it does not count steps of a training. `loss`, `edges` and `bound` are then NaN. */
  readonly what?: Counted
}

export interface TrainingOptions extends Omit<RunOptions, 'engine'> {
  /** Number of latents, at most the number of features. */
  readonly latents: number
  /** Edges of the causal graph. Default: the data decide. Not beside a `configuration`, which has its own. */
  readonly edges?: number
  /** Training steps in all. Default: those of the recipe; see {@link withSteps}. */
  readonly steps?: number
  /** Default: `preset('fast', …)` for the data's shape. */
  readonly configuration?: Recipe
  /** Default: `findEngine('auto')`. */
  readonly engine?: Engine
  /** Equal seeds give equal results on the same engine. Default 1. */
  readonly seed?: number
  readonly onProgress?: (progress: Progress) => void
}

export interface Trained extends TrainedOnce {
  /** The engine that trained the model; use it to encode and decode. */
  readonly engine: Engine
  /** What each stage came to, in order, where the training has stages. `model` and `history` are those of the last one. */
  readonly stages?: readonly StageResult[]
  /** Latents, counted from 0, that nothing was put into; see {@link unusedLatents}. */
  readonly unused: readonly number[]
}

/** Examples by which latents are judged. */
const JUDGED_EXAMPLES = 1024

/** The latents of a trained model that examples of its training hardly move. */
const unusedIn = async (
  engine: Engine,
  model: Model,
  data: ExampleSource,
  seed: number
): Promise<E.Either<EstimatorError, readonly number[]>> => {
  const drawn = await drawExamples(model.shape, data, JUDGED_EXAMPLES, seed)
  return E.isLeft(drawn) ? drawn : pipe(posteriorRows(engine, model, drawn.right.x), TE.map(unusedLatents))()
}

const recipeFor = (
  data: ExampleSource,
  { latents, edges, configuration }: TrainingOptions
): E.Either<EstimatorError, Recipe> => {
  if (configuration === undefined) {
    const shape = modelShape(data, latents)
    return pipe(
      preset('fast', shape),
      E.flatMap((recipe) => checkTraining(data, latents, recipe)),
      E.flatMap(() => preset('fast', shape, edges))
    )
  }
  return edges === undefined
    ? E.right(configuration)
    : E.left(invalidOption('train', 'edges', edges, 'absent beside a configuration, which says it itself'))
}

/**
 * Trains the mechanism-sparsity autoencoder ([MS] section 5): it learns latents, their causal graph and their transitions
 * from observations and actions.
 *
 * When to use it: where each latent is moved by few causes, actions or earlier latents, and the mechanisms are unknown. Ask
 * first whether the graph that you expect tells the latents apart (`predict` of `@mechid/causal-graph`). Where you know how
 * latents move, `trainKnownMechanism` identifies more.
 *
 * A run that is killed and resumed gives the same numbers as an unbroken one on the same engine. A training in stages keeps
 * a checkpoint of each stage, in a folder of its own. With more steps than the checkpoint's training was to have, `resume` goes
 * on from it with the schedules of the longer training; in stages, those after the first that goes on start anew.
 *
 * Errors: `InvalidOption`, `ShapeMismatch`, `TooFewRows`, `DataUnavailable`, `CheckpointMismatch`, `FileUnusable`, `EngineUnavailable`,
 * `EngineFailed`; `Diverged` when a term stops being finite (the checkpoint on disk is then the last good one); in stages
 * also `UnmixingFailed`, `NotInvertible`, and `Aborted` while codes are unmixed.
 *
 * @example
 * const { model } = await orThrow(train(data, { latents: 6, edges: 12 }))
 */
export const train =
  (data: ExampleSource, options: TrainingOptions): TE.TaskEither<EstimatorError, Trained> =>
  async () => {
    const recipe = recipeFor(data, options)
    if (E.isLeft(recipe)) return recipe
    if (options.steps !== undefined && !(Number.isSafeInteger(options.steps) && options.steps > 0)) {
      return E.left(invalidOption('train', 'steps', options.steps, 'an integer of at least 1'))
    }
    const { edges: _, steps, configuration: __, engine: given, seed = 1, ...rest } = options
    const found = given === undefined ? await findEngine('auto')() : E.right(given)
    if (E.isLeft(found)) return found
    const engine = found.right
    const configuration = steps === undefined ? recipe.right : withSteps(recipe.right, steps)
    const common = { ...rest, data, engine, seed }
    const trained = isStaged(configuration)
      ? trainInStages({ ...common, configuration })
      : trainOnce({ ...common, configuration })
    const done: E.Either<EstimatorError, TrainedOnce & Pick<Trained, 'stages'>> = await trained()
    if (E.isLeft(done)) return done
    const unused = await unusedIn(engine, done.right.model, data, seed)
    return E.map((latents: readonly number[]): Trained => ({ ...done.right, engine, unused: latents }))(
      unused
    )
  }
