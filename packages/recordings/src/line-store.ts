/** Lines of numbers where they are: in memory as they were recorded, or in a file of which parts are read. */
import type { ArrayReader } from '@mechid/files'
import { entryCount, orThrow } from '@mechid/values'
import type { Numbers } from './channels.js'
import type { FrameSize } from './frame-axes.js'

/** What lines are read into: bytes if the store holds bytes, else numbers in the precision of the file. */
export type LineRoom = Float32Array | Float64Array | Uint8Array

/** Lines of equal width. */
export interface LineStore {
  readonly lines: number
  /** Numbers of a line. */
  readonly width: number
  /** Whether the numbers are bytes. */
  readonly bytes: boolean
  /** All lines, where they lie in memory. */
  readonly held?: Numbers
  /** Room for so many numbers, in the store's precision. */
  readonly room: (length: number) => LineRoom
  /** Reads `count` lines from `start` on to the beginning of `out`. Rejects where the file can no longer be read. */
  readonly read: (start: number, count: number, out: LineRoom) => Promise<void>
  readonly close: () => Promise<void>
}

/** Lines of an array in memory: its last axes, `width` numbers together. */
export const memoryStore = (data: Numbers, width: number): LineStore => ({
  lines: data.length / width,
  width,
  bytes: data instanceof Uint8Array,
  held: data,
  room: (length) => {
    if (data instanceof Uint8Array) return new Uint8Array(length)
    return data instanceof Float32Array ? new Float32Array(length) : new Float64Array(length)
  },
  read: async (start, count, out) => {
    out.set(data.subarray(start * width, (start + count) * width))
  },
  close: async () => undefined
})

/** Integers of 32 bits or more, and float64, are kept in double precision. */
const DOUBLE = ['float64', 'int64', 'uint64', 'int32', 'uint32']

/** Lines of an array in an open file: its numbers in row-major order, `width` together. */
export const fileStore = (reader: ArrayReader, width: number): LineStore => {
  const { shape, dtype } = reader
  const bytes = dtype === 'uint8' || dtype === 'bool'
  const make = (length: number): LineRoom => {
    if (bytes) return new Uint8Array(length)
    return DOUBLE.includes(dtype) ? new Float64Array(length) : new Float32Array(length)
  }
  return {
    lines: entryCount(shape) / width,
    width,
    bytes,
    room: make,
    read: async (start, count, out) => {
      await orThrow(reader.numbers(start * width, count * width, out))
    },
    close: async () => {
      await reader.close()
    }
  }
}

/** Frames whose channels come first, [c, h, w], as frames whose channels come last. */
export const channelsLast = (store: LineStore, { height, width, channels }: FrameSize): LineStore => {
  const pixels = height * width
  if (channels === 1) return store
  const { held: _, ...rest } = store
  return {
    ...rest,
    read: async (start, count, out) => {
      const before = store.room(count * store.width)
      await store.read(start, count, before)
      for (let line = 0; line < count; line++) {
        const at = line * store.width
        for (let c = 0; c < channels; c++) {
          for (let p = 0; p < pixels; p++) out[at + p * channels + c] = before[at + c * pixels + p]
        }
      }
    }
  }
}

/** Lines of several stores, one after the other. They have one width, and all hold bytes or none does. */
export const joinedStores = (stores: readonly LineStore[]): LineStore => {
  if (stores.length === 1) return stores[0]
  const starts = [0]
  for (const { lines } of stores) starts.push(starts[starts.length - 1] + lines)
  const [{ width, bytes }] = stores
  const double = stores.some((store) => store.room(0) instanceof Float64Array)
  const room = (length: number): LineRoom => {
    if (bytes) return new Uint8Array(length)
    return double ? new Float64Array(length) : new Float32Array(length)
  }
  return {
    lines: starts[stores.length],
    width,
    bytes,
    room,
    read: async (start, count, out) => {
      for (const [k, store] of stores.entries()) {
        const from = Math.max(start, starts[k])
        const to = Math.min(start + count, starts[k + 1])
        if (from >= to) continue
        await store.read(
          from - starts[k],
          to - from,
          out.subarray((from - start) * width, (to - start) * width)
        )
      }
    },
    close: async () => {
      for (const store of stores) await store.close()
    }
  }
}
