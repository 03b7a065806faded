/** Draws from kernels and applies mechanisms to many rows, block by block, without an object for each row. */
import type { Generator } from '@mechid/random'
import type { Kernel } from './kernel.js'
import type { Mechanism } from './mechanism.js'
import { type Column, type ColumnReading, columns } from './readings/column.js'

/** Rows of a block: its columns, some hundreds of them, stay in the fast caches. */
const BLOCK_ROWS = 512

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

/** `loadColumns` into scratch columns of the reading. */
const loaded = (
  F: ColumnReading,
  width: number,
  from: Float64Array,
  start: number,
  count: number
): Float64Array[] => {
  const columns = Array.from({ length: width }, F.column)
  loadColumns(columns, from, start, count)
  return columns
}

const fillNoise = (kernel: Kernel, random: Generator, out: Float64Array): void => {
  const [first] = kernel.noise
  if (first?.fill !== undefined && kernel.noise.every((noise) => noise === first)) {
    first.fill(random, out)
    return
  }
  const d = kernel.latents
  for (let i = 0; i < out.length; i++) out[i] = kernel.noise[i % d].sample(random)
}

/** A value of every row as a column. */
const filled = (F: ColumnReading, value: Column): Float64Array =>
  typeof value === 'number' ? F.column().fill(value) : value

/** `out = location + scale · noise` in each row of one latent; the noise is row-major, as `out` is. */
const combine = (
  count: number,
  location: Float64Array,
  scale: Column,
  noise: Float64Array,
  stride: number,
  offset: number,
  out: Float64Array,
  start: number
): void => {
  if (typeof scale === 'number')
    for (let i = 0, from = offset, to = start; i < count; i++, from += stride, to += stride)
      out[to] = location[i] + scale * noise[from]
  else
    for (let i = 0, from = offset, to = start; i < count; i++, from += stride, to += stride)
      out[to] = location[i] + scale[i] * noise[from]
}

/** A sampler with its memory; keep it to draw again. */
export const kernelSampler = (kernel: Kernel, blockRows: number = BLOCK_ROWS): KernelSampler => {
  const { latents } = kernel
  const F: ColumnReading = columns(blockRows)
  const noise = new Float64Array(blockRows * latents)
  return (rows, pastRows, actionRows, random, out) => {
    for (let start = 0; start < rows; start += blockRows) {
      const count = Math.min(blockRows, rows - start)
      F.reset()
      const past = loaded(F, kernel.lags * latents, pastRows, start, count)
      const actions = loaded(F, kernel.actions, actionRows, start, count)
      const location = kernel.location<Column>(F, past, actions)
      const scale = kernel.scale<Column>(F, past, actions)
      fillNoise(kernel, random, noise.subarray(0, count * latents))
      for (let i = 0; i < latents; i++) {
        combine(count, filled(F, location[i]), scale[i], noise, latents, i, out, start * latents + i)
      }
    }
  }
}

/** Applies a mechanism to blocks of rows; keep the sampler to apply it again. */
export const mechanismSampler = (mechanism: Mechanism, blockRows: number = BLOCK_ROWS): MechanismSampler => {
  const { latents } = mechanism
  const F = columns(blockRows)
  return (rows, states, actionRows, out) => {
    for (let start = 0; start < rows; start += blockRows) {
      const count = Math.min(blockRows, rows - start)
      F.reset()
      const z = loaded(F, latents, states, start, count)
      const a = loaded(F, mechanism.actions, actionRows, start, count)
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
