/** Batches drawn from a data set on disk, with a bounded part of it in memory. */
import { type ChunkCache, chunkCache } from '@mechid/files'
import { type Grouping, windowedPermutation } from '@mechid/random'
import {
  checkStandardization,
  type ExampleSource,
  invalidOption,
  orThrow,
  type Standardization,
  shapeMismatch,
  showShape
} from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { standardizeInPlace } from '../data-set/standardization.js'
import type { SimulatorError } from '../errors.js'
import { checkInteger } from '../option-checks.js'
import { allRows, type RowsByChunk, someRows } from '../stored/chunks.js'
import { checkRowNumbers, defaultChunkRows, rowSize, type StoredDataSet } from '../stored/stored-data-set.js'
import type { ExampleOptions } from './example-source.js'
import { type Cut, cutOf, type RowNumbers } from './internal/cut.js'

export interface FileSourceOptions extends ExampleOptions {
  /** The rows to draw from, such as a training set. Default: all. */
  readonly rows?: Int32Array
  /** Applied to the features of each frame as they are read, as `standardize` does. Default: none. */
  readonly standardization?: Standardization
  /** Consecutive rows that are read at a time. Default: about a mebibyte of them. Other values give other batches. */
  readonly chunkRows?: number
  /** Chunks in memory at a time, at most. Default 256. Other values give other batches. */
  readonly chunks?: number
}

/** An `ExampleSource` whose examples come from the disk: `gather` is to be awaited. */
export interface FileSource extends Omit<ExampleSource, 'gather'> {
  /**
   * As in `ExampleSource`. Rejects with an `Error` that says what is wrong if the file can no longer be read. Several calls
   * may be under way; they are served in turn.
   */
  readonly gather: (indices: Int32Array, x: Float32Array, a: Float32Array) => Promise<void>
  /** Chunks in memory now, at most `chunks`. */
  readonly chunksHeld: () => number
}

const MOST_CHUNKS = 256

const cut = ({ shape, shapes }: StoredDataSet, views: number): Cut =>
  cutOf(shape, shape.temporal && shapes.a !== undefined ? shapes.a[1] : 1, views)

const cacheOf = (
  stored: StoredDataSet,
  places: number,
  chunkRows: number,
  standardization: Standardization | undefined
): ChunkCache<RowNumbers> => {
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

/** Where examples are: their cut, and the rows that they are drawn from. */
interface Layout extends Cut {
  readonly chunkRows: number
  readonly rows: Int32Array | undefined
}

const rowOf = ({ rows, perRow }: Layout, example: number): number => {
  const place = Math.floor(example / perRow)
  return rows === undefined ? place : rows[place]
}

/** The places of `indices` by the chunk that each needs. */
const placesByChunk = (indices: Int32Array, layout: Layout): Map<number, number[]> => {
  const places = new Map<number, number[]>()
  for (let i = 0; i < indices.length; i++) {
    const chunk = Math.floor(rowOf(layout, indices[i]) / layout.chunkRows)
    const known = places.get(chunk)
    if (known === undefined) places.set(chunk, [i])
    else known.push(i)
  }
  return places
}

/** Gathers chunk by chunk, those in memory first: loading others may take their place. */
const gatherer = (cache: ChunkCache<RowNumbers>, layout: Layout): FileSource['gather'] => {
  const { chunkRows, perRow, copy } = layout
  return async (indices, x, a) => {
    const into = { x, a }
    const take = (chunk: RowNumbers, number: number, places: readonly number[]): void => {
      for (const i of places) {
        const row = rowOf(layout, indices[i]) - number * chunkRows
        copy(chunk, row, indices[i] % perRow, i, indices.length, into)
      }
    }
    const missing: (readonly [number, readonly number[]])[] = []
    for (const [number, places] of placesByChunk(indices, layout)) {
      const held = cache.held(number)
      if (held === undefined) missing.push([number, places])
      else take(held, number, places)
    }
    for (const [number, places] of missing) take(await cache.load(number), number, places)
  }
}

/** Examples by the chunk of their row, each of which has `perRow`. */
const groupingOf = ({ chunks, places }: RowsByChunk, count: number, perRow: number): Grouping => ({
  groups: chunks,
  count,
  members: (chunk, visit) =>
    places(chunk, (place) => {
      for (let example = 0; example < perRow; example++) visit(place * perRow + example)
    })
})

// Examples are numbered in an Int32Array.
const MOST_EXAMPLES = 2 ** 31 - 1

/** `views` and `standardization` as the frames can have them, or what does not fit. */
const frameMisfit = (
  where: string,
  { shape, shapes }: StoredDataSet,
  { views = 1, standardization }: FileSourceOptions
): SimulatorError | undefined => {
  if (!shape.temporal && views !== 1) {
    return invalidOption(where, 'views', views, '1, as rows of static data have no frames')
  }
  if (shape.temporal && shape.frames <= views) {
    const expected = `sequences of more than ${views} frames, as an observation has ${views}`
    return shapeMismatch(where, 'x', showShape(shapes.x), expected)
  }
  if (standardization === undefined) return undefined
  const checked = checkStandardization(where, standardization, shape.features)
  return E.isLeft(checked) ? checked.left : undefined
}

/** The first thing wrong with the options. */
const misfit = (
  where: string,
  stored: StoredDataSet,
  options: FileSourceOptions
): SimulatorError | undefined => {
  const { rows, views = 1, chunkRows = 1, chunks = 1 } = options
  const wrong = [
    checkInteger(where, 'views', views, 1),
    checkInteger(where, 'chunkRows', chunkRows, 1),
    checkInteger(where, 'chunks', chunks, 1),
    ...(rows === undefined ? [] : [checkRowNumbers(where, rows, stored.shape.rows)])
  ].find(E.isLeft)
  if (wrong !== undefined) return wrong.left
  const unfit = frameMisfit(where, stored, options)
  if (unfit !== undefined) return unfit
  const examples = (rows?.length ?? stored.shape.rows) * cut(stored, views).perRow
  return examples > MOST_EXAMPLES
    ? invalidOption(where, 'the number of examples', examples, `at most ${MOST_EXAMPLES}`)
    : undefined
}

/**
 * The examples of a data set on disk, for a training: each of its rows, or of `rows`, if the data are static; each pair of
 * consecutive observations of a sequence otherwise.
 *
 * The order of an epoch is drawn in windows: 256 chunks of rows are chosen at random, and their examples shuffled together.
 * So each batch mixes rows from all over the file, an epoch reads every chunk once, and memory holds one window (256 MiB by
 * default) and the order (4 bytes an example). Batches depend on the generator, `rows`, `views`, `chunkRows` and `chunks`,
 * never on what was drawn before: a resumed training sees the same ones. A data set that fits in one window gives the very
 * batches of `exampleSource`.
 *
 * When to use it: where memory does not hold the data; `exampleSource` is simpler where it does. Rows sorted by something
 * that matters are mixed within a window only: shuffle the file first, or raise `chunks`.
 *
 * Errors: `InvalidOption`; `ShapeMismatch` where sequences are too short for `views`, or the standardization is of other
 * features.
 *
 * @example
 * const source = fileSource(stored, { rows: split.train, standardization: stored.standardization })
 */
export const fileSource = (
  stored: StoredDataSet,
  options: FileSourceOptions = {}
): E.Either<SimulatorError, FileSource> => {
  const wrong = misfit('fileSource', stored, options)
  if (wrong !== undefined) return E.left(wrong)
  const { rows, views = 1, standardization, chunks = MOST_CHUNKS } = options
  const { chunkRows = defaultChunkRows(stored.shapes) } = options
  const { shape } = stored
  const { actions, temporal } = shape
  const cuts = cut(stored, views)
  const count = rows?.length ?? shape.rows
  const byChunk = rows === undefined ? allRows(count, chunkRows) : someRows(rows, shape.rows, chunkRows)
  const examples = count * cuts.perRow
  const cache = cacheOf(stored, Math.min(chunks, byChunk.chunks), chunkRows, standardization)
  const gather = gatherer(cache, { ...cuts, chunkRows, rows })
  let last: Promise<unknown> = Promise.resolve()
  return E.right({
    examples,
    features: cuts.features,
    actions,
    temporal,
    order: (random) => windowedPermutation(random, groupingOf(byChunk, examples, cuts.perRow), chunks),
    gather: (indices, x, a) => {
      const next = last.then(() => gather(indices, x, a))
      last = next.catch(() => undefined)
      return next
    },
    chunksHeld: cache.size
  })
}
