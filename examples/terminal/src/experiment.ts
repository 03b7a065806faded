/** From a kernel and a mixing to scores: simulate, hold rows back, train, evaluate. */
import type { Engine } from '@mechid/engine'
import {
  encodePrecisely,
  encodeRows,
  learnedGraph,
  noiseFloor,
  type Recipe,
  type RunOptions,
  type StageName,
  type Trained
} from '@mechid/estimator'
import { type Comparison, type Evaluation, evaluate, type PointScores, pointScores } from '@mechid/evaluation'
import type { Kernel } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { exampleSource, linesOf, type Mixing, simulate, splitRows, subset } from '@mechid/simulators'
import { type CausalGraph, orThrow, type Samples } from '@mechid/values'
import { failWith, orFail, progressBar } from './output.js'
import { finished, trainWithProgress } from './training.js'
import { hypothesisRejected } from './unmixing-lines.js'

export interface Experiment {
  readonly kernel: Kernel
  readonly mixing: Mixing
  /** Rows or sequences, held-out ones included. */
  readonly rows: number
  /** Share of rows that are held out for the scores. */
  readonly testShare: number
  readonly engine: Engine
  readonly configuration: Recipe
  readonly seed: number
  /** Keeps the state of the training, so that an interrupted one can go on. */
  readonly checkpoint?: RunOptions['checkpoint']
}

/** Scores on held-out rows after one stage, by the encoder alone. SHD: of stages with a graph. */
export interface StageScore extends Omit<PointScores, 'assignment'> {
  readonly stage: StageName
  readonly seconds: number
}

export interface Outcome {
  readonly trained: Trained
  readonly learned: CausalGraph
  readonly evaluation: Evaluation
  /** The evaluation's; with the noise floor if the training was in stages. */
  readonly comparison: Comparison
  /** Empty unless the training was in stages. */
  readonly stages: readonly StageScore[]
}

/** The held-out rows. */
interface Held {
  readonly x: Samples
  readonly z: Samples
}

const stageScores = async (
  engine: Engine,
  { stages = [] }: Trained,
  { x, z }: Held,
  kernel: Kernel,
  onScored: () => void
): Promise<StageScore[]> => {
  const scores: StageScore[] = []
  for (const { name, seconds, model, graph } of stages) {
    const zHat = orFail(await encodeRows(engine, model, x)())
    const learned = graph === undefined ? {} : { learned: graph }
    const { assignment: _, ...points } = orFail(pointScores({ z, zHat, graph: kernel, ...learned }))
    scores.push({ stage: name, seconds, ...points })
    onScored()
  }
  return scores
}

/** Enough rows for the noise floor: it is a mean that settles sooner. */
const FLOOR_ROWS = 4096

const first = ({ data, shape: [rows, width] }: Samples, most: number): Samples => {
  const count = Math.min(most, rows)
  return { data: data.subarray(0, count * width), shape: [count, width] }
}

/** The noise floor, for a training in stages only. */
const floorOf = async (
  engine: Engine,
  { model, stages }: Trained,
  x: Samples,
  zHat: Samples
): Promise<{ readonly floor?: number }> =>
  stages === undefined
    ? {}
    : { floor: orFail(await noiseFloor(engine, model, first(x, FLOOR_ROWS), first(zHat, FLOOR_ROWS))()).r }

/** All scores on held-out rows, with a progress bar. */
const scored = async (
  engine: Engine,
  trained: Trained,
  held: Held,
  kernel: Kernel
): Promise<Omit<Outcome, 'trained'>> => {
  const staged = trained.stages !== undefined
  const bar = progressBar('scoring', (trained.stages?.length ?? 0) + (staged ? 3 : 2))
  let done = 0
  const next = (): void => bar.update(++done, {})
  const stages = await stageScores(engine, trained, held, kernel, next)
  const encode = staged ? encodePrecisely : encodeRows
  const zHat = orFail(await encode(engine, trained.model, held.x)())
  next()
  const floor = await floorOf(engine, trained, held.x, zHat)
  if (staged) next()
  const learned = learnedGraph(trained.model)
  const rejected = { hypothesisRejected: hypothesisRejected(trained) }
  const evaluation = orFail(evaluate({ z: held.z, zHat, graph: kernel, learned, ...rejected, ...floor }))
  next()
  bar.stop()
  const { comparison } = evaluation
  return comparison === undefined
    ? failWith('the simulation has no latents')
    : { learned, evaluation, comparison, stages }
}

/** Runs the experiment with progress bars. What goes wrong ends the program with its message. */
export const runExperiment = async (experiment: Experiment): Promise<Outcome> => {
  const { kernel, mixing, rows, testShare, engine, configuration, seed, checkpoint } = experiment
  const { data } = orThrow(simulate({ kernel, mixing, rows, seed }))
  const split = splitRows(rows, { validation: 0, test: testShare }, generator(seed).split('split'))
  const source = exampleSource(data, split.train)
  const trained = finished(
    await trainWithProgress(source, {
      latents: kernel.latents,
      configuration,
      engine,
      seed,
      ...(checkpoint === undefined ? {} : { checkpoint, resume: true })
    }),
    checkpoint !== undefined,
    'the same command goes on from here'
  )
  const test = subset(data, split.test)
  if (test.z === undefined) return failWith('the simulation has no latents')
  const held = { x: linesOf(test.x), z: linesOf(test.z) }
  return { trained, ...(await scored(engine, trained, held, kernel)) }
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
