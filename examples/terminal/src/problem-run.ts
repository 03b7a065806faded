/** One problem with one seed and one method: trained and scored. */
import { existsSync } from 'node:fs'
import type { Engine } from '@mechid/engine'
import { type Comparison, type Evaluation, edgeCount, evaluate, hiddenActions } from '@mechid/evaluation'
import { causalGraph, type Kernel } from '@mechid/mechanisms'
import * as E from 'fp-ts/lib/Either.js'
import { type Encoded, runBaseline } from './baseline-run.js'
import {
  type Experiment,
  type ExperimentError,
  isStopped,
  type Outcome,
  runExperiment,
  type Watch,
  WITHOUT_LATENTS,
  watchExperiment
} from './experiment.js'
import { type Method, methodCalled } from './methods.js'
import { orFail } from './output.js'
import { plannedExperiment } from './problem-experiment.js'
import { publishedFigure } from './published.js'
import { publishedBaseline } from './published-baselines.js'
import type { RunRecord, Settings } from './run-records.js'
import { type VerdictWithoutTruth, verdictWithoutTruth, verdictWithTruth } from './run-verdict.js'
import { interrupted, interruptible } from './signals.js'
import { trainingProgress } from './training.js'
import { hypothesisRejected, lastUnmixed } from './unmixing-lines.js'

/** Steps between two checkpoints. */
const CHECKPOINT_EVERY = 500

/** The experiment of a run; of other methods than presets, what they share with `fast`. */
const experimentOf = (
  kernel: Kernel,
  { rows, seed, method, steps, bound, learnedLatents }: Settings,
  engine: Engine,
  folder: string
): E.Either<ExperimentError, Experiment> =>
  plannedExperiment(kernel, {
    preset: methodCalled(method)._tag === 'Preset' ? method : 'fast',
    steps: steps ?? undefined,
    bound: bound ?? undefined,
    ...(learnedLatents === undefined ? {} : { latents: learnedLatents }),
    rows,
    engine,
    seed,
    checkpoint: { directory: folder, every: CHECKPOINT_EVERY }
  })

const hypothesisOf = (trained: Outcome['trained']): string => {
  const unmixed = lastUnmixed(trained)
  if (unmixed === undefined) return 'sparse'
  return `${unmixed.hypothesis}${unmixed.rejected ? ', rejected' : ''}`
}

/** What a run came to, by whatever method. */
interface ScoredRun
  extends Pick<
    RunRecord,
    'seconds' | 'resumed' | 'hypothesis' | 'published' | 'verdictWithoutTruth' | 'note'
  > {
  readonly evaluation: Evaluation
  readonly comparison: Comparison
}

/** The record of a run. */
const recordOf = (
  kernel: Kernel,
  settings: Settings,
  { comparison, evaluation, ...told }: ScoredRun
): RunRecord => {
  const { edges, possible } = edgeCount(causalGraph(kernel))
  return {
    ...settings,
    prediction: evaluation.theory?.promise ?? 'not sufficient',
    hidden: hiddenActions(kernel).reduce((sum, { hidden }) => sum + hidden, 0),
    mcc: comparison.mcc.value,
    rCon: comparison.rCon?.value ?? null,
    r: comparison.r.value,
    rFloor: comparison.floor ?? null,
    kernelRCon: comparison.kernelRCon?.value ?? null,
    shd: comparison.graph?.shd ?? null,
    edges,
    possible,
    verdict: verdictWithTruth(evaluation.verdict),
    ...told
  }
}

const recordOfOutcome = (
  kernel: Kernel,
  settings: Settings,
  { comparison, evaluation, trained, learned, held: { a }, zHat }: Outcome,
  resumed: boolean
): E.Either<ExperimentError, RunRecord> =>
  E.map(
    (alone: VerdictWithoutTruth): RunRecord =>
      recordOf(kernel, settings, {
        comparison,
        evaluation,
        verdictWithoutTruth: alone,
        seconds: trained.seconds,
        resumed,
        hypothesis: hypothesisOf(trained),
        published: publishedFigure(settings.problem, settings.latents) ?? null
      })
  )(
    verdictWithoutTruth({
      zHat,
      learned,
      hypothesisRejected: hypothesisRejected(trained),
      ...(a === undefined ? {} : { a })
    })
  )

type Baseline = Exclude<Method, { readonly _tag: 'Preset' }>

const recordOfBaseline = (
  kernel: Kernel,
  settings: Settings,
  { z, zHat, seconds, note }: Encoded,
  resumed: boolean
): E.Either<ExperimentError, RunRecord> =>
  E.flatMap((evaluation: Evaluation): E.Either<ExperimentError, RunRecord> => {
    const { comparison } = evaluation
    if (comparison === undefined) return E.left(WITHOUT_LATENTS)
    return E.right(
      recordOf(kernel, settings, {
        evaluation,
        comparison,
        seconds,
        resumed,
        hypothesis: 'none',
        published: publishedBaseline(settings.problem, settings.method, settings.latents) ?? null,
        ...(note === undefined ? {} : { note })
      })
    )
  })(evaluate({ z, zHat, graph: kernel }))

const watchBaseline = async (
  kernel: Kernel,
  settings: Settings,
  experiment: Experiment,
  method: Baseline,
  resumed: boolean,
  { onScored, ...watch }: Watch
): Promise<E.Either<ExperimentError, RunRecord>> => {
  const encoded = await runBaseline(method, experiment, settings.steps, watch)
  if (E.isLeft(encoded)) return encoded
  onScored(0, 1)
  return recordOfBaseline(kernel, settings, encoded.right, resumed)
}

const ADVICE = '; the same command goes on from here'

/** Trains and scores, with progress bars. `folder` keeps checkpoints; if it exists, the run resumes from there. */
export const runOnce = async (
  kernel: Kernel,
  settings: Settings,
  engine: Engine,
  folder: string
): Promise<RunRecord> => {
  const resumed = existsSync(folder)
  const experiment = orFail(experimentOf(kernel, settings, engine, folder))
  const method = methodCalled(settings.method)
  if (method._tag === 'Preset') {
    return orFail(recordOfOutcome(kernel, settings, await runExperiment(experiment), resumed))
  }
  const { onProgress, stop } = trainingProgress(false, settings.method)
  const result = await interruptible((signal) => {
    const watch = { signal, onProgress, onScored: stop }
    return watchBaseline(kernel, settings, experiment, method, resumed, watch)
  }, stop)
  return E.isLeft(result) && isStopped(result.left)
    ? interrupted(` at step ${result.left.step}${ADVICE}`)
    : orFail(result)
}

/** The same without a terminal, and with errors as values. */
export const watchRun = async (
  kernel: Kernel,
  settings: Settings,
  engine: Engine,
  folder: string,
  watch: Watch
): Promise<E.Either<ExperimentError, RunRecord>> => {
  const resumed = existsSync(folder)
  const experiment = experimentOf(kernel, settings, engine, folder)
  if (E.isLeft(experiment)) return experiment
  const method = methodCalled(settings.method)
  if (method._tag !== 'Preset') {
    return watchBaseline(kernel, settings, experiment.right, method, resumed, watch)
  }
  const outcome = await watchExperiment(experiment.right, watch)
  return E.flatMap((result: Outcome) => recordOfOutcome(kernel, settings, result, resumed))(outcome)
}
