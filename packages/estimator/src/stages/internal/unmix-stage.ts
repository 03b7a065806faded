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
 * What codes of sequences, as the encoder says or `precisely`, unmix to where mechanisms are supposed to be additive; undefined where
 * what they are is not to be decided.
 */
export const additiveUnmixing = async (
  options: StagedTraining,
  model: Model,
  precisely: boolean
): Promise<Outcome<UnmixedStage | undefined>> => {
  const decided = !model.shape.temporal || options.configuration.unmixing.hypothesis !== undefined
  return decided
    ? E.right(undefined)
    : unmixStage(options, model, 'unmix', precisely, { hypothesis: 'additive' })
}

/**
 * Share of interactions from which on they reject additivity in codes that were settled or straightened. These are precise, so that
 * interactions weigh more. Measured: additive mechanisms left .006 at most, norms of many latents .04.
 */
export const INTERACTION_IN_PRECISE_CODES = 0.02

/** Codes that were settled, where mechanisms are not additive: the sparse hypothesis is tried. */
export const interactingUnmixing = (
  options: StagedTraining,
  settled: Model,
  stage: 'unmix' | 'unmix again'
): Promise<Outcome<UnmixedStage>> =>
  unmixStage(options, settled, stage, true, {
    mostInteraction: INTERACTION_IN_PRECISE_CODES,
    ...options.configuration.unmixing
  })

/**
 * Nats a row and latent by which any smooth function of the past predicts settled codes better than additive ones do, from which on
 * mechanisms surely interact. Measured: norms of many latents .27 to .37, sigmoids, which are additive, .07 in codes that are still bent.
 */
const SURELY_INTERACTING = 0.15

/** The answer that refinement starts from. */
export interface FirstUnmixing {
  readonly first: UnmixedStage
  /** What settled codes unmix to where mechanisms may interact, if that was looked at. */
  readonly interacting?: UnmixedStage
}

/** The first unmixing of settled codes: `additive`, unless interactions are sure. */
const firstOfSettled = async (
  options: StagedTraining,
  model: Model,
  additive: UnmixedStage
): Promise<Outcome<FirstUnmixing>> => {
  const { additivity, choice, latents } = additive.unmixed
  if (additivity.share < INTERACTION_IN_PRECISE_CODES) return E.right({ first: additive })
  return E.map((interacting: UnmixedStage): FirstUnmixing => {
    const { hypothesis, choice: other } = interacting.unmixed
    const sure =
      hypothesis !== 'additive' && other.logLikelihood - choice.logLikelihood > SURELY_INTERACTING * latents
    return { first: sure || !isSure(additive.unmixed) ? interacting : additive, interacting }
  })(await interactingUnmixing(options, model, 'unmix'))
}

/**
 * The first unmixing, where that of {@link additiveUnmixing} is `additive`. Codes are bent, and bends look like interactions: only where
 * additivity is surely wrong are mechanisms taken for sparse ones that interact.
 */
export const firstUnmixing = async (
  options: StagedTraining,
  model: Model,
  settled: boolean,
  additive: UnmixedStage | undefined
): Promise<Outcome<FirstUnmixing>> => {
  if (additive !== undefined && settled) return firstOfSettled(options, model, additive)
  if (additive !== undefined && isSure(additive.unmixed)) return E.right({ first: additive })
  return E.map((first: UnmixedStage): FirstUnmixing => ({ first }))(await unmixStage(options, model, 'unmix'))
}
