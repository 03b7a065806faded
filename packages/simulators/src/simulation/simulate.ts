/** Simulates latents by a kernel and observations by a mixing. */
import { causalGraph, type Kernel } from '@mechid/mechanisms'
import {
  type CausalGraph,
  entryCount,
  type InvalidOption,
  invalidOption,
  type Standardization
} from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { DataSet } from '../data-set/data-set.js'
import { standardizationOf, unchanged } from '../data-set/standardization.js'
import type { SimulatorError } from '../errors.js'
import type { Mixing } from '../mixing/mixing.js'
import { checkInteger } from '../option-checks.js'
import { BLOCK_ROWS, finisher, rowSimulator, thrownBy } from './internal/row-simulator.js'

export interface SimulationOptions {
  readonly kernel: Kernel
  readonly mixing: Mixing
  /** Number of rows, or of sequences; at least 2. */
  readonly rows: number
  /** Frames of a sequence, at least 2. Default 2. Ignored for static kernels. */
  readonly frames?: number
  /** Standard deviation of the noise added to each feature after standardization. Default 0.01, as published. */
  readonly observationNoise?: number
  /** Whether features are first brought to mean 0 and standard deviation 1. Default true, as published. */
  readonly standardized?: boolean
  readonly seed: number
}

export interface Simulation {
  readonly data: DataSet
  /** What was done to the features; mean 0 and scale 1 if they were not standardized. */
  readonly standardization: Standardization
  /** The kernel's causal graph, read off its definition. */
  readonly graph: CausalGraph
}

/** Frames of a simulated row; 1 for static kernels. */
export const framesOf = ({ kernel, frames = 2 }: SimulationOptions): number =>
  kernel.lags === 1 ? frames : 1

/** The shapes of the arrays that a simulation fills. */
export const shapesOf = (
  options: SimulationOptions
): Readonly<Record<'x' | 'z' | 'a', readonly number[]>> => {
  const { kernel, mixing, rows } = options
  const shape = (width: number): readonly number[] =>
    kernel.lags === 1 ? [rows, framesOf(options), width] : [rows, width]
  return { x: shape(mixing.features), z: shape(kernel.latents), a: shape(kernel.actions) }
}

/** Nothing, or what is wrong with the options. */
export const checkOptions = (
  where: string,
  { kernel, mixing, rows, frames = 2, observationNoise = 0.01 }: SimulationOptions
): E.Either<InvalidOption, void> => {
  const enough = checkInteger(where, 'rows', rows, 2)
  if (E.isLeft(enough)) return enough
  if (mixing.latents !== kernel.latents) {
    const expected = `${kernel.latents}, as the kernel has`
    return E.left(invalidOption(where, 'the mixing’s latents', mixing.latents, expected))
  }
  if (kernel.lags > 1) return E.left(invalidOption(where, 'the kernel’s lags', kernel.lags, '0 or 1'))
  if (kernel.lags === 1) {
    const sequences = checkInteger(where, 'frames', frames, 2)
    if (E.isLeft(sequences)) return sequences
  }
  return observationNoise >= 0
    ? E.right(undefined)
    : E.left(invalidOption(where, 'observationNoise', observationNoise, '0 or more'))
}

/**
 * Simulates a data set: actions drawn from their domains, latents from the kernel (the first frame of a sequence from
 * N(0, I)), observations by the mixing, then standardization and noise ([MS] section 7). Equal seeds give equal data. More
 * rows only add rows, to static data and pairs, as long as features are not standardized.
 *
 * When to use it: for data that memory holds. `simulateToFile` writes any number of rows to the disk.
 *
 * Errors: `InvalidOption`; `DefinitionThrew`, with the rows, where the kernel or the mixing throws.
 *
 * @example
 * simulate({ kernel, mixing, rows: 100_000, seed: 1 })
 */
export const simulate = (options: SimulationOptions): E.Either<SimulatorError, Simulation> => {
  const sound = checkOptions('simulate', options)
  if (E.isLeft(sound)) return sound
  const { kernel, mixing, rows, observationNoise = 0.01, standardized = true, seed } = options
  const shapes = shapesOf(options)
  const [x, z, a] = [shapes.x, shapes.z, shapes.a].map((shape) => new Float32Array(entryCount(shape)))
  const [xRow, zRow, aRow] = [x, z, a].map((data) => data.length / rows)
  const fill = rowSimulator({ kernel, mixing, frames: framesOf(options), seed })
  for (let start = 0; start < rows; start += BLOCK_ROWS) {
    const part = { x: x.subarray(start * xRow), z: z.subarray(start * zRow), a: a.subarray(start * aRow) }
    const count = Math.min(BLOCK_ROWS, rows - start)
    const thrown = thrownBy('simulate', start, count, () => fill(count, part))
    if (thrown !== undefined) return E.left(thrown)
  }
  const standardization = standardized
    ? standardizationOf({ data: x, shape: shapes.x })
    : unchanged(mixing.features)
  finisher(standardization, observationNoise, seed)(x)
  return E.right({
    data: {
      x: { data: x, shape: shapes.x },
      z: { data: z, shape: shapes.z },
      ...(kernel.actions > 0 ? { a: { data: a, shape: shapes.a } } : {})
    },
    standardization,
    graph: causalGraph(kernel)
  })
}
