/** From a mechanism and a mixing to scores: simulate, hold rows back, train, compare. */
import {
  type Configuration,
  type Engine,
  encodeRows,
  type LearnedGraph,
  learnedGraph,
  message,
  type Trained
} from '@mechid/estimator'
import { causalGraph, type Kernel } from '@mechid/mechanisms'
import type { Graphs } from '@mechid/metrics'
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
  readonly configuration: Configuration
  readonly seed: number
}

export interface Outcome {
  readonly trained: Trained
  readonly learned: LearnedGraph
  readonly comparison: Comparison
}

/** The graphs that a kernel's definition has: Ga, and Gz where the past has a say. */
export const trueGraphs = (kernel: Kernel): Graphs => {
  const { latents, actions } = causalGraph(kernel)
  return {
    ...(kernel.lags > 0 ? { latents } : {}),
    ...(kernel.actions > 0 ? { actions } : {})
  }
}

/** Runs the experiment, with a progress bar, or ends the program with what went wrong. */
export const runExperiment = async (experiment: Experiment): Promise<Outcome> => {
  const { kernel, mixing, rows, testShare, engine, configuration, seed } = experiment
  const { data } = orThrow(simulate({ kernel, mixing, rows, seed }))
  const split = splitRows(rows, { validation: 0, test: testShare }, generator(seed).split('split'))
  const source = exampleSource(data, split.train)
  const trained = finished(
    await trainWithProgress({ data: source, latents: kernel.latents, configuration, engine, seed })
  )
  const held = takeRows(data, split.test)
  if (held.z === undefined) return failWith('the simulation has no latents')
  const zHat = orFail(await encodeRows(engine, trained.model, linesOf(held.x))(), message)
  const learned = learnedGraph(trained.model)
  const compared = compare(linesOf(held.z), zHat, learned, trueGraphs(kernel))
  return { trained, learned, comparison: orFail(compared, (text) => text) }
}
