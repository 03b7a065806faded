/** Draws from kernels and applies mechanisms to many rows, block by block, without an object for each row. */
import type { Generator } from '@mechid/random'
import type { Kernel } from './kernel.js'
import type { Mechanism } from './mechanism.js'
import { type Column, type ColumnReading, columns } from './readings/column.js'

/** Rows of a block: its columns stay in the fast caches. */
const BLOCK_ROWS = 1024

/**
 * Draws `rows` next states into `out` [rows, latents]. `past` [rows, lags · latents], most recent state first;
 * `actions` [rows, actions]; all row-major. What is drawn does not depend on the size of the blocks.
 */
export type KernelSampler = (
  rows: number,
  past: Float64Array,
  actions: Float64Array,
  random: Generator,
  out: Float64Array
) => void

/** Applies a mechanism to `rows` states `z` [rows, latents] under `actions` [rows, actions]. */
export type MechanismSampler = (
  rows: number,
  z: Float64Array,
  actions: Float64Array,
  out: Float64Array
) => void

/** Columns `0 … width−1` of the rows from `start` on; a short last block repeats stale values in its tail. */
const loadColumns = (
  into: readonly Float64Array[],
  from: Float64Array,
  start: number,
  count: number
): void => {
  const width = into.length
  for (let j = 0; j < width; j++) {
    const column = into[j]
    let at = start * width + j
    for (let i = 0; i < count; i++, at += width) column[i] = from[at]
  }
}

const emptyColumns = (count: number, rows: number): Float64Array[] =>
  Array.from({ length: count }, () => new Float64Array(rows))

const fillNoise = (kernel: Kernel, random: Generator, out: Float64Array): void => {
  const [first] = kernel.noise
  if (first?.fill !== undefined && kernel.noise.every((noise) => noise === first)) {
    first.fill(random, out)
    return
  }
  const d = kernel.latents
  for (let i = 0; i < out.length; i++) out[i] = kernel.noise[i % d].sample(random)
}

const combine = (
  count: number,
  location: Column,
  scale: Column,
  noise: Float64Array,
  stride: number,
  offset: number,
  out: Float64Array,
  start: number
): void => {
  for (let i = 0, from = offset, to = start; i < count; i++, from += stride, to += stride) {
    const m = typeof location === 'number' ? location : location[i]
    const s = typeof scale === 'number' ? scale : scale[i]
    out[to] = m + s * noise[from]
  }
}

/** A sampler with its memory; keep it to draw again. */
export const kernelSampler = (kernel: Kernel, blockRows: number = BLOCK_ROWS): KernelSampler => {
  const { latents } = kernel
  const F: ColumnReading = columns(blockRows)
  const past = emptyColumns(kernel.lags * latents, blockRows)
  const actions = emptyColumns(kernel.actions, blockRows)
  const noise = new Float64Array(blockRows * latents)
  return (rows, pastRows, actionRows, random, out) => {
    for (let start = 0; start < rows; start += blockRows) {
      const count = Math.min(blockRows, rows - start)
      loadColumns(past, pastRows, start, count)
      loadColumns(actions, actionRows, start, count)
      F.reset()
      const location = kernel.location<Column>(F, past, actions)
      const scale = kernel.scale<Column>(F, past, actions)
      fillNoise(kernel, random, noise.subarray(0, count * latents))
      for (let i = 0; i < latents; i++) {
        combine(count, location[i], scale[i], noise, latents, i, out, start * latents + i)
      }
    }
  }
}

/** Applies a mechanism to blocks of rows; keep the sampler to apply it again. */
export const mechanismSampler = (mechanism: Mechanism, blockRows: number = BLOCK_ROWS): MechanismSampler => {
  const { latents } = mechanism
  const F = columns(blockRows)
  const z = emptyColumns(latents, blockRows)
  const a = emptyColumns(mechanism.actions, blockRows)
  return (rows, states, actionRows, out) => {
    for (let start = 0; start < rows; start += blockRows) {
      const count = Math.min(blockRows, rows - start)
      loadColumns(z, states, start, count)
      loadColumns(a, actionRows, start, count)
      F.reset()
      const next = mechanism.step<Column>(F, z, a)
      for (let i = 0; i < latents; i++) {
        const column = next[i]
        for (let r = 0, to = start * latents + i; r < count; r++, to += latents) {
          out[to] = typeof column === 'number' ? column : column[r]
        }
      }
    }
  }
}
