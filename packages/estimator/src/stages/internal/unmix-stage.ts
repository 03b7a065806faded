/** Stages that unmix the codes of some examples. */
import { type Unmixed, type UnmixOptions, unmix } from '@mechid/unmixing'
import * as E from 'fp-ts/lib/Either.js'
import { type EstimatorError, unmixingError } from '../../errors.js'
import type { Model } from '../../model/model.js'
import { drawExamples, encodeDrawn } from '../encoded-examples.js'
import { type StagedTraining, type StageName, UNCOUNTED } from '../stage.js'

type Outcome<A> = E.Either<EstimatorError, A>

/** The answer of unmixing, for codes as uncertain as these. */
export interface UnmixedStage {
  readonly unmixed: Unmixed
  /** Mean posterior variance of each code. */
  readonly variances: Float64Array
}

/** Unmixes codes of some examples, as the encoder says or `precisely`. `changes` to what the configuration says. */
export const unmixStage = async (
  options: StagedTraining,
  model: Model,
  stage: StageName,
  precisely = false,
  changes: Pick<UnmixOptions, 'hypothesis' | 'mostInteraction'> = {}
): Promise<Outcome<UnmixedStage>> => {
  const { engine, data, seed, configuration, signal, onProgress } = options
  const drawn = await drawExamples(model.shape, data, configuration.codes, seed)
  if (E.isLeft(drawn)) return drawn
  const [steps] = drawn.right.x.shape
  const encoded = await encodeDrawn(engine, model, drawn.right, precisely, (step) =>
    onProgress?.({ ...UNCOUNTED, stage, what: 'codes sharpened', step, steps })
  )
  if (E.isLeft(encoded)) return encoded
  const { codes, actions, variances } = encoded.right
  const answer = await unmix(
    { codes, ...(actions === undefined ? {} : { actions }) },
    {
      ...configuration.unmixing,
      ...changes,
      seed,
      ...(signal === undefined ? {} : { signal }),
      onProgress: ({ what, done, of }) => onProgress?.({ ...UNCOUNTED, stage, what, step: done, steps: of })
    }
  )()
  return E.isLeft(answer)
    ? E.left(unmixingError(stage, answer.left))
    : E.right({ unmixed: answer.right, variances })
}

/**
 * Share of interactions from which on refinement gives up an additive answer. It is larger than the share that rejects
 * additivity at the end: dense codes are still bent, and bends look like interactions.
 */
export const SURELY_NOT_ADDITIVE = 0.3

/** Whether the edges of an answer mean something. */
export const isSure = ({ hypothesis, additivity }: Unmixed): boolean =>
  hypothesis !== 'additive' || additivity.share < SURELY_NOT_ADDITIVE

/**
 * Share of interactions from which on they reject additivity in precise or straightened codes. Interactions weigh more there. Measured:
 * additive mechanisms left .006 at most, norms of many latents .04.
 */
export const INTERACTION_IN_PRECISE_CODES = 0.02

/**
 * How sharpened codes are unmixed. Of sequences they are straight enough to be judged as they are. Of rows they need not be: actions are all that is
 * known of them, and short trainings leave bends that look like .02 of interactions.
 */
export const sharpenedCodes = (
  { configuration: { unmixing } }: StagedTraining,
  { shape }: Model
): Pick<UnmixOptions, 'mostInteraction'> =>
  shape.temporal ? { mostInteraction: INTERACTION_IN_PRECISE_CODES, ...unmixing } : {}

/**
 * The first unmixing. Codes as the encoder says are bent, and bends look like interactions: only where additivity is surely wrong are
 * mechanisms taken for sparse ones that interact.
 */
export const firstUnmixing = async (
  options: StagedTraining,
  model: Model
): Promise<Outcome<UnmixedStage>> => {
  const { unmixing, sharpening } = options.configuration
  if (sharpening !== undefined) {
    return unmixStage(options, model, 'unmix', true, sharpenedCodes(options, model))
  }
  const decided = !model.shape.temporal || unmixing.hypothesis !== undefined
  if (decided) return unmixStage(options, model, 'unmix')
  const additive = await unmixStage(options, model, 'unmix', false, { hypothesis: 'additive' })
  return E.isLeft(additive) || isSure(additive.right.unmixed) ? additive : unmixStage(options, model, 'unmix')
}
