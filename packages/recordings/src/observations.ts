/** Standardized observations, read when they are needed. */
import type { Samples } from '@mechid/values'
import type { Numbers } from './channels.js'
import type { Coding } from './coding.js'
import type { LineStore } from './line-store.js'
import { BYTE_UNIT } from './stored-moments.js'

/** Lines of standardized features. */
export interface Observations {
  /** Lines, and features of each. */
  readonly shape: readonly [number, number]
  /** Reads `count` lines from `start` on to the beginning of `out`. Rejects where the file can no longer be read. */
  readonly read: (start: number, count: number, out: Float32Array) => Promise<void>
}

/** Standardizes recorded lines: line `line` of `from` to `out[to …]`. */
export type LineCoder = (from: Numbers, line: number, out: Float32Array, to: number) => void

/** Columns of a line that are used, with what is done to each. */
interface UsedColumns {
  readonly columns: Int32Array
  readonly mean: Float64Array
  readonly scale: Float64Array
}

const usedColumns = (width: number, { recorded, features }: Coding, unit: number): UsedColumns => {
  const channels = recorded.length
  const byName = new Map(features.map((feature) => [feature.name, feature]))
  const used = recorded.map((name) => byName.get(name))
  const columns = Int32Array.from({ length: width }, (_, j) => j).filter(
    (j) => used[j % channels] !== undefined
  )
  const numbers = (of: 'mean' | 'scale'): Float64Array =>
    Float64Array.from(columns, (j) => (used[j % channels]?.[of] ?? 1) / unit)
  return { columns, mean: numbers('mean'), scale: numbers('scale') }
}

/** For bytes: the standardized value of each of 256, for each channel that is used. */
const byteTables = (channels: number, { columns, mean, scale }: UsedColumns): Float32Array => {
  const tables = new Float32Array(256 * channels)
  const kept = columns.length
  for (let p = 0; p < Math.min(kept, channels); p++) {
    for (let value = 0; value < 256; value++) tables[256 * p + value] = (value - mean[p]) / scale[p]
  }
  return tables
}

/** What a coding does to a line of `width` numbers, and how many remain. */
export const lineCoder = (
  width: number,
  bytes: boolean,
  coding: Coding
): { readonly features: number; readonly code: LineCoder } => {
  const used = usedColumns(width, coding, bytes ? BYTE_UNIT : 1)
  const { columns, mean, scale } = used
  const features = columns.length
  const channels = coding.features.length
  const tables = bytes ? byteTables(channels, used) : new Float32Array(0)
  const code: LineCoder = bytes
    ? (from, line, out, to) => {
        for (let p = 0, c = 0, at = line * width; p < features; p++) {
          out[to + p] = tables[256 * c + from[at + columns[p]]]
          if (++c === channels) c = 0
        }
      }
    : (from, line, out, to) => {
        for (let p = 0, at = line * width; p < features; p++)
          out[to + p] = (from[at + columns[p]] - mean[p]) / scale[p]
      }
  return { features, code }
}

const BLOCK_NUMBERS = 2 ** 20

/** The lines of a store as a coding has them. */
export const storedObservations = (store: LineStore, coding: Coding): Observations => {
  const { width, bytes, lines } = store
  const { features, code } = lineCoder(width, bytes, coding)
  const block = Math.max(1, Math.floor(BLOCK_NUMBERS / width))
  return {
    shape: [lines, features],
    read: async (start, count, out) => {
      const recorded = store.room(Math.min(block, count) * width)
      for (let from = 0; from < count; from += block) {
        const n = Math.min(block, count - from)
        await store.read(start + from, n, recorded)
        for (let line = 0; line < n; line++) code(recorded, line, out, (from + line) * features)
      }
    }
  }
}

/** Observations in memory. */
export const heldObservations = ({ data, shape }: Samples<Float32Array>): Observations => ({
  shape,
  read: async (start, count, out) => {
    out.set(data.subarray(start * shape[1], (start + count) * shape[1]))
  }
})

/**
 * Some lines, in their order, in memory. Lines next to each other are read together.
 *
 * Rejects where the file can no longer be read.
 */
export const takeObservations = async (
  { read, shape: [, features] }: Observations,
  lines: Int32Array
): Promise<Samples<Float32Array>> => {
  const data = new Float32Array(lines.length * features)
  for (let at = 0; at < lines.length; ) {
    let end = at + 1
    while (end < lines.length && lines[end] === lines[end - 1] + 1) end++
    await read(lines[at], end - at, data.subarray(at * features, end * features))
    at = end
  }
  return { data, shape: [lines.length, features] }
}
