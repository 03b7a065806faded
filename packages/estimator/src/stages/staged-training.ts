/** Dense, unmix, refine: one training in stages, each of which can be used alone. */
import { join } from 'node:path'
import { generator } from '@mechid/random'
import { type Unmixed, unmix, message as unmixingMessage } from '@mechid/unmixing'
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

export type StageName = 'dense' | 'unmix' | 'refine' | 'unmix again'

/** What a stage came to. */
export interface StageResult {
  readonly name: StageName
  readonly model: Model
  readonly seconds: number
  /** Of the stages that unmix. */
  readonly unmixed?: Unmixed
}

export interface StagedTraining extends Omit<SingleTraining, 'configuration' | 'initial' | 'onProgress'> {
  readonly configuration: StagedConfiguration
  readonly onProgress?: (progress: StepProgress & { readonly stage: StageName }) => void
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
      onProgress: ({ search, searches, found, latents }) =>
        onProgress?.({
          stage,
          step: (search - 1) * latents + found,
          steps: searches * latents,
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

/**
 * Share of interactions from which on refinement gives additivity up. It is larger than what rejects additivity at the end:
 * dense codes are still bent, and what bends them looks like interactions.
 */
const SURELY_NOT_ADDITIVE = 0.3

/** The model and configuration that refinement starts from. */
const refinementStart = (
  options: StagedTraining,
  dense: Model,
  { unmixed, variances }: UnmixedStage
): { readonly configuration: Configuration; readonly initial: Model['parameters'] } => {
  const { networks, ...schedule } = options.configuration.refinement
  if (unmixed.additivity.share < SURELY_NOT_ADDITIVE) {
    const model = unmixedModel(dense, unmixed, variances, likelyEdges(unmixed))
    return { configuration: { ...model.configuration, ...schedule }, initial: model.parameters }
  }
  const configuration: Configuration = { ...dense.configuration, ...networks, ...schedule }
  const random = generator(options.seed).split('refinement')
  return {
    configuration,
    initial: {
      ...initialParameters(dense.shape, configuration, random),
      ...foldedCoders(dense, unmixed, variances)
    }
  }
}

/**
 * The last word on basis and graph: codes are unmixed again, now that they are precise. Where gates were learned, the
 * refined model stays as it is.
 */
const finishedModel = (refined: Model, { unmixed, variances }: UnmixedStage): Model =>
  refined.configuration.sparsity._tag === 'Oracle'
    ? unmixedModel(refined, unmixed, variances, unmixed.graph)
    : refined

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
    const done = (name: StageName, model: Model, unmixed?: Unmixed): void => {
      const seconds = (now() - stageStart) / 1000
      stages.push({ name, model, seconds, ...(unmixed === undefined ? {} : { unmixed }) })
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
      first.right.unmixed
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

    const last = await unmixStage(options, refined.right.model, 'unmix again')
    if (E.isLeft(last)) return last
    done('unmix again', finishedModel(refined.right.model, last.right), last.right.unmixed)
    return E.right(trained(refined.right, stages, since))
  }
