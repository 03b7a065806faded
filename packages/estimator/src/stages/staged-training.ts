/** Dense, unmix, refine: one training in stages, each of which can be used alone. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { checkTraining } from '../configuration/validation.js'
import { type EstimatorError, inStage } from '../errors.js'
import type { Model } from '../model/model.js'
import { forgetCheckpoint, stageFolder, stagesIn } from '../training/checkpoint-folder.js'
import { type SingleTraining, type TrainedOnce, trainOnce } from '../training/single-training.js'
import { likelyEdges, onGraph, type RefinementStart, refinementStart } from './internal/refinement.js'
import { straightenInRounds } from './internal/straightening.js'
import { firstUnmixing, isSure, SURELY_NOT_ADDITIVE, unmixStage } from './internal/unmix-stage.js'
import { type StagedTraining, type StageName, type StageResult, UNCOUNTED } from './stage.js'

export interface TrainedInStages extends TrainedOnce {
  readonly stages: readonly StageResult[]
}

type Outcome<A> = E.Either<EstimatorError, A>

const now = (): number => performance.now()

/** The stages that are done, each with the time since the one before. */
interface StageLog {
  readonly add: (
    name: StageName,
    model: Model,
    of?: Pick<StageResult, 'unmixed' | 'graph' | 'straightened'>
  ) => void
  /** What the training came to, where `last` is what trained last. */
  readonly ended: (last: TrainedOnce) => TrainedInStages
}

const stageLog = (): StageLog => {
  const since = now()
  const stages: StageResult[] = []
  let stageStart = since
  return {
    add: (name, model, of) => {
      stages.push({ name, model, seconds: (now() - stageStart) / 1000, ...of })
      stageStart = now()
    },
    ended: (last) => ({
      ...last,
      model: stages[stages.length - 1].model,
      seconds: (now() - since) / 1000,
      stages
    })
  }
}

const stageCheckpoint = (
  checkpoint: StagedTraining['checkpoint'],
  stage: string
): Pick<SingleTraining, 'checkpoint'> =>
  checkpoint === undefined
    ? {}
    : { checkpoint: { ...checkpoint, directory: stageFolder(checkpoint.directory, stage) } }

/** Stages that start from what a stage before them came to. */
const LATER: Readonly<Partial<Record<StageName, RegExp>>> = {
  dense: /^(refine|refine again|straighten \d+)$/,
  refine: /^(refine again|straighten \d+)$/
}

/** Where a stage goes on longer, those after it start anew: their checkpoints are of another start. */
const forgetLater = (checkpoint: StagedTraining['checkpoint'], stage: StageName): void => {
  const later = LATER[stage]
  if (checkpoint === undefined || later === undefined) return
  for (const name of stagesIn(checkpoint.directory))
    if (later.test(name)) forgetCheckpoint(stageFolder(checkpoint.directory, name))
}

/** A stage that trains. */
const trainStage = (
  { onProgress, onLengthened, ...options }: StagedTraining,
  stage: StageName,
  start: Pick<SingleTraining, 'configuration' | 'initial'>
): Promise<Outcome<TrainedOnce>> =>
  pipe(
    trainOnce({
      ...options,
      ...start,
      ...stageCheckpoint(options.checkpoint, stage),
      onLengthened: (before) => {
        forgetLater(options.checkpoint, stage)
        onLengthened?.(before)
      },
      onProgress: (progress) => onProgress?.({ ...progress, stage })
    }),
    TE.mapLeft((error) => inStage(stage, error))
  )()

/** Unmixes the codes of the dense model, and says where refinement starts. */
const basisStage = async (
  options: StagedTraining,
  log: StageLog,
  dense: Model
): Promise<Outcome<RefinementStart & { readonly sure: boolean }>> => {
  const first = await firstUnmixing(options, dense)
  if (E.isLeft(first)) return first
  const { unmixed } = first.right
  const start = refinementStart(options, dense, first.right)
  if (E.isLeft(start)) return start
  const { configuration, initial: parameters } = start.right
  log.add('unmix', { shape: dense.shape, configuration, parameters }, { unmixed, graph: unmixed.graph })
  return E.right({ ...start.right, sure: isSure(unmixed) })
}

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

/**
 * How straightened codes are unmixed at last. They were bent to look additive, and they are precise, so interactions that
 * are left weigh more: a share of a fiftieth rejects additivity. Measured: additive mechanisms left .006 at most, norms of
 * many latents .04.
 */
const STRAIGHTENED = { hypothesis: 'additive', mostInteraction: 0.02 } as const

/** Share of the steps of refinement that networks get in the last basis. */
const AGAIN = 0.5

/** The last word on basis and graph: codes are unmixed again, now that they are precise. */
const lastStages = async (
  options: StagedTraining,
  log: StageLog,
  refined: TrainedOnce,
  { model, straightened }: StraightenedStage
): Promise<Outcome<TrainedInStages>> => {
  const { unmixing, straightening, refinement } = options.configuration
  const changes = straightened ? { ...STRAIGHTENED, ...unmixing } : {}
  const last = await unmixStage(options, model, 'unmix again', straightening !== undefined, changes)
  if (E.isLeft(last)) return last
  const { unmixed } = last.right
  const learnedGates = model.configuration.sparsity._tag !== 'Oracle'
  if (learnedGates && !isSure(unmixed)) {
    log.add('unmix again', model, { unmixed })
    return E.right(log.ended(refined))
  }
  const interacting = unmixed.hypothesis !== 'additive'
  const again = onGraph(options, model, last.right, unmixed.graph, interacting)
  if (E.isLeft(again)) return again
  const { configuration, parameters: initial } = again.right
  log.add('unmix again', again.right, { unmixed, graph: unmixed.graph })
  if (!learnedGates && !interacting) return E.right(log.ended(refined))

  // A network cannot be turned into another basis, so it learns once more.
  const { networks: _, ...schedule } = refinement
  const steps = Math.max(1, Math.round(AGAIN * refinement.steps))
  const start = { configuration: { ...configuration, ...schedule, steps }, initial }
  const finished = await trainStage(options, 'refine again', start)
  if (E.isLeft(finished)) return finished
  log.add('refine again', finished.right.model, { graph: unmixed.graph })
  return E.right(log.ended(finished.right))
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

    const basis = await basisStage(options, log, dense.right.model)
    if (E.isLeft(basis)) return basis
    const { sure, ...start } = basis.right
    const refined = await trainStage(options, 'refine', start)
    if (E.isLeft(refined)) return refined
    const { model, aborted } = refined.right
    log.add('refine', model)
    if (aborted) return E.right(log.ended(refined.right))

    const additive = sure && configuration.unmixing.hypothesis !== 'sparse'
    const straight = additive
      ? await straightenStage(options, log, model)
      : E.right({ model, straightened: false, aborted: false })
    if (E.isLeft(straight)) return straight
    return straight.right.aborted
      ? E.right(log.ended({ ...refined.right, aborted: true }))
      : lastStages(options, log, refined.right, straight.right)
  }
