/** From a kernel and a mixing to scores: simulate, hold rows back, train, evaluate. */
import type { Engine } from '@mechid/engine'
import {
  encodePrecisely,
  encodeRows,
  learnedGraph,
  noiseFloor,
  type Progress,
  type Recipe,
  type RunOptions,
  type StageName,
  type Trained,
  type TrainingOptions,
  train
} from '@mechid/estimator'
import { type Comparison, type Evaluation, evaluate, type PointScores, pointScores } from '@mechid/evaluation'
import type { Kernel } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import {
  type DataSet,
  exampleSource,
  linesOf,
  type Mixing,
  simulate,
  splitRows,
  subset
} from '@mechid/simulators'
import { type CausalGraph, type ExampleSource, type Samples, type Tagged, tagged } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { orFail, progressBar, say } from './output.js'
import { finished, trainWithProgress } from './training.js'
import { hypothesisRejected } from './unmixing-lines.js'
import { unusedSentence } from './unused-sentence.js'

export interface Experiment {
  readonly kernel: Kernel
  readonly mixing: Mixing
  /** Rows or sequences, held-out ones included. */
  readonly rows: number
  /** Share of rows that are held out for the scores. */
  readonly testShare: number
  readonly engine: Engine
  /** How many latents are learned. Default: as many as the kernel has. */
  readonly latents?: number
  readonly configuration: Recipe
  readonly seed: number
  /** Keeps the state of the training, so that an interrupted one can go on. */
  readonly checkpoint?: RunOptions['checkpoint']
}

/** Scores on the first held-out rows after one stage, encodings sharpened by the decoder. SHD: of stages with a graph. */
export interface StageScore extends Omit<PointScores, 'assignment'> {
  readonly stage: StageName
  readonly seconds: number
}

export interface Outcome {
  readonly trained: Trained
  readonly learned: CausalGraph
  /** The held-out rows with their true latents, and the learned ones. */
  readonly held: Held
  readonly zHat: Samples
  readonly evaluation: Evaluation
  /** The evaluation's; with the noise floor if the training was in stages. */
  readonly comparison: Comparison
  /** Empty unless the training was in stages. */
  readonly stages: readonly StageScore[]
}

/** The held-out rows; actions of static ones, row by row. */
export interface Held {
  readonly x: Samples
  readonly z: Samples
  readonly a?: Samples
}

/** What went wrong, with a message for people. */
export type ExperimentError = Tagged

/** Enough rows for the scores of stages: their standard error is far below what stages gain. */
export const STAGE_ROWS = 10_000

const first = ({ data, shape: [rows, width] }: Samples, most: number): Samples => {
  const count = Math.min(most, rows)
  return { data: data.subarray(0, count * width), shape: [count, width] }
}

const stageScores = async (
  engine: Engine,
  { stages = [] }: Trained,
  held: Held,
  kernel: Kernel,
  onScored: () => void
): Promise<E.Either<ExperimentError, StageScore[]>> => {
  const scores: StageScore[] = []
  const [x, z] = [first(held.x, STAGE_ROWS), first(held.z, STAGE_ROWS)]
  for (const { name, seconds, model, graph } of stages) {
    const zHat = await encodePrecisely(engine, model, x)()
    if (E.isLeft(zHat)) return zHat
    const learned = graph === undefined ? {} : { learned: graph }
    const scored = pointScores({ z, zHat: zHat.right, graph: kernel, ...learned })
    if (E.isLeft(scored)) return scored
    const { assignment: _, ...points } = scored.right
    scores.push({ stage: name, seconds, ...points })
    onScored()
  }
  return E.right(scores)
}

/** Enough rows for the noise floor: it is a mean that settles sooner. */
const FLOOR_ROWS = 4096

/** The noise floor, for a training in stages only. */
const floorOf = async (
  engine: Engine,
  { model, stages }: Trained,
  x: Samples,
  zHat: Samples
): Promise<E.Either<ExperimentError, { readonly floor?: number }>> =>
  stages === undefined
    ? E.right({})
    : E.map(({ r }: { readonly r: number }) => ({ floor: r }))(
        await noiseFloor(engine, model, first(x, FLOOR_ROWS), first(zHat, FLOOR_ROWS))()
      )

/** Steps of the scoring: each stage, the precise encoding, the noise floor, the evaluation. */
const scoringSteps = ({ stages }: Trained): number => (stages === undefined ? 2 : stages.length + 3)

/** All scores on held-out rows; `onScored` is told after each step. */
const scored = async (
  engine: Engine,
  trained: Trained,
  held: Held,
  kernel: Kernel,
  onScored: () => void
): Promise<E.Either<ExperimentError, Outcome>> => {
  const staged = trained.stages !== undefined
  const stages = await stageScores(engine, trained, held, kernel, onScored)
  if (E.isLeft(stages)) return stages
  const encode = staged ? encodePrecisely : encodeRows
  const encoded = await encode(engine, trained.model, held.x)()
  if (E.isLeft(encoded)) return encoded
  const zHat = encoded.right
  onScored()
  const floor = await floorOf(engine, trained, held.x, zHat)
  if (E.isLeft(floor)) return floor
  if (staged) onScored()
  const learned = learnedGraph(trained.model)
  const rejected = { hypothesisRejected: hypothesisRejected(trained) }
  const evaluation = evaluate({ z: held.z, zHat, graph: kernel, learned, ...rejected, ...floor.right })
  if (E.isLeft(evaluation)) return evaluation
  onScored()
  const { comparison } = evaluation.right
  return comparison === undefined
    ? E.left(WITHOUT_LATENTS)
    : E.right({
        trained,
        learned,
        held,
        zHat,
        evaluation: evaluation.right,
        comparison,
        stages: stages.right
      })
}

export const WITHOUT_LATENTS = tagged('WithoutLatents', {}, 'the simulation has no latents')

/** The data of an experiment: rows that train, and those held out with their true latents. */
export interface ExperimentData {
  readonly data: DataSet
  readonly train: Int32Array
  readonly source: ExampleSource
  readonly held: Held
}

/** Simulates the data of an experiment, and holds rows back. */
export const experimentData = ({
  kernel,
  mixing,
  rows,
  testShare,
  seed
}: Pick<Experiment, 'kernel' | 'mixing' | 'rows' | 'testShare' | 'seed'>): E.Either<
  ExperimentError,
  ExperimentData
> => {
  const simulated = simulate({ kernel, mixing, rows, seed })
  if (E.isLeft(simulated)) return simulated
  const data = simulated.right.data
  const { train, test } = splitRows(rows, { validation: 0, test: testShare }, generator(seed).split('split'))
  const { x, z, a } = subset(data, test)
  if (z === undefined) return E.left(WITHOUT_LATENTS)
  return E.right({
    data,
    train,
    source: exampleSource(data, train),
    held: { x: linesOf(x), z: linesOf(z), ...(a === undefined ? {} : { a: linesOf(a) }) }
  })
}

/** What is trained on, what is held out, and how it is trained. */
interface Prepared extends Pick<ExperimentData, 'source' | 'held'> {
  readonly options: TrainingOptions
}

const prepared = (experiment: Experiment): E.Either<ExperimentError, Prepared> => {
  const { kernel, latents = kernel.latents, engine, configuration, seed, checkpoint } = experiment
  return E.map(
    ({ source, held }: ExperimentData): Prepared => ({
      source,
      held,
      options: {
        latents,
        configuration,
        engine,
        seed,
        ...(checkpoint === undefined ? {} : { checkpoint, resume: true })
      }
    })
  )(experimentData(experiment))
}

/** Runs the experiment with progress bars. What goes wrong ends the program with its message. */
export const runExperiment = async (experiment: Experiment): Promise<Outcome> => {
  const { kernel, engine, checkpoint } = experiment
  const { source, held, options } = orFail(prepared(experiment))
  const trained = finished(
    await trainWithProgress(source, options),
    checkpoint !== undefined,
    'the same command goes on from here'
  )
  const unused = unusedSentence(trained.unused)
  if (unused !== undefined) say(unused)
  const bar = progressBar('scoring', scoringSteps(trained))
  let done = 0
  const outcome = await scored(engine, trained, held, kernel, () => bar.update(++done, {}))
  bar.stop()
  return orFail(outcome)
}

/** How an experiment without a terminal is followed and stopped. */
export interface Watch {
  /** Aborting ends the training after the present step; its state is kept in the checkpoint. */
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
  readonly onScored: (done: number, steps: number) => void
}

/** The signal ended a training; its state is kept. */
export interface Stopped extends Tagged {
  readonly _tag: 'Stopped'
  readonly step: number
}

export const stopped = (step: number): Stopped =>
  tagged('Stopped', { step }, `the training was stopped at step ${step}`)

export const isStopped = (error: ExperimentError): error is Stopped => error._tag === 'Stopped'

/** Runs the experiment without a terminal. A training that the signal stopped answers an error, too. */
export const watchExperiment = async (
  experiment: Experiment,
  { signal, onProgress, onScored }: Watch
): Promise<E.Either<ExperimentError, Outcome>> => {
  const ready = prepared(experiment)
  if (E.isLeft(ready)) return ready
  const { source, held, options } = ready.right
  const result = await train(source, { ...options, signal, onProgress })()
  if (E.isLeft(result)) return result
  const trained = result.right
  if (trained.aborted) return E.left(stopped(trained.history.steps))
  const steps = scoringSteps(trained)
  let done = 0
  return scored(experiment.engine, trained, held, experiment.kernel, () => onScored(++done, steps))
}

/** The scores after each stage as a table: a header, then one line a stage. */
export const stageRows = (stages: readonly StageScore[]): string[][] => [
  ['stage', 'seconds', 'MCC', 'R_con', 'R', 'SHD'],
  ...stages.map(({ stage, seconds, mcc, rCon, r, shd }) => [
    stage,
    seconds.toFixed(0),
    mcc.toFixed(4),
    rCon?.toFixed(4) ?? '',
    r.toFixed(4),
    shd === undefined ? '' : String(shd)
  ])
]
