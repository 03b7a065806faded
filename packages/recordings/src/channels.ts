/** Named columns of what was recorded, as they lie in memory: one line a row, or a frame of a sequence. */
import type { NumericData } from '@mechid/files'

/** Numbers of any kind that arithmetic can be done with at once. */
export type Numbers = Exclude<NumericData, BigInt64Array | BigUint64Array>

/** Entry (i, j) is `data[i · names.length + j]`. */
export interface Channels {
  readonly names: readonly string[]
  readonly lines: number
  readonly data: Numbers
  /** Columns of text, by index: `data` then holds the index of the label. */
  readonly labels?: ReadonlyMap<number, readonly string[]>
}

/** 64-bit integers as floats: beyond 2^53 they are rounded. */
export const asNumbers = (data: NumericData): Numbers =>
  data instanceof BigInt64Array || data instanceof BigUint64Array
    ? Float64Array.from(data as ArrayLike<bigint>, Number)
    : data

/** Lines of several, one after the other; names and labels are the first one's. */
export const joined = (parts: readonly Channels[]): Channels => {
  if (parts.length === 1) return parts[0]
  const length = parts.reduce((sum, { data }) => sum + data.length, 0)
  const single = parts.every(({ data }) => data instanceof Float32Array)
  const data = single ? new Float32Array(length) : new Float64Array(length)
  let at = 0
  for (const part of parts) {
    data.set(part.data, at)
    at += part.data.length
  }
  return { ...parts[0], data, lines: parts.reduce((sum, { lines }) => sum + lines, 0) }
}
