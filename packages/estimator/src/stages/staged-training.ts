/** Dense, unmix, refine: one training in stages, each of which can be used alone. */

import { join } from 'node:path'
import { generator } from '@mechid/random'
import { relativeWorth, type Unmixed, type UnmixOptions, unmix } from '@mechid/unmixing'
import type { CausalGraph } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Configuration } from '../configuration/configuration.js'
import { modelShape } from '../configuration/model-shape.js'
import type { StagedConfiguration } from '../configuration/staged-configuration.js'
import { checkTraining } from '../configuration/validation.js'
import { type EstimatorError, unmixingError } from '../errors.js'
import type { Model } from '../model/model.js'
import { initialParameters } from '../model/parameters.js'
import {
  type SingleTraining,
  type StepProgress,
  type TrainedOnce,
  trainOnce
} from '../training/single-training.js'
import { drawExamples, encodeDrawn } from './encoded-examples.js'
import { straightenInRounds } from './internal/straightening.js'
import type { Counted } from './stage-progress.js'
import { foldedCoders, unmixedModel } from './unmixed-model.js'

export type StageName = 'dense' | 'unmix' | 'refine' | 'straighten' | 'unmix again' | 'refine again'

/** What a stage came to. */
export interface StageResult {
  readonly name: StageName
  readonly model: Model
  readonly seconds: number
  /** Of the stages that unmix: their answer, and its graph with latents in the order of the model's. */
  readonly unmixed?: Unmixed
  readonly graph?: CausalGraph
  /** Of straightening: log-likelihood of held-out codes before and after each round, in nats a row. */
  readonly straightened?: ReadonlyArray<{ readonly before: number; readonly after: number }>
}

export interface StagedTraining extends Omit<SingleTraining, 'configuration' | 'initial' | 'onProgress'> {
  readonly configuration: StagedConfiguration
  /** `what` is counted, where it is given; steps of a training otherwise. */
  readonly onProgress?: (
    progress: StepProgress & {
      readonly stage: StageName
      readonly what?: Counted
    }
  ) => void
}

export interface TrainedInStages extends TrainedOnce {
  readonly stages: readonly StageResult[]
}

type Outcome<A> = E.Either<EstimatorError, A>

const now = (): number => performance.now()

const stageFolder = (
  checkpoint: StagedTraining['checkpoint'],
  stage: string
): Pick<SingleTraining, 'checkpoint'> =>
  checkpoint === undefined
    ? {}
    : { checkpoint: { ...checkpoint, directory: join(checkpoint.directory, stage) } }

/** What a listener is told of numbers that a stage does not have. */
const UNCOUNTED = { loss: Number.NaN, edges: Number.NaN, bound: Number.NaN }

interface UnmixedStage {
  readonly unmixed: Unmixed
  /** Mean posterior variance of each code. */
  readonly variances: Float64Array
}

const unmixStage = async (
  options: StagedTraining,
  model: Model,
  stage: StageName,
  precisely = false,
  changes: Pick<UnmixOptions, 'hypothesis' | 'mostInteraction'> = {}
): Promise<Outcome<UnmixedStage>> => {
  const { engine, data, seed, configuration, signal, onProgress } = options
  const drawn = await drawExamples(model.shape, data, configuration.codes, seed)
  const encoded = await encodeDrawn(engine, model, drawn, precisely, (step) =>
    onProgress?.({ ...UNCOUNTED, stage, what: 'codes sharpened', step, steps: drawn.x.shape[0] })
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

/** Share of the least relative worth of an edge from which on a cause may be one. */
const MARGIN = 0.3

/** Edges to refine with: those found, and some that may be, since the codes are not precise yet. */
const likelyEdges = ({ worth: { latents, actions }, decision }: Unmixed): CausalGraph => {
  const causes = latents?.[0]?.length ?? 0
  const rows = (latents ?? actions ?? []).map((_, i) => [...(latents?.[i] ?? []), ...(actions?.[i] ?? [])])
  const likely = relativeWorth(rows).map((row) =>
    row.map((value) => (value > 0 && value > MARGIN * decision.threshold ? 1 : 0))
  )
  return {
    ...(latents === undefined ? {} : { latents: likely.map((row) => row.slice(0, causes)) }),
    ...(actions === undefined ? {} : { actions: likely.map((row) => row.slice(causes)) })
  }
}

/** Nats a row and latent that interactions must seem to be worth for networks to learn beside series. */
const WORTH_NETWORKS = 0.35

/** The model in the basis of the answer, on a graph: series, and networks beside them if asked for. */
const onGraph = (
  options: StagedTraining,
  model: Model,
  { unmixed, variances }: UnmixedStage,
  graph: CausalGraph,
  withNetworks: boolean
): Model => {
  const { transition } = options.configuration.refinement.networks
  const random = generator(options.seed).split('refinement')
  return unmixedModel(
    model,
    unmixed,
    variances,
    graph,
    withNetworks ? { networks: transition, random } : undefined
  )
}

/**
 * Share of interactions from which on refinement gives an additive answer up. It is larger than what rejects additivity at the
 * end: dense codes are still bent, and what bends them looks like interactions.
 */
const SURELY_NOT_ADDITIVE = 0.3

/**
 * The first unmixing. Dense codes are bent, and what bends them looks like interactions: additivity has to be surely wrong
 * before a sequence is taken for one of sparse mechanisms that interact.
 */
const firstUnmixing = async (options: StagedTraining, dense: Model): Promise<Outcome<UnmixedStage>> => {
  const decided = !dense.shape.temporal || options.configuration.unmixing.hypothesis !== undefined
  if (decided) return unmixStage(options, dense, 'unmix')
  const additive = await unmixStage(options, dense, 'unmix', false, { hypothesis: 'additive' })
  return E.isLeft(additive) || isSure(additive.right.unmixed) ? additive : unmixStage(options, dense, 'unmix')
}

/**
 * The last unmixing of straightened codes. They were bent to look additive, and they are precise, so what interactions are left says more:
 * a fiftieth rejects additivity. Of what was measured, additive mechanisms left .006 at most, norms of many latents .04.
 */
const STRAIGHTENED = { hypothesis: 'additive', mostInteraction: 0.02 } as const

/** Whether the edges of an answer mean something. */
const isSure = ({ hypothesis, additivity }: Unmixed): boolean =>
  hypothesis === 'sparse' || additivity.share < SURELY_NOT_ADDITIVE

/**
 * The model and configuration that refinement starts from. Additive mechanisms are series; where there may be interactions,
 * networks learn beside their additive part, on the edges that were found. Where the answer is additive and data deny that, edges mean little:
 * then gates are learned on networks, in the basis that was found.
 */
const refinementStart = (
  options: StagedTraining,
  dense: Model,
  { unmixed, variances }: UnmixedStage
): { readonly configuration: Configuration; readonly initial: Model['parameters'] } => {
  const { networks, ...schedule } = options.configuration.refinement
  const random = generator(options.seed).split('refinement')
  if (isSure(unmixed)) {
    const interacting = unmixed.hypothesis === 'sparse' || unmixed.additivity.nats > WORTH_NETWORKS
    const model = onGraph(options, dense, { unmixed, variances }, likelyEdges(unmixed), interacting)
    return { configuration: { ...model.configuration, ...schedule }, initial: model.parameters }
  }
  const configuration: Configuration = { ...dense.configuration, ...networks, ...schedule }
  return {
    configuration,
    initial: {
      ...initialParameters(dense.shape, configuration, random),
      ...foldedCoders(dense, unmixed, variances)
    }
  }
}

/** Share of the steps of refinement that networks get in the last basis. */
const AGAIN = 0.5

const trained = (last: TrainedOnce, stages: readonly StageResult[], since: number): TrainedInStages => ({
  ...last,
  model: stages[stages.length - 1].model,
  resumedAt: last.resumedAt,
  seconds: (now() - since) / 1000,
  stages
})

/** Trains in stages; `train` says what can go wrong; `UnmixingFailed`, and `Aborted` amid unmixing, may come besides. */
export const trainInStages =
  (options: StagedTraining): TaskEither<EstimatorError, TrainedInStages> =>
  async () => {
    const { configuration, onProgress, data, latents } = options
    const checked = checkTraining(data, latents, configuration)
    if (E.isLeft(checked)) return checked
    const since = now()
    const stages: StageResult[] = []
    let stageStart = since
    const done = (
      name: StageName,
      model: Model,
      of?: Pick<StageResult, 'unmixed' | 'graph' | 'straightened'>
    ): void => {
      const seconds = (now() - stageStart) / 1000
      stages.push({ name, model, seconds, ...of })
      stageStart = now()
    }
    const told = (stage: StageName): Pick<SingleTraining, 'onProgress'> => ({
      onProgress: (progress) => onProgress?.({ ...progress, stage })
    })
    const { onProgress: _, ...shared } = options
    const dense = await trainOnce({
      ...shared,
      configuration: configuration.dense,
      ...stageFolder(options.checkpoint, 'dense'),
      ...told('dense')
    })()
    if (E.isLeft(dense)) return dense
    done('dense', dense.right.model)
    if (dense.right.aborted) return E.right(trained(dense.right, stages, since))

    const first = await firstUnmixing(options, dense.right.model)
    if (E.isLeft(first)) return first
    const start = refinementStart(options, dense.right.model, first.right)
    const shape = modelShape(data, latents)
    done(
      'unmix',
      { shape, configuration: start.configuration, parameters: start.initial },
      { unmixed: first.right.unmixed, graph: first.right.unmixed.graph }
    )

    const refined = await trainOnce({
      ...shared,
      ...start,
      ...stageFolder(options.checkpoint, 'refine'),
      ...told('refine')
    })()
    if (E.isLeft(refined)) return refined
    done('refine', refined.right.model)
    if (refined.right.aborted) return E.right(trained(refined.right, stages, since))

    const { straightening } = configuration
    let model = refined.right.model
    let straightened = false
    const additive = isSure(first.right.unmixed) && configuration.unmixing.hypothesis !== 'sparse'
    if (straightening !== undefined && additive) {
      const straight = await straightenInRounds(
        {
          ...options,
          straightening,
          unmixing: configuration.unmixing,
          edges: likelyEdges,
          mostInteraction: SURELY_NOT_ADDITIVE,
          folder: (round) => stageFolder(options.checkpoint, `straighten ${round}`),
          onProgress: (progress) => onProgress?.({ ...UNCOUNTED, ...progress, stage: 'straighten' })
        },
        model
      )
      if (E.isLeft(straight)) return straight
      const { rounds, unmixed, ...result } = straight.right
      model = result.model
      straightened = rounds.length > 0
      const graph = rounds.length === 0 ? {} : { unmixed, graph: unmixed.graph }
      done('straighten', model, { straightened: rounds, ...graph })
      if (result.aborted) return E.right(trained({ ...refined.right, aborted: true }, stages, since))
    }

    // The last word on basis and graph: codes are unmixed again, now that they are precise.
    const changes = straightened ? { ...STRAIGHTENED, ...configuration.unmixing } : {}
    const last = await unmixStage(options, model, 'unmix again', straightening !== undefined, changes)
    if (E.isLeft(last)) return last
    const { unmixed } = last.right
    const learnedGates = model.configuration.sparsity._tag !== 'Oracle'
    if (learnedGates && !isSure(unmixed)) {
      done('unmix again', model, { unmixed })
      return E.right(trained(refined.right, stages, since))
    }
    const interacting = unmixed.hypothesis === 'sparse'
    const again = onGraph(options, model, last.right, unmixed.graph, interacting)
    done('unmix again', again, { unmixed, graph: unmixed.graph })
    if (!learnedGates && !interacting) {
      return E.right(trained(refined.right, stages, since))
    }

    // A network cannot be turned into another basis, so it learns once more.
    const steps = Math.max(1, Math.round(AGAIN * configuration.refinement.steps))
    const { networks: __, ...schedule } = configuration.refinement
    const finished = await trainOnce({
      ...shared,
      configuration: { ...again.configuration, ...schedule, steps },
      initial: again.parameters,
      ...stageFolder(options.checkpoint, 'refine again'),
      ...told('refine again')
    })()
    if (E.isLeft(finished)) return finished
    done('refine again', finished.right.model, { graph: unmixed.graph })
    return E.right(trained(finished.right, stages, since))
  }
