/** Simulates rows block by block: latents by a kernel, observations by a mixing, then standardization and noise. */
import { type ActionDomain, type Kernel, kernelSampler } from '@mechid/mechanisms'
import { type Generator, generator } from '@mechid/random'
import { type DefinitionThrew, definitionThrew, type Standardization } from '@mechid/values'
import { linePasses } from '../../data-set/lines.js'
import type { Mixing } from '../../mixing/mixing.js'

/** Most rows simulated at a time: the scratch memory does not grow with the data set. */
export const BLOCK_ROWS = 4096

/** What is simulated; `simulate` describes it. */
export interface Setting {
  readonly kernel: Kernel
  readonly mixing: Mixing
  /** Of a sequence; 1 for static kernels. */
  readonly frames: number
  readonly seed: number
}

/** Room for rows, row-major [rows, frames, width]. */
export interface RowBlock {
  readonly x: Float32Array
  readonly z: Float32Array
  readonly a: Float32Array
}

/** Simulates the next `rows` rows (at most `BLOCK_ROWS`) into the beginning of `into`, before standardization. */
export type RowSimulator = (rows: number, into: RowBlock) => void

/** What all draws of a simulation come from. */
const simulationStream = (seed: number): Generator => generator(seed).split('simulation')

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

/** Puts frame `frame` of `count` rows into an array of sequences. */
const store = (
  block: Float64Array,
  count: number,
  width: number,
  out: Float32Array,
  frame: number,
  frames: number
): void => {
  if (frames === 1) {
    // A loop: setting an array from one of another kind is several times slower.
    for (let i = 0, end = count * width; i < end; i++) out[i] = block[i]
    return
  }
  for (let r = 0, from = 0; r < count; r++) {
    const to = (r * frames + frame) * width
    for (let j = 0; j < width; j++) out[to + j] = block[from++]
  }
}

/** A simulator at the first row. Sequences of three or more frames depend on where the blocks end: fill them up. */
export const rowSimulator = ({ kernel, mixing, frames, seed }: Setting): RowSimulator => {
  const { latents, actions, lags } = kernel
  const temporal = lags === 1
  const random = simulationStream(seed)
  const streams = {
    first: random.split('first'),
    actions: random.split('actions'),
    noise: random.split('noise')
  }
  const sample = kernelSampler(kernel)
  const past = new Float64Array(BLOCK_ROWS * latents)
  const next = new Float64Array(BLOCK_ROWS * latents)
  const observed = new Float64Array(BLOCK_ROWS * mixing.features)
  const acted = new Float64Array(BLOCK_ROWS * actions)
  return (count, { x, z, a }) => {
    for (let frame = 0; frame < frames; frame++) {
      if (temporal && frame === 0) streams.first.fillNormal(next.subarray(0, count * latents))
      else {
        fillActions(kernel.actionDomains, streams.actions, acted.subarray(0, count * actions))
        sample(count, past, acted, streams.noise, next)
        // In a sequence the action between two frames stands with the earlier one.
        store(acted, count, actions, a, temporal ? frame - 1 : 0, frames)
      }
      mixing.apply(count, next, observed)
      store(next, count, latents, z, frame, frames)
      store(observed, count, mixing.features, x, frame, frames)
      if (temporal) past.set(next)
    }
  }
}

/** Runs `simulate` for the rows from `first` on; why not, where the kernel or the mixing throws. */
export const thrownBy = (
  where: string,
  first: number,
  rows: number,
  simulate: () => void
): DefinitionThrew | undefined => {
  try {
    simulate()
    return undefined
  } catch (cause) {
    return definitionThrew(`${where}, rows ${first} to ${first + rows - 1}`, cause)
  }
}

/** Standardizes the next observations, row-major [lines, features], in place, and adds noise. */
export type Finisher = (x: Float32Array) => void

/** A finisher at the first row. What it adds does not depend on the size of the blocks. */
export const finisher = ({ mean, scale }: Standardization, noise: number, seed: number): Finisher => {
  const random = simulationStream(seed).split('observation')
  const means = Float64Array.from(mean)
  const inverse = Float64Array.from(scale, (s) => (s === 0 ? 1 : 1 / s))
  const { standardizeWithNoise } = linePasses()
  return (x) => standardizeWithNoise(x, means, inverse, noise, random)
}
