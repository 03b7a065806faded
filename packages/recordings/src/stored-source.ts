/** Examples for a training out of lines that stay where they are stored, with a bounded part of them in memory. */
import { chunkCache } from '@mechid/files'
import { type Grouping, windowedPermutation } from '@mechid/random'
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

/**
 * The lines of a chunk: those that were used last are kept. A chunk has one line more than it is long: the second one of its
 * last pair.
 */
const chunkReader = (store: LineStore, { lines: length, held }: Chunking) => {
  const { width, lines } = store
  const whole = store.held
  const cache = chunkCache<LineRoom>(
    held,
    () => store.room((length + 1) * width),
    (chunk, room) => store.read(chunk * length, Math.min(length + 1, lines - chunk * length), room)
  )
  return async (chunk: number): Promise<Numbers> => whole ?? cache.held(chunk) ?? cache.load(chunk)
}

/** Examples by chunk: those of chunk c are numbers `starts[c]` to `starts[c + 1]`, as lines ascend. */
const chunkStarts = (lines: Int32Array, length: number, chunks: number): Int32Array => {
  const starts = new Int32Array(chunks + 1)
  for (const line of lines) starts[Math.floor(line / length) + 1]++
  for (let c = 0; c < chunks; c++) starts[c + 1] += starts[c]
  return starts
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
  const chunkOf = chunkReader(store, chunking)
  const grouping: Grouping = {
    groups: starts.length - 1,
    count: lines.length,
    members: (chunk, visit) => {
      for (let example = starts[chunk]; example < starts[chunk + 1]; example++) visit(example)
    }
  }
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
    order: (random) => windowedPermutation(random, grouping, chunking.held),
    gather: (indices, x, aOut) => {
      // One at a time: a chunk that is in use must not be overwritten.
      const next = last.then(() => gather(indices, x, aOut))
      last = next.catch(() => undefined)
      return next
    }
  }
}
