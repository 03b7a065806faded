/** How charts are learned: steps of Adam on rows in a random order, with pauses, and the chart of many rows block by block. */
import type { Generator } from '@mechid/random'
import { type InvalidOption, invalidOption } from '@mechid/values'
import { adam } from './adam.js'
import { pause } from './candidates.js'
import { positiveInteger } from './options.js'

/** What every chart can be told. */
export interface ChartOptions {
  /** Equal seeds give equal answers. 0 unless given. */
  readonly seed?: number
  /** Hidden units of the chart; 128 unless given. */
  readonly width?: number
  /** Steps of the training; 1,500 unless given, of a Gaussian chart 800. */
  readonly steps?: number
  /** Rows of a step; 256 unless given. */
  readonly batch?: number
  /** Of Adam, falling to 0 as a cosine; 5e-3 unless given. */
  readonly learningRate?: number
  readonly onProgress?: (progress: { readonly done: number; readonly of: number }) => void
  readonly signal?: AbortSignal
}

export const CHART_WIDTH = 128
const BATCH = 256
const LEARNING_RATE = 5e-3
/** One row of so many is held out. */
const HELD_OUT = 10
const STEPS_BETWEEN_PAUSES = 4
/** Rows that are charted at once. */
export const BLOCK = 512

/** What is wrong with an option, if anything; `where` is the function that has it. */
export const checkChartOptions = (where: string, options: ChartOptions): InvalidOption | undefined => {
  for (const option of ['width', 'steps', 'batch'] as const) {
    const wrong = positiveInteger(where, option, options[option] ?? 1)
    if (wrong !== undefined) return wrong
  }
  const { learningRate = LEARNING_RATE } = options
  return learningRate > 0 && Number.isFinite(learningRate)
    ? undefined
    : invalidOption(where, 'learningRate', learningRate, 'a positive number')
}

/** Rows of a step, a multiple of eight. */
export const batchRows = ({ batch = BATCH }: ChartOptions): number => 8 * Math.ceil(batch / 8)

/** How many of `rows` rows are learned from; the ones after them are held out. */
export const trainingRows = (rows: number): number => rows - Math.floor(rows / HELD_OUT)

export interface ChartTask {
  readonly start: Float64Array
  /** Rows that are learned from. */
  readonly training: number
  readonly steps: number
  /** Mean cost of some rows; adds its derivatives to `gradient`. */
  readonly cost: (rows: Int32Array, parameters: Float64Array, gradient: Float64Array) => void
  /** Steps at the start in which only parameters from `from` on learn; then it is told what these came to. */
  readonly settling?: {
    readonly steps: number
    readonly from: number
    readonly settled: (parameters: Float64Array) => void
  }
}

/** The parameters that a training comes to; undefined: interrupted. */
export const learnChart = async (
  { start, training, steps, cost, settling }: ChartTask,
  options: ChartOptions,
  random: Generator
): Promise<Float64Array | undefined> => {
  const { learningRate = LEARNING_RATE, onProgress, signal } = options
  const parameters = start.slice()
  const gradient = new Float64Array(parameters.length)
  const move = adam(parameters.length)
  const rows = new Int32Array(batchRows(options))
  const settled = settling?.steps ?? 0
  let [epoch, at] = [0, training]
  let order = new Int32Array(0)
  for (let step = 0; step < steps; step++) {
    if (step === settled) settling?.settled(parameters)
    for (let b = 0; b < rows.length; b++) {
      if (at >= training) {
        order = Int32Array.from(random.split(epoch++).permutation(training))
        at = 0
      }
      rows[b] = order[at++]
    }
    gradient.fill(0)
    cost(rows, parameters, gradient)
    const done = Math.max(0, step - settled) / (steps - settled)
    const rate = learningRate * 0.5 * (1 + Math.cos(Math.PI * done))
    move(parameters, gradient, rate, step < settled ? (settling?.from ?? 0) : 0)
    if (step % STEPS_BETWEEN_PAUSES === 0) {
      onProgress?.({ done: step + 1, of: steps })
      await pause()
      if (signal?.aborted === true) return undefined
    }
  }
  onProgress?.({ done: steps, of: steps })
  return parameters
}

/** `values` of {@link BLOCK} rows, for all of `codes` [n, d]. */
export const inBlocks = (
  codes: Float64Array,
  d: number,
  values: (block: Float64Array) => Float64Array
): Float64Array => {
  const out = new Float64Array(codes.length)
  const block = new Float64Array(BLOCK * d)
  for (let start = 0; start < codes.length; start += block.length) {
    const end = Math.min(codes.length, start + block.length)
    block.set(codes.subarray(start, end))
    out.set(values(block).subarray(0, end - start), start)
  }
  return out
}
