/** Examples for a training out of lines that stay where they are stored, with a bounded part of them in memory. */
import type { Generator } from '@mechid/random'
import type { ExampleSource, Samples } from '@mechid/values'
import type { Numbers } from './channels.js'
import type { Coding } from './coding.js'
import type { LineRoom, LineStore } from './line-store.js'
import { lineCoder } from './observations.js'
import { examplesIn, type Sequences } from './sequences.js'

/** Bytes that are read at a time, and that are held. */
const CHUNK_BYTES = 2 ** 20
const HELD_BYTES = 2 ** 26

/** How lines are cut into chunks, and how many of them are held. */
interface Chunking {
  readonly lines: number
  readonly held: number
}

const chunkingOf = (
  { width, lines, room, held }: LineStore,
  chunkBytes: number,
  heldBytes: number
): Chunking => {
  if (held !== undefined) return { lines, held: 1 }
  const lineBytes = width * room(0).BYTES_PER_ELEMENT
  const chunk = Math.max(1, Math.min(lines, Math.floor(chunkBytes / lineBytes)))
  return { lines: chunk, held: Math.max(2, Math.floor(heldBytes / (chunk * lineBytes))) }
}

/** Keeps the chunks that were used last. A chunk has one line more than it is long: the second one of its last pair. */
const chunkCache = (store: LineStore, { lines: length, held }: Chunking) => {
  const { width, lines } = store
  const whole = store.held
  const chunks = new Map<number, LineRoom>()
  return async (chunk: number): Promise<Numbers> => {
    if (whole !== undefined) return whole
    const found = chunks.get(chunk)
    chunks.delete(chunk)
    if (found !== undefined) {
      chunks.set(chunk, found)
      return found
    }
    let room: LineRoom | undefined
    if (chunks.size >= held) {
      const [oldest, spare] = chunks.entries().next().value as [number, LineRoom]
      chunks.delete(oldest)
      room = spare
    }
    room ??= store.room((length + 1) * width)
    await store.read(chunk * length, Math.min(length + 1, lines - chunk * length), room)
    chunks.set(chunk, room)
    return room
  }
}

const shuffle = (order: Int32Array, random: Generator): void => {
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.integer(i + 1)
    const moved = order[i]
    order[i] = order[j]
    order[j] = moved
  }
}

/** Examples by chunk: those of chunk c are numbers `starts[c]` to `starts[c + 1]`, as lines ascend. */
const chunkStarts = (lines: Int32Array, length: number, chunks: number): Int32Array => {
  const starts = new Int32Array(chunks + 1)
  for (const line of lines) starts[Math.floor(line / length) + 1]++
  for (let c = 0; c < chunks; c++) starts[c + 1] += starts[c]
  return starts
}

/**
 * A random order in which few chunks are in use at a time: chunks in random order, cut into windows, the examples of a window
 * shuffled together. If all chunks are held, any order is equally likely.
 */
const windowedOrder = (starts: Int32Array, window: number, random: Generator): Int32Array => {
  const chunks = starts.length - 1
  if (chunks <= window) return random.permutation(starts[chunks])
  const turn = random.split('chunks').permutation(chunks)
  const windows = Math.ceil(chunks / window)
  const order = new Int32Array(starts[chunks])
  let at = 0
  for (let w = 0; w < windows; w++) {
    const begin = at
    const [from, to] = [w, w + 1].map((edge) => Math.floor((edge * chunks) / windows))
    for (const chunk of turn.subarray(from, to)) {
      for (let example = starts[chunk]; example < starts[chunk + 1]; example++) order[at++] = example
    }
    shuffle(order.subarray(begin, at), random.split(w))
  }
  return order
}

/** Sizes of what is read and held, in bytes. */
export interface StoredSourceOptions {
  readonly chunkBytes?: number
  readonly heldBytes?: number
}

/**
 * The rows chosen, or the pairs of consecutive frames within the sequences chosen, standardized as they are read.
 *
 * An epoch reads the file once, a mebibyte at a time, and mixes examples within windows of 64 MiB, each made of places all
 * over the file. Batches depend on the generator, the choice and these sizes alone: a resumed training sees the same ones.
 */
export const storedSource = (
  store: LineStore,
  coding: Coding,
  a: Samples<Float32Array> | undefined,
  sequences: Sequences,
  chosen: Int32Array,
  { chunkBytes = CHUNK_BYTES, heldBytes = HELD_BYTES }: StoredSourceOptions = {}
): ExampleSource => {
  const { lines, actionLines } = examplesIn(sequences, chosen)
  const { temporal } = sequences
  const actions = a?.shape[1] ?? 0
  const { features, code } = lineCoder(store.width, store.bytes, coding)
  const chunking = chunkingOf(store, chunkBytes, heldBytes)
  const length = chunking.lines
  const starts = chunkStarts(lines, length, Math.ceil(store.lines / length))
  const chunkOf = chunkCache(store, chunking)
  const gather = async (indices: Int32Array, xOut: Float32Array, aOut: Float32Array): Promise<void> => {
    const n = indices.length
    const places = Int32Array.from({ length: n }, (_, i) => i).sort(
      (i, j) => lines[indices[i]] - lines[indices[j]]
    )
    for (const i of places) {
      const line = lines[indices[i]]
      const chunk = Math.floor(line / length)
      const recorded = await chunkOf(chunk)
      code(recorded, line - chunk * length, xOut, i * features)
      if (temporal) code(recorded, line + 1 - chunk * length, xOut, (n + i) * features)
      if (a === undefined) continue
      const from = actionLines[indices[i]] * actions
      aOut.set(a.data.subarray(from, from + actions), i * actions)
    }
  }
  let last: Promise<unknown> = Promise.resolve()
  return {
    examples: lines.length,
    features,
    actions,
    temporal,
    order: (random) => windowedOrder(starts, chunking.held, random),
    gather: (indices, x, aOut) => {
      // One at a time: a chunk that is in use must not be overwritten.
      const next = last.then(() => gather(indices, x, aOut))
      last = next.catch(() => undefined)
      return next
    }
  }
}
