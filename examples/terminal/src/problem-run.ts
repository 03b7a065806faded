/** One problem with one seed: trained and scored. */
import { existsSync } from 'node:fs'
import type { Engine } from '@mechid/engine'
import { type Comparison, type Evaluation, edgeCount, hiddenActions } from '@mechid/evaluation'
import { causalGraph, type Kernel } from '@mechid/mechanisms'
import * as E from 'fp-ts/lib/Either.js'
import {
  type Experiment,
  type ExperimentError,
  type Outcome,
  runExperiment,
  type Watch,
  watchExperiment
} from './experiment.js'
import { orFail } from './output.js'
import { plannedExperiment } from './problem-experiment.js'
import { publishedFigure } from './published.js'
import type { RunRecord, Settings } from './run-records.js'
import { lastUnmixed } from './unmixing-lines.js'

/** Steps between two checkpoints. */
const CHECKPOINT_EVERY = 500

/** The experiment of a run; of other methods than presets, what they share with `fast`. */
export const experimentOf = (
  kernel: Kernel,
  { rows, seed, method, steps, bound }: Settings,
  engine: Engine,
  folder: string
): E.Either<ExperimentError, Experiment> =>
  plannedExperiment(kernel, {
    preset: method,
    steps: steps ?? undefined,
    bound: bound ?? undefined,
    rows,
    engine,
    seed,
    checkpoint: { directory: folder, every: CHECKPOINT_EVERY }
  })

const hypothesisOf = (trained: Outcome['trained']): string => {
  const unmixed = lastUnmixed(trained)
  return unmixed === undefined || unmixed.hypothesis === 'sparse'
    ? 'sparse'
    : `additive${unmixed.additivity.rejected ? ', rejected' : ''}`
}

/** What a run came to, by whatever method. */
export interface ScoredRun
  extends Pick<RunRecord, 'seconds' | 'resumed' | 'hypothesis' | 'published' | 'note'> {
  readonly evaluation: Evaluation
  readonly comparison: Comparison
}

/** The record of a run. */
export const recordOf = (
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
    ...told
  }
}

const recordOfOutcome = (
  kernel: Kernel,
  settings: Settings,
  { comparison, evaluation, trained }: Outcome,
  resumed: boolean
): RunRecord =>
  recordOf(kernel, settings, {
    comparison,
    evaluation,
    seconds: trained.seconds,
    resumed,
    hypothesis: hypothesisOf(trained),
    published: publishedFigure(settings.problem, settings.latents) ?? null
  })

/** Trains and scores, with progress bars. `folder` keeps checkpoints; if it exists, the run resumes from there. */
export const runOnce = async (
  kernel: Kernel,
  settings: Settings,
  engine: Engine,
  folder: string
): Promise<RunRecord> => {
  const resumed = existsSync(folder)
  const outcome = await runExperiment(orFail(experimentOf(kernel, settings, engine, folder)))
  return recordOfOutcome(kernel, settings, outcome, resumed)
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
  const outcome = await watchExperiment(experiment.right, watch)
  return E.map((result: Outcome) => recordOfOutcome(kernel, settings, result, resumed))(outcome)
}
