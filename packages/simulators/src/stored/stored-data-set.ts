/** Data sets that stay on the disk and are read in chunks. */
import { type FileInput, inputName } from '@mechid/files'
import { entryCount, invalidOption, type Standardization } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { DataSet, DataShape } from '../data-set/data-set.js'
import { columnCount, expandValues } from '../data-set/one-hot.js'
import type { ReadDataSetOptions } from '../data-set/read-data-set.js'
import { type ArrayShapes, checkShapes } from '../data-set/shape-checks.js'
import type { SimulatorError } from '../errors.js'
import { someRows } from './chunks.js'
import { runningMoments } from './internal/running-moments.js'
import { openArrays, type StoredArrays } from './internal/stored-arrays.js'
import { type Checked, checkStored } from './internal/stored-checks.js'

export interface OpenOptions extends ReadDataSetOptions {
  /** Told how many numbers have been checked, `done`, of how many. */
  readonly onProgress?: (progress: { readonly done: number; readonly of: number }) => void
  /** Aborting ends the check with `Aborted`. */
  readonly signal?: AbortSignal
}

/** Buffers for rows. An array without a buffer is not read. */
export interface RowRoom {
  readonly x?: Float32Array
  readonly a?: Float32Array
  readonly z?: Float32Array
}

/** An open data set on disk, with the checks of `dataSet` done. */
export interface StoredDataSet {
  readonly path: string
  readonly shape: DataShape
  /** Shapes of the arrays as `read` gives them: discrete actions are columns of 0 and 1. */
  readonly shapes: ArrayShapes
  /** Of all rows. */
  readonly standardization: Standardization
  /** Of some rows, such as a training set, in one pass. Agrees with `standardizationOf` to about 15 digits. */
  readonly standardizationOf: (rows: Int32Array) => TaskEither<SimulatorError, Standardization>
  /** Reads the rows `start` … `start + count − 1` to the beginning of the buffers, row-major. */
  readonly read: (start: number, count: number, into: RowRoom) => TaskEither<SimulatorError, void>
  /** The rows `rows`, in that order, in memory, such as a test set. As `subset`. */
  readonly take: (rows: Int32Array) => TaskEither<SimulatorError, DataSet>
  /** Closes the files. */
  readonly close: TaskEither<SimulatorError, void>
}

type Outcome<A> = E.Either<SimulatorError, A>
type Name = keyof RowRoom

const NAMES: readonly Name[] = ['x', 'a', 'z']

/** Numbers of a row of each array. */
export const rowSize = (shapes: ArrayShapes, name: Name): number =>
  entryCount((shapes[name] ?? [0, 0]).slice(1))

/** The shapes as read. */
const readShapes = (shapes: ArrayShapes, values: readonly number[] | undefined): ArrayShapes =>
  shapes.a === undefined || values === undefined
    ? shapes
    : { ...shapes, a: [...shapes.a.slice(0, -1), columnCount(values)] }

const shapeOf = ({ x, a, z }: ArrayShapes): DataShape => ({
  rows: x[0],
  frames: x.length === 3 ? x[1] : 1,
  features: x[x.length - 1],
  actions: a === undefined ? 0 : a[a.length - 1],
  latents: z === undefined ? undefined : z[z.length - 1],
  temporal: x.length === 3
})

/** Reads rows of one array; discrete actions are expanded. */
const readInto = async (
  arrays: StoredArrays,
  name: Name,
  values: readonly number[] | undefined,
  start: number,
  count: number,
  out: Float32Array
): Promise<Outcome<void>> => {
  const reader = arrays[name]
  if (reader === undefined) return E.right(undefined)
  if (name !== 'a' || values === undefined) return reader.rows(start, count, out)()
  const raw = new Float32Array(count * rowSize(arrays.shapes, 'a'))
  const read = await reader.rows(start, count, raw)()
  if (E.isLeft(read)) return read
  expandValues(raw, values, out.subarray(0, (raw.length / values.length) * columnCount(values)))
  return E.right(undefined)
}

/** `InvalidOption` for the first of `rows` that the data set does not have. */
export const checkRowNumbers = (where: string, rows: Int32Array, count: number): Outcome<void> => {
  const bad = rows.find((row) => row < 0 || row >= count)
  return bad === undefined
    ? E.right(undefined)
    : E.left(invalidOption(where, 'a row number', bad, `0 to ${count - 1}`))
}

const CHUNK_NUMBERS = 1 << 18

/** Rows of a chunk of about a mebibyte. */
export const defaultChunkRows = (shapes: ArrayShapes): number =>
  Math.max(1, Math.floor(CHUNK_NUMBERS / (rowSize(shapes, 'x') + rowSize(shapes, 'a'))))

/** Reads the chunks that hold any of `rows`, once each; `visit` is told which of `rows` lies where in the chunk. */
const eachChunk = async (
  stored: Pick<StoredDataSet, 'path' | 'shapes' | 'read'>,
  rows: Int32Array,
  names: readonly Name[],
  visit: (room: RowRoom, picked: ReadonlyArray<readonly [place: number, row: number]>) => void
): Promise<Outcome<void>> => {
  const { path, shapes, read } = stored
  const [total] = shapes.x
  const sound = checkRowNumbers(path, rows, total)
  if (E.isLeft(sound)) return sound
  const chunkRows = defaultChunkRows(shapes)
  const room: RowRoom = Object.fromEntries(
    names.map((name) => [name, new Float32Array(chunkRows * rowSize(shapes, name))])
  )
  const grouped = someRows(rows, total, chunkRows)
  for (let chunk = 0; chunk < grouped.chunks; chunk++) {
    const start = chunk * chunkRows
    const picked: [number, number][] = []
    grouped.places(chunk, (place) => picked.push([place, rows[place] - start]))
    if (picked.length === 0) continue
    const done = await read(start, Math.min(chunkRows, total - start), room)()
    if (E.isLeft(done)) return done
    visit(room, picked)
  }
  return E.right(undefined)
}

const takeStored = async (
  stored: Pick<StoredDataSet, 'path' | 'shapes' | 'read'>,
  rows: Int32Array
): Promise<Outcome<DataSet>> => {
  const { shapes } = stored
  const names = NAMES.filter((name) => shapes[name] !== undefined)
  const taken = names.map((name) => ({
    name,
    size: rowSize(shapes, name),
    data: new Float32Array(rows.length * rowSize(shapes, name))
  }))
  const done = await eachChunk(stored, rows, names, (room, picked) => {
    for (const { name, size, data } of taken) {
      const from = room[name] as Float32Array
      for (const [place, row] of picked) data.set(from.subarray(row * size, (row + 1) * size), place * size)
    }
  })
  const frames = taken.map(({ name, data }) => [
    name,
    { data, shape: [rows.length, ...(shapes[name] ?? []).slice(1)] }
  ])
  return E.map(() => Object.fromEntries(frames) as DataSet)(done)
}

const standardizationOfStored = async (
  stored: Pick<StoredDataSet, 'path' | 'shapes' | 'read'>,
  rows: Int32Array
): Promise<Outcome<Standardization>> => {
  const { shapes } = stored
  const width = rowSize(shapes, 'x')
  const moments = runningMoments(shapes.x[shapes.x.length - 1])
  const done = await eachChunk(stored, rows, ['x'], (room, picked) => {
    const from = room.x as Float32Array
    const lines = new Float32Array(picked.length * width)
    picked.forEach(([, row], i) => {
      lines.set(from.subarray(row * width, (row + 1) * width), i * width)
    })
    moments.add(lines)
  })
  return E.map(() => moments.standardization())(done)
}

const storedDataSet = (path: string, arrays: StoredArrays, checked: Checked): StoredDataSet => {
  const { standardization, values } = checked
  const shapes = readShapes(arrays.shapes, values)
  const read: StoredDataSet['read'] = (start, count, into) => async () => {
    for (const name of NAMES) {
      const out = into[name]
      if (out === undefined) continue
      const done = await readInto(arrays, name, values, start, count, out)
      if (E.isLeft(done)) return done
    }
    return E.right(undefined)
  }
  const stored = { path, shape: shapeOf(shapes), shapes, standardization, read }
  return {
    ...stored,
    standardizationOf: (rows) => () => standardizationOfStored(stored, rows),
    take: (rows) => () => takeStored(stored, rows),
    close: arrays.close
  }
}

/**
 * Opens a data set of any size: an uncompressed .npz with the array `x` and, if you like, `a` and `z`, or a folder with
 * `x.npy`, `a.npy` and `z.npy`; in a page, a `Blob` of such an archive, or its bytes. One pass with a few mebibytes of memory checks what `dataSet` checks, and finds mean and scale
 * of each feature. Close it when you are done.
 *
 * When to use it: for files that memory does not hold, with `fileSource`. `readDataSet` is simpler where it does.
 *
 * Errors: those of the files, `ShapeMismatch`, `TooFewRows`, `NotFinite` (with its first row), `InvalidAction`,
 * `Degenerate` (a constant feature), `Aborted`.
 *
 * @example
 * const stored = await openDataSet('large.npz')()
 */
export const openDataSet =
  (input: FileInput, options: OpenOptions = {}): TaskEither<SimulatorError, StoredDataSet> =>
  async () => {
    const path = inputName(input)
    const opened = await openArrays(input)
    if (E.isLeft(opened)) return opened
    const arrays = opened.right
    const misfit = checkShapes(path, arrays.shapes)
    const discrete = options.actions === 'discrete'
    const checked =
      misfit === undefined ? await checkStored(path, arrays, { ...options, discrete }) : E.left(misfit)
    if (E.isLeft(checked)) {
      await arrays.close()
      return checked
    }
    return E.right(storedDataSet(path, arrays, checked.right))
  }
