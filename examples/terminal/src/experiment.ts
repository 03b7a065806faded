/** From a mechanism and a mixing to scores: simulate, hold rows back, train, compare. */
import {
  type Engine,
  encodePrecisely,
  encodeRows,
  type LearnedGraph,
  learnedGraph,
  message,
  type NoiseFloor,
  noiseFloor,
  type Recipe,
  type Rows,
  type RunOptions,
  type StageName,
  type Trained
} from '@mechid/estimator'
import { causalGraph, type Kernel } from '@mechid/mechanisms'
import { type Graphs, linearR, mcc, message as metricMessage, shdAfterAssignment } from '@mechid/metrics'
import { generator } from '@mechid/random'
import {
  exampleSource,
  linesOf,
  type Mixing,
  orThrow,
  simulate,
  splitRows,
  takeRows
} from '@mechid/simulators'
import { failWith, orFail } from './output.js'
import { type Comparison, compare } from './scores.js'
import { finished, trainWithProgress } from './training.js'

export interface Experiment {
  readonly kernel: Kernel
  readonly mixing: Mixing
  /** Rows, or sequences, in all. */
  readonly rows: number
  /** The share of rows that only scores see. */
  readonly testShare: number
  readonly engine: Engine
  readonly configuration: Recipe
  readonly seed: number
  readonly checkpoint?: RunOptions['checkpoint']
}

/** Scores on held-out rows after one stage; the encoder alone, without the last sharpening. */
export interface StageScore {
  readonly stage: StageName
  readonly seconds: number
  readonly mcc: number
  readonly r: number
  /** Of the stages that have a graph. */
  readonly shd?: number
}

export interface Outcome {
  readonly trained: Trained
  readonly learned: LearnedGraph
  readonly comparison: Comparison
  /** Of a training in stages; empty otherwise. */
  readonly stages: readonly StageScore[]
  /** What noise allows; of a training in stages. */
  readonly floor?: NoiseFloor
}

/** The graphs that a kernel's definition has: Ga, and Gz where the past has a say. */
export const trueGraphs = (kernel: Kernel): Graphs => {
  const { latents, actions } = causalGraph(kernel)
  return {
    ...(kernel.lags > 0 ? { latents } : {}),
    ...(kernel.actions > 0 ? { actions } : {})
  }
}

const stageScores = async (
  engine: Engine,
  { stages = [] }: Trained,
  held: { readonly x: Rows; readonly z: Rows },
  truth: Graphs
): Promise<StageScore[]> => {
  const scores: StageScore[] = []
  for (const { name, seconds, model, unmixed } of stages) {
    const zHat = orFail(await encodeRows(engine, model, held.x)(), message)
    const { value, assignment } = orFail(mcc(held.z, zHat), metricMessage)
    const r = orFail(linearR(held.z, zHat), metricMessage).value
    const shd =
      unmixed === undefined
        ? {}
        : { shd: orFail(shdAfterAssignment(truth, unmixed.graph, assignment), metricMessage).shd }
    scores.push({ stage: name, seconds, mcc: value, r, ...shd })
  }
  return scores
}

/** Rows that the floor is computed on: its mean settles long before. */
const FLOOR_ROWS = 4096

/** Runs the experiment, with a progress bar, or ends the program with what went wrong. */
export const runExperiment = async (experiment: Experiment): Promise<Outcome> => {
  const { kernel, mixing, rows, testShare, engine, configuration, seed, checkpoint } = experiment
  const { data } = orThrow(simulate({ kernel, mixing, rows, seed }))
  const split = splitRows(rows, { validation: 0, test: testShare }, generator(seed).split('split'))
  const source = exampleSource(data, split.train)
  const trained = finished(
    await trainWithProgress({
      data: source,
      latents: kernel.latents,
      configuration,
      engine,
      seed,
      ...(checkpoint === undefined ? {} : { checkpoint, resume: true })
    }),
    checkpoint !== undefined
  )
  const test = takeRows(data, split.test)
  if (test.z === undefined) return failWith('the simulation has no latents')
  const held = { x: linesOf(test.x), z: linesOf(test.z) }
  const staged = trained.stages !== undefined
  const encode = staged ? encodePrecisely : encodeRows
  const zHat = orFail(await encode(engine, trained.model, held.x)(), message)
  const learned = learnedGraph(trained.model)
  const truth = trueGraphs(kernel)
  const compared = compare(held.z, zHat, learned, truth)
  const first = (whole: Rows): Rows => {
    const count = Math.min(FLOOR_ROWS, whole.shape[0])
    return { data: whole.data.subarray(0, count * whole.shape[1]), shape: [count, whole.shape[1]] }
  }
  return {
    trained,
    learned,
    comparison: orFail(compared, (text) => text),
    stages: await stageScores(engine, trained, held, truth),
    ...(staged
      ? { floor: orFail(await noiseFloor(engine, trained.model, first(held.x), first(zHat))(), message) }
      : {})
  }
}

/** The scores after each stage, as a table for a terminal. */
export const stageRows = (stages: readonly StageScore[]): string[][] => [
  ['stage', 'seconds', 'MCC', 'R', 'SHD'],
  ...stages.map(({ stage, seconds, mcc: m, r, shd }) => [
    stage,
    seconds.toFixed(0),
    m.toFixed(4),
    r.toFixed(4),
    shd === undefined ? '' : String(shd)
  ])
]
