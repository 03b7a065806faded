/** Batches drawn from a data set on disk, with a bounded part of it in memory. */
import { type ExampleSource, invalidOption, orThrow, type Standardization } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { standardizeInPlace } from '../data-set/standardization.js'
import type { SimulatorError } from '../errors.js'
import { checkInteger } from '../option-checks.js'
import { allRows, someRows } from '../stored/chunks.js'
import { checkRowNumbers, defaultChunkRows, rowSize, type StoredDataSet } from '../stored/stored-data-set.js'
import { type ChunkCache, chunkCache } from './internal/chunk-cache.js'
import { windowedOrder } from './internal/windowed-order.js'

export interface FileSourceOptions {
  /** The rows to draw from (a training set); all if left out. */
  readonly rows?: Int32Array
  /** Done to the features as they are read, as `standardize` does it. */
  readonly standardization?: Standardization
  /** Consecutive rows read at a time; a mebibyte's worth if left out. Part of what decides the batches. */
  readonly chunkRows?: number
  /** Most chunks in memory at a time; 256 if left out. Part of what decides the batches. */
  readonly chunks?: number
}

/** An `ExampleSource` whose examples come from the disk: `gather` is to be awaited. */
export interface FileSource extends Omit<ExampleSource, 'gather'> {
  /**
   * As that of `ExampleSource`. Rejects with an `Error` that says what is wrong if the file can no longer be read.
   * Several calls may be under way; they are served in turn.
   */
  readonly gather: (indices: Int32Array, x: Float32Array, a: Float32Array) => Promise<void>
  /** Chunks in memory now, at most `chunks`. */
  readonly chunksHeld: () => number
}

const examplesPerRow = ({ shape }: StoredDataSet): number => (shape.temporal ? shape.frames - 1 : 1)

interface Chunk {
  readonly x: Float32Array
  readonly a: Float32Array
}

const MOST_CHUNKS = 256

const cacheOf = (
  stored: StoredDataSet,
  places: number,
  chunkRows: number,
  standardization: Standardization | undefined
): ChunkCache<Chunk> => {
  const { shapes, shape } = stored
  const [xSize, aSize] = [rowSize(shapes, 'x'), rowSize(shapes, 'a')]
  return chunkCache(
    places,
    () => ({ x: new Float32Array(chunkRows * xSize), a: new Float32Array(chunkRows * aSize) }),
    async (chunk, into) => {
      const start = chunk * chunkRows
      const count = Math.min(chunkRows, shape.rows - start)
      await orThrow(stored.read(start, count, into))
      if (standardization !== undefined)
        standardizeInPlace(into.x.subarray(0, count * xSize), standardization)
    }
  )
}

/** Where an example's numbers go and come from. */
interface Copying {
  readonly chunkRows: number
  /** Row and frame of an example. */
  readonly locate: (example: number) => readonly [row: number, frame: number]
  /** Copies the example of row `row` of the chunk to place `i` of `n`. */
  readonly copy: (
    chunk: Chunk,
    row: number,
    frame: number,
    i: number,
    n: number,
    x: Float32Array,
    a: Float32Array
  ) => void
}

const copying = (
  { shape, shapes }: StoredDataSet,
  rows: Int32Array | undefined,
  chunkRows: number
): Copying => {
  const { frames, features, actions, temporal } = shape
  const pairs = temporal ? frames - 1 : 1
  const actionFrames = temporal && shapes.a !== undefined ? shapes.a[1] : 1
  return {
    chunkRows,
    locate: (example) => {
      const place = Math.floor(example / pairs)
      return [rows === undefined ? place : rows[place], example - place * pairs]
    },
    copy: (chunk, row, frame, i, n, x, a) => {
      const at = (row * frames + frame) * features
      for (let j = 0; j < features; j++) x[i * features + j] = chunk.x[at + j]
      if (temporal) {
        for (let j = 0; j < features; j++) x[(n + i) * features + j] = chunk.x[at + features + j]
      }
      const from = (row * actionFrames + frame) * actions
      for (let j = 0; j < actions; j++) a[i * actions + j] = chunk.a[from + j]
    }
  }
}

/** The places of `indices` by the chunk that each needs. */
const placesByChunk = (indices: Int32Array, { chunkRows, locate }: Copying): Map<number, number[]> => {
  const places = new Map<number, number[]>()
  for (let i = 0; i < indices.length; i++) {
    const chunk = Math.floor(locate(indices[i])[0] / chunkRows)
    const known = places.get(chunk)
    if (known === undefined) places.set(chunk, [i])
    else known.push(i)
  }
  return places
}

/** Gathers chunk by chunk, those in memory first: loading others may take their place. */
const gatherer = (cache: ChunkCache<Chunk>, copies: Copying): FileSource['gather'] => {
  const { chunkRows, locate, copy } = copies
  return async (indices, x, a) => {
    const take = (chunk: Chunk, number: number, places: readonly number[]): void => {
      for (const i of places) {
        const [row, frame] = locate(indices[i])
        copy(chunk, row - number * chunkRows, frame, i, indices.length, x, a)
      }
    }
    const missing: (readonly [number, readonly number[]])[] = []
    for (const [number, places] of placesByChunk(indices, copies)) {
      const held = cache.held(number)
      if (held === undefined) missing.push([number, places])
      else take(held, number, places)
    }
    for (const [number, places] of missing) take(await cache.load(number), number, places)
  }
}

// Examples are numbered in an Int32Array.
const MOST_EXAMPLES = 2 ** 31 - 1

const checkOptions = (where: string, stored: StoredDataSet, options: FileSourceOptions) => {
  const { rows, chunkRows = 1, chunks = 1 } = options
  const examples = (rows?.length ?? stored.shape.rows) * examplesPerRow(stored)
  if (examples > MOST_EXAMPLES) {
    return E.left(invalidOption(where, 'the number of examples', examples, `at most ${MOST_EXAMPLES}`))
  }
  return [
    checkInteger(where, 'chunkRows', chunkRows, 1),
    checkInteger(where, 'chunks', chunks, 1),
    ...(rows === undefined ? [] : [checkRowNumbers(where, rows, stored.shape.rows)])
  ].find(E.isLeft)
}

/**
 * Examples of a data set on disk for a training.
 *
 * An epoch's order is drawn in windows: the chunks in random order, 256 of them at a time, and all examples of those
 * 256 in a uniformly random order. So each batch mixes rows from places all over the file, an epoch reads every
 * chunk once, and memory holds one window (by default 256 MiB) and the order (4 bytes an example). Batches depend
 * on the generator that `order` is given, `rows`, `chunkRows` and `chunks`, not on what was drawn before: a resumed
 * training sees the same ones. A data set that fits in one window gives the very batches of `exampleSource`.
 *
 * Errors: `InvalidOption`.
 *
 * @example
 * const source = fileSource(stored, { rows: split.train, standardization: stored.standardization })
 */
export const fileSource = (
  stored: StoredDataSet,
  options: FileSourceOptions = {}
): E.Either<SimulatorError, FileSource> => {
  const wrong = checkOptions('fileSource', stored, options)
  if (wrong !== undefined) return wrong
  const { rows, standardization, chunkRows = defaultChunkRows(stored.shapes), chunks = MOST_CHUNKS } = options
  const { shape } = stored
  const { features, actions, temporal } = shape
  const perRow = examplesPerRow(stored)
  const count = rows?.length ?? shape.rows
  const byChunk = rows === undefined ? allRows(count, chunkRows) : someRows(rows, shape.rows, chunkRows)
  const cache = cacheOf(stored, Math.min(chunks, byChunk.chunks), chunkRows, standardization)
  const gather = gatherer(cache, copying(stored, rows, chunkRows))
  let last: Promise<unknown> = Promise.resolve()
  return E.right({
    examples: count * perRow,
    features,
    actions,
    temporal,
    order: (random) => windowedOrder(byChunk, count, perRow, chunks, random),
    gather: (indices, x, a) => {
      const next = last.then(() => gather(indices, x, a))
      last = next.catch(() => undefined)
      return next
    },
    chunksHeld: cache.size
  })
}
