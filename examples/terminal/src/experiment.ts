/** From a mechanism and a mixing to scores: simulate, hold rows back, train, compare. */
import { graphFromRows, predict } from '@mechid/causal-graph'
import type { Engine } from '@mechid/engine'
import {
  encodePrecisely,
  encodeRows,
  type LearnedGraph,
  learnedGraph,
  type NoiseFloor,
  noiseFloor,
  type Recipe,
  type RunOptions,
  type StageName,
  type Trained
} from '@mechid/estimator'
import { causalGraph, type Kernel } from '@mechid/mechanisms'
import { type Graphs, linearR, mcc, rCon, shdAfterAssignment } from '@mechid/metrics'
import { generator } from '@mechid/random'
import { exampleSource, linesOf, type Mixing, simulate, splitRows, subset } from '@mechid/simulators'
import { orThrow, type Samples } from '@mechid/values'
import { failWith, orFail, progressBar } from './output.js'
import { type Comparison, compare } from './scores.js'
import { finished, trainWithProgress } from './training.js'

export interface Experiment {
  readonly kernel: Kernel
  readonly mixing: Mixing
  /** Samples, or sequences, in all. */
  readonly rows: number
  /** The share of rows that only scores see. */
  readonly testShare: number
  readonly engine: Engine
  readonly configuration: Recipe
  readonly seed: number
  /** Keeps the state of the training; an interrupted one goes on from there when it is run again. */
  readonly checkpoint?: RunOptions['checkpoint']
}

/** Scores on held-out rows after one stage; the encoder alone, without the last sharpening. */
export interface StageScore {
  readonly stage: StageName
  readonly seconds: number
  readonly mcc: number
  readonly rCon: number
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
  held: { readonly x: Samples; readonly z: Samples },
  truth: Graphs,
  onScored: () => void
): Promise<StageScore[]> => {
  const { pattern } = predict(orThrow(graphFromRows(truth)))
  const scores: StageScore[] = []
  for (const { name, seconds, model, graph } of stages) {
    const zHat = orFail(await encodeRows(engine, model, held.x)())
    const { value, assignment } = orFail(mcc(held.z, zHat))
    const r = orFail(linearR(held.z, zHat)).value
    const shd = graph === undefined ? {} : { shd: orFail(shdAfterAssignment(truth, graph, assignment)).shd }
    const allowed = orFail(rCon(held.z, zHat, pattern, assignment)).value
    scores.push({ stage: name, seconds, mcc: value, rCon: allowed, r, ...shd })
    onScored()
  }
  return scores
}

/** Samples that the floor is computed on: its mean settles long before. */
const FLOOR_ROWS = 4096

const first = ({ data, shape: [rows, width] }: Samples, most: number): Samples => {
  const count = Math.min(most, rows)
  return { data: data.subarray(0, count * width), shape: [count, width] }
}

/** All scores on held-out rows, with a progress bar. */
const scored = async (
  engine: Engine,
  trained: Trained,
  held: { readonly x: Samples; readonly z: Samples },
  truth: Graphs
): Promise<Omit<Outcome, 'trained'>> => {
  const staged = trained.stages !== undefined
  const bar = progressBar('scoring', (trained.stages?.length ?? 0) + (staged ? 3 : 2))
  let done = 0
  const next = (): void => bar.update(++done, {})
  const stages = await stageScores(engine, trained, held, truth, next)
  const encode = staged ? encodePrecisely : encodeRows
  const zHat = orFail(await encode(engine, trained.model, held.x)())
  next()
  const learned = learnedGraph(trained.model)
  const comparison = orFail(compare(held.z, zHat, learned, truth))
  next()
  if (!staged) {
    bar.stop()
    return { learned, comparison, stages }
  }
  const [x, z] = [first(held.x, FLOOR_ROWS), first(zHat, FLOOR_ROWS)]
  const floor = orFail(await noiseFloor(engine, trained.model, x, z)())
  next()
  bar.stop()
  return { learned, comparison, stages, floor }
}

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
    checkpoint !== undefined,
    'the same command goes on from here'
  )
  const test = subset(data, split.test)
  if (test.z === undefined) return failWith('the simulation has no latents')
  const held = { x: linesOf(test.x), z: linesOf(test.z) }
  return { trained, ...(await scored(engine, trained, held, trueGraphs(kernel))) }
}

/** The scores after each stage, as a table for a terminal. */
export const stageRows = (stages: readonly StageScore[]): string[][] => [
  ['stage', 'seconds', 'MCC', 'R_con', 'R', 'SHD'],
  ...stages.map(({ stage, seconds, mcc: m, rCon: c, r, shd }) => [
    stage,
    seconds.toFixed(0),
    m.toFixed(4),
    c.toFixed(4),
    r.toFixed(4),
    shd === undefined ? '' : String(shd)
  ])
]
