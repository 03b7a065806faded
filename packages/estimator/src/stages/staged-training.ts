/** Dense, unmix, refine: one training in stages, each of which can be used alone. */
import { join } from 'node:path'
import { generator } from '@mechid/random'
import { type Unmixed, type UnmixProgress, unmix, message as unmixingMessage } from '@mechid/unmixing'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Configuration, EdgeTable } from '../configuration.js'
import type { Engine } from '../engine.js'
import type { EstimatorError } from '../errors.js'
import type { ExampleSource } from '../example-source.js'
import { posteriorRows } from '../inference.js'
import type { Model } from '../model.js'
import { type SingleTraining, type StepProgress, type TrainedOnce, trainOnce } from '../single-training.js'
import { initialParameters } from '../sparsity-vae.js'
import { checkTraining, modelShape } from '../validation.js'
import type { StagedConfiguration } from './staged-configuration.js'
import { foldedCoders, unmixedModel } from './unmixed-model.js'

export type StageName = 'dense' | 'unmix' | 'refine' | 'unmix again' | 'refine again'

/** What a stage came to. */
export interface StageResult {
  readonly name: StageName
  readonly model: Model
  readonly seconds: number
  /** Of the stages that unmix: their answer, and its graph with latents in the order of the model's. */
  readonly unmixed?: Unmixed
  readonly graph?: EdgeTable
}

export interface StagedTraining extends Omit<SingleTraining, 'configuration' | 'initial' | 'onProgress'> {
  readonly configuration: StagedConfiguration
  /** `what` is counted while codes are unmixed; steps otherwise. */
  readonly onProgress?: (
    progress: StepProgress & { readonly stage: StageName; readonly what?: UnmixProgress['what'] }
  ) => void
}

export interface TrainedInStages extends TrainedOnce {
  readonly stages: readonly StageResult[]
}

type Outcome<A> = E.Either<EstimatorError, A>

/** Codes of some examples, as unmixing takes them, and how uncertain they are on average. */
export interface EncodedExamples {
  readonly codes: { readonly data: Float64Array; readonly shape: readonly number[] }
  readonly actions?: { readonly data: Float32Array; readonly shape: readonly number[] }
  /** Mean posterior variance of each latent. */
  readonly variances: Float64Array
}

/** Encodes `count` examples, drawn by the seed: [n, d], or [n, 2, d] for pairs of frames. */
export const encodeExamples = async (
  engine: Engine,
  model: Model,
  data: ExampleSource,
  count: number,
  seed: number
): Promise<Outcome<EncodedExamples>> => {
  const { features, latents: d, actions, temporal } = model.shape
  const n = Math.min(count, data.examples)
  const indices = generator(seed).split('codes').permutation(data.examples).slice(0, n)
  const frames = temporal ? 2 * n : n
  const x = new Float32Array(frames * features)
  const a = new Float32Array(n * actions)
  await data.gather(indices, x, a)
  const encoded = await posteriorRows(engine, model, { data: x, shape: [frames, features] })()
  if (E.isLeft(encoded)) return encoded
  const both = encoded.right.data
  const variances = new Float64Array(d)
  const codes = new Float64Array(frames * d)
  for (let r = 0; r < frames; r++) {
    // First frames come before second ones; a sequence has its frames side by side.
    const to = temporal ? (r < n ? 2 * r : 2 * (r - n) + 1) : r
    for (let j = 0; j < d; j++) {
      codes[to * d + j] = both[r * 2 * d + j]
      variances[j] += Math.exp(both[r * 2 * d + d + j]) / frames
    }
  }
  return E.right({
    codes: { data: codes, shape: temporal ? [n, 2, d] : [n, d] },
    ...(actions > 0 ? { actions: { data: a, shape: temporal ? [n, 1, actions] : [n, actions] } } : {}),
    variances
  })
}

const now = (): number => performance.now()

const stageFolder = (
  checkpoint: StagedTraining['checkpoint'],
  stage: string
): Pick<SingleTraining, 'checkpoint'> =>
  checkpoint === undefined
    ? {}
    : { checkpoint: { ...checkpoint, directory: join(checkpoint.directory, stage) } }

interface UnmixedStage {
  readonly unmixed: Unmixed
  /** Mean posterior variance of each code. */
  readonly variances: Float64Array
}

const unmixStage = async (
  options: StagedTraining,
  model: Model,
  stage: StageName
): Promise<Outcome<UnmixedStage>> => {
  const { engine, data, seed, configuration, signal, onProgress } = options
  const encoded = await encodeExamples(engine, model, data, configuration.codes, seed)
  if (E.isLeft(encoded)) return encoded
  const { codes, actions, variances } = encoded.right
  const answer = await unmix(
    { codes, ...(actions === undefined ? {} : { actions }) },
    {
      ...configuration.unmixing,
      seed,
      ...(signal === undefined ? {} : { signal }),
      onProgress: ({ what, done, of }) =>
        onProgress?.({
          stage,
          what,
          step: done,
          steps: of,
          loss: Number.NaN,
          edges: Number.NaN,
          bound: Number.NaN
        })
    }
  )()
  return E.isLeft(answer)
    ? E.left({ _tag: 'UnmixingFailed', stage, reason: unmixingMessage(answer.left) })
    : E.right({ unmixed: answer.right, variances })
}

/** Edges to refine with: those found, and some that may be, since the codes are not precise yet. */
const likelyEdges = ({ worth, decision }: Unmixed): EdgeTable => {
  const MARGIN = 0.3
  const rows = (worth.latents ?? worth.actions ?? []).length
  const most = Array.from({ length: rows }, (_, i) =>
    Math.max(...(worth.latents?.[i] ?? []), ...(worth.actions?.[i] ?? []), 0)
  )
  const kept = (table: number[][]): number[][] =>
    table.map((row, i) =>
      row.map((value) => (value > MARGIN * decision.threshold * most[i] && value > 0 ? 1 : 0))
    )
  return {
    ...(worth.latents === undefined ? {} : { latents: kept(worth.latents) }),
    ...(worth.actions === undefined ? {} : { actions: kept(worth.actions) })
  }
}

/** Nats a row and latent that interactions must seem to be worth for networks to learn beside series. */
const WORTH_NETWORKS = 0.35

/** The model in the basis of the answer, on a graph: series, and networks beside them if asked for. */
const onGraph = (
  options: StagedTraining,
  model: Model,
  { unmixed, variances }: UnmixedStage,
  graph: EdgeTable,
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

/** Trains in stages; `train` says what can go wrong, and `UnmixingFailed` may come besides. */
export const trainInStages =
  (options: StagedTraining): TaskEither<EstimatorError, TrainedInStages> =>
  async () => {
    const { configuration, onProgress, data, latents } = options
    const checked = checkTraining(data, latents, configuration)
    if (E.isLeft(checked)) return checked
    const since = now()
    const stages: StageResult[] = []
    let stageStart = since
    const done = (name: StageName, model: Model, of?: Pick<StageResult, 'unmixed' | 'graph'>): void => {
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

    const first = await unmixStage(options, dense.right.model, 'unmix')
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

    // The last word on basis and graph: codes are unmixed again, now that they are precise.
    const last = await unmixStage(options, refined.right.model, 'unmix again')
    if (E.isLeft(last)) return last
    const { unmixed } = last.right
    const learnedGates = refined.right.model.configuration.sparsity._tag !== 'Oracle'
    if (learnedGates && !isSure(unmixed)) {
      done('unmix again', refined.right.model, { unmixed })
      return E.right(trained(refined.right, stages, since))
    }
    const interacting = unmixed.hypothesis === 'sparse'
    const again = onGraph(options, refined.right.model, last.right, unmixed.graph, interacting)
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
