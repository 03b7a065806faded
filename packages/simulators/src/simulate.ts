/** Simulates latents by a kernel and observations by a mixing. */
import {
  type ActionDomain,
  type CausalGraph,
  causalGraph,
  type Kernel,
  kernelSampler
} from '@mechid/mechanisms'
import { type Generator, generator } from '@mechid/random'
import * as E from 'fp-ts/lib/Either.js'
import type { DataSet } from './data-set.js'
import { checkInteger, invalidParameter, type SimulatorError } from './errors.js'
import type { Mixing } from './mixing.js'
import { type Standardization, standardizationOf } from './standardization.js'

export interface SimulationOptions {
  readonly kernel: Kernel
  readonly mixing: Mixing
  /** Rows, or sequences. */
  readonly rows: number
  /** Frames of a sequence, 2 unless told otherwise; static kernels have one. */
  readonly frames?: number
  /** Standard deviation of the noise added to each observed feature after standardization; 0.01 as published. */
  readonly observationNoise?: number
  /** Whether features are brought to mean 0 and standard deviation 1 first, as published. */
  readonly standardized?: boolean
  readonly seed: number
}

export interface Simulation {
  readonly data: DataSet
  /** What was done to the features; mean 0 and scale 1 if nothing was. */
  readonly standardization: Standardization
  /** The graph that the kernel's definition has. */
  readonly graph: CausalGraph
}

/** Rows simulated at a time: the scratch memory does not grow with the data set. */
const BLOCK_ROWS = 4096

const fillActions = (domains: ReadonlyArray<ActionDomain>, random: Generator, out: Float64Array): void => {
  const k = domains.length
  if (k === 0) return
  random.fillUniform(out)
  for (let j = 0; j < k; j++) {
    const domain = domains[j]
    if (domain._tag === 'Interval') {
      const [low, range] = [domain.low, domain.high - domain.low]
      for (let at = j; at < out.length; at += k) out[at] = low + range * out[at]
    } else for (let at = j; at < out.length; at += k) out[at] = Math.floor(domain.values * out[at])
  }
}

/** Puts frame `frame` of `count` rows from a block into an array of sequences. */
const store = (
  block: Float64Array,
  count: number,
  width: number,
  out: Float32Array,
  start: number,
  frame: number,
  frames: number
): void => {
  for (let r = 0, from = 0; r < count; r++) {
    const to = ((start + r) * frames + frame) * width
    for (let j = 0; j < width; j++) out[to + j] = block[from++]
  }
}

const shapeOf = (temporal: boolean, rows: number, frames: number, width: number): number[] =>
  temporal ? [rows, frames, width] : [rows, width]

const checkOptions = ({
  kernel,
  mixing,
  rows,
  frames = 2,
  observationNoise = 0.01
}: SimulationOptions): E.Either<SimulatorError, void> => {
  const where = 'simulate'
  const enough = checkInteger(where, 'rows', rows, 2)
  if (E.isLeft(enough)) return enough
  if (mixing.latents !== kernel.latents) {
    return invalidParameter(
      where,
      'the mixing’s latents',
      mixing.latents,
      `${kernel.latents}, as the kernel has`
    )
  }
  if (kernel.lags > 1) return invalidParameter(where, 'the kernel’s lags', kernel.lags, '0 or 1')
  if (kernel.lags === 1) {
    const sequences = checkInteger(where, 'frames', frames, 2)
    if (E.isLeft(sequences)) return sequences
  }
  return observationNoise >= 0
    ? E.right(undefined)
    : invalidParameter(where, 'observationNoise', observationNoise, '0 or more')
}

/** Standardizes in place and adds noise. */
const finish = (
  x: Float32Array,
  shape: readonly number[],
  standardized: boolean,
  noise: number,
  random: Generator
): Standardization => {
  const width = shape[shape.length - 1]
  const found = standardized
    ? standardizationOf({ data: x, shape })
    : { mean: new Array<number>(width).fill(0), scale: new Array<number>(width).fill(1) }
  const inverse = found.scale.map((s) => (s === 0 ? 1 : 1 / s))
  const draws = new Float64Array(BLOCK_ROWS * width)
  for (let start = 0; start < x.length; start += draws.length) {
    const count = Math.min(draws.length, x.length - start)
    random.fillNormal(draws.subarray(0, count))
    for (let i = 0, j = 0; i < count; i++) {
      x[start + i] = (x[start + i] - found.mean[j]) * inverse[j] + noise * draws[i]
      j = j + 1 === width ? 0 : j + 1
    }
  }
  return found
}

/**
 * Simulates a data set: actions from their domains, latents from the kernel (the first frame of a sequence from
 * N(0, I)), observations by the mixing, standardized, with noise ([MS] section 7). Equal seeds give equal data,
 * and more rows only add rows.
 *
 * Errors: `InvalidParameter`.
 *
 * @example
 * simulate({ kernel, mixing, rows: 100_000, seed: 1 })
 */
export const simulate = (options: SimulationOptions): E.Either<SimulatorError, Simulation> => {
  const sound = checkOptions(options)
  if (E.isLeft(sound)) return sound
  const { kernel, mixing, rows, observationNoise = 0.01, standardized = true, seed } = options
  const temporal = kernel.lags === 1
  const frames = temporal ? (options.frames ?? 2) : 1
  const { latents, actions } = kernel
  const random = generator(seed).split('simulation')
  const streams = {
    first: random.split('first'),
    actions: random.split('actions'),
    noise: random.split('noise')
  }
  const sample = kernelSampler(kernel)
  const [xShape, zShape, aShape] = [mixing.features, latents, actions].map((width) =>
    shapeOf(temporal, rows, frames, width)
  )
  const x = new Float32Array(rows * frames * mixing.features)
  const z = new Float32Array(rows * frames * latents)
  const a = new Float32Array(rows * frames * actions)
  const past = new Float64Array(BLOCK_ROWS * latents)
  const next = new Float64Array(BLOCK_ROWS * latents)
  const observed = new Float64Array(BLOCK_ROWS * mixing.features)
  const acted = new Float64Array(BLOCK_ROWS * actions)
  for (let start = 0; start < rows; start += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, rows - start)
    for (let frame = 0; frame < frames; frame++) {
      if (temporal && frame === 0) streams.first.fillNormal(next.subarray(0, count * latents))
      else {
        fillActions(kernel.actionDomains, streams.actions, acted.subarray(0, count * actions))
        sample(count, past, acted, streams.noise, next)
        // In a sequence the action between two frames stands with the earlier one.
        store(acted, count, actions, a, start, temporal ? frame - 1 : 0, frames)
      }
      mixing.apply(count, next, observed)
      store(next, count, latents, z, start, frame, frames)
      store(observed, count, mixing.features, x, start, frame, frames)
      past.set(next)
    }
  }
  const standardization = finish(x, xShape, standardized, observationNoise, random.split('observation'))
  return E.right({
    data: {
      x: { data: x, shape: xShape },
      z: { data: z, shape: zShape },
      ...(actions > 0 ? { a: { data: a, shape: aShape } } : {})
    },
    standardization,
    graph: causalGraph(kernel)
  })
}
