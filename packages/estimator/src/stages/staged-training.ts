/** Dense, sharpen, unmix, refine: one training in stages, each of which can be used alone. */

import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Configuration } from '../configuration/configuration.js'
import { sharpened } from '../configuration/staged-configuration.js'
import { checkTraining } from '../configuration/validation.js'
import type { EstimatorError } from '../errors.js'
import type { Model } from '../model/model.js'
import type { TrainedOnce } from '../training/single-training.js'
import { basisStage } from './internal/basis.js'
import { likelyEdges, onGraph, type RefinementStart } from './internal/refinement.js'
import { type StageLog, stageLog, type TrainedInStages } from './internal/stage-log.js'
import { straightenInRounds } from './internal/straightening.js'
import { stageCheckpoint, trainStage } from './internal/train-stage.js'
import {
  INTERACTION_IN_PRECISE_CODES,
  isSure,
  SURELY_NOT_ADDITIVE,
  sharpenedCodes,
  type UnmixedStage,
  unmixStage
} from './internal/unmix-stage.js'
import { type StagedTraining, UNCOUNTED } from './stage.js'

type Outcome<A> = E.Either<EstimatorError, A>

/** What straightening left. */
interface StraightenedStage {
  readonly model: Model
  /** Whether there was a round that gained anything. */
  readonly straightened: boolean
  readonly aborted: boolean
}

const straightenStage = async (
  options: StagedTraining,
  log: StageLog,
  refined: Model
): Promise<Outcome<StraightenedStage>> => {
  const { straightening, unmixing } = options.configuration
  if (straightening === undefined) return E.right({ model: refined, straightened: false, aborted: false })
  const run = {
    ...options,
    straightening,
    unmixing,
    edges: likelyEdges,
    mostInteraction: SURELY_NOT_ADDITIVE,
    folder: (round: number) => stageCheckpoint(options.checkpoint, `straighten ${round}`)
  }
  const straight = await straightenInRounds(
    {
      ...run,
      onProgress: (progress) => options.onProgress?.({ ...UNCOUNTED, ...progress, stage: 'straighten' })
    },
    refined
  )
  if (E.isLeft(straight)) return straight
  const { rounds, unmixed, model, aborted } = straight.right
  const straightened = rounds.length > 0
  log.add('straighten', model, {
    straightened: rounds,
    ...(straightened ? { unmixed, graph: unmixed.graph } : {})
  })
  return E.right({ model, straightened, aborted })
}

/** How straightened codes are unmixed at last, which were bent to look additive. */
const STRAIGHTENED = { hypothesis: 'additive', mostInteraction: INTERACTION_IN_PRECISE_CODES } as const

/** Share of the steps of refinement that networks get in the last basis. */
const AGAIN = 0.5

/** What the stages before the last ones left. */
interface BeforeLast {
  readonly refined: TrainedOnce
  readonly straight: StraightenedStage
}

/** A model in its last basis, which ends the training, or the start of one that goes on once more. */
interface LastBasis extends Pick<UnmixedStage, 'unmixed'> {
  readonly model: Model
  readonly again: RefinementStart | undefined
}

/** The last word on basis and graph: codes are unmixed again, now that they are precise. */
const lastBasis = async (
  options: StagedTraining,
  { straight: { model, straightened } }: BeforeLast
): Promise<Outcome<LastBasis>> => {
  const { unmixing, sharpening, straightening, refinement } = options.configuration
  const changes = straightened
    ? { ...STRAIGHTENED, ...unmixing }
    : sharpening === undefined
      ? {}
      : sharpenedCodes(options, model)
  const precisely = straightening !== undefined || sharpening !== undefined
  const last = await unmixStage(options, model, 'unmix again', precisely, changes)
  if (E.isLeft(last)) return last
  const { unmixed } = last.right
  const learnedGates = model.configuration.sparsity._tag !== 'Oracle'
  if (learnedGates && !isSure(unmixed)) return E.right({ unmixed, model, again: undefined })
  const interacting = unmixed.hypothesis !== 'additive'
  const folded = onGraph(options, model, last.right, unmixed.graph, interacting)
  return E.map((start: Model): LastBasis => {
    // A network cannot be turned into another basis, so it learns once more. Precise latents are held meanwhile: a network that is not perfect
    // draws them to where it predicts better.
    const { networks: _, ...schedule } = refinement
    const steps = Math.max(1, Math.round(AGAIN * refinement.steps))
    const held = sharpening === undefined ? {} : ({ trains: 'transitions' } as const)
    const configuration: Configuration = { ...start.configuration, ...schedule, ...held, steps }
    const again = learnedGates || interacting ? { configuration, initial: start.parameters } : undefined
    return { unmixed, model: start, again }
  })(folded)
}

/** Unmixes for the last time, and trains on from there where that takes networks. */
const lastStages = async (
  options: StagedTraining,
  log: StageLog,
  before: BeforeLast
): Promise<Outcome<TrainedInStages>> => {
  const basis = await lastBasis(options, before)
  if (E.isLeft(basis)) return basis
  const { unmixed, model, again } = basis.right
  const kept = model === before.straight.model
  log.add('unmix again', model, kept ? { unmixed } : { unmixed, graph: unmixed.graph })
  if (again === undefined) return E.right(log.ended(before.refined))
  const finished = await trainStage(options, 'refine again', again)
  if (E.isLeft(finished)) return finished
  log.add('refine again', finished.right.model, { graph: unmixed.graph })
  return E.right(log.ended(finished.right))
}

/** More of the dense training, with precise posteriors. */
const sharpenStage = async (
  options: StagedTraining,
  log: StageLog,
  dense: TrainedOnce
): Promise<Outcome<TrainedOnce>> => {
  const { sharpening } = options.configuration
  if (sharpening === undefined) return E.right(dense)
  const { configuration, parameters } = dense.model
  const done = await trainStage(options, 'sharpen', {
    configuration: sharpened(configuration, sharpening),
    initial: parameters
  })
  if (E.isRight(done)) log.add('sharpen', done.right.model)
  return done
}

/** Trains in stages. Errors: those of `train`. */
export const trainInStages =
  (options: StagedTraining): TE.TaskEither<EstimatorError, TrainedInStages> =>
  async () => {
    const { configuration, data, latents } = options
    const checked = checkTraining(data, latents, configuration)
    if (E.isLeft(checked)) return checked
    const log = stageLog()
    const dense = await trainStage(options, 'dense', { configuration: configuration.dense })
    if (E.isLeft(dense)) return dense
    log.add('dense', dense.right.model)
    if (dense.right.aborted) return E.right(log.ended(dense.right))

    const precise = await sharpenStage(options, log, dense.right)
    if (E.isLeft(precise)) return precise
    if (precise.right.aborted) return E.right(log.ended(precise.right))

    const basis = await basisStage(options, log, precise.right.model)
    if (E.isLeft(basis)) return basis
    const { unmixed, ...start } = basis.right
    const refined = await trainStage(options, 'refine', start)
    if (E.isLeft(refined)) return refined
    const { model, aborted } = refined.right
    log.add('refine', model)
    if (aborted) return E.right(log.ended(refined.right))

    const additive = isSure(unmixed) && configuration.unmixing.hypothesis !== 'sparse'
    const straight = additive
      ? await straightenStage(options, log, model)
      : E.right({ model, straightened: false, aborted: false })
    if (E.isLeft(straight)) return straight
    return straight.right.aborted
      ? E.right(log.ended({ ...refined.right, aborted: true }))
      : lastStages(options, log, { refined: refined.right, straight: straight.right })
  }
