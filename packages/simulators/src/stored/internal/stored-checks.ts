/** One pass over a data set on disk: every number finite, every feature varying, moments and choices noted. */
import type { ArrayReader } from '@mechid/files'
import {
  aborted,
  entryCount,
  entryPlace,
  firstNotFinite,
  notFinite,
  type Standardization
} from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { fewestValues, noteValues } from '../../data-set/one-hot.js'
import { constantFeature, type SimulatorError } from '../../errors.js'
import { type RunningMoments, runningMoments } from './running-moments.js'
import type { StoredArrays } from './stored-arrays.js'

/** What the pass has found. */
export interface Checked {
  /** Of all rows. */
  readonly standardization: Standardization
  /** How many values each discrete action column takes; absent for continuous actions. */
  readonly values?: readonly number[]
}

export interface CheckOptions {
  readonly discrete: boolean
  /** Told how many of how many numbers have been checked. */
  readonly onProgress?: (progress: { readonly done: number; readonly of: number }) => void
  readonly signal?: AbortSignal
}

type Outcome<A> = E.Either<SimulatorError, A>

/** Told the numbers of a block of rows and the index of the first number. */
type Look = (block: Float32Array, first: number) => SimulatorError | undefined

const BLOCK_NUMBERS = 1 << 18

/** Reads all rows in blocks, into the same memory. */
const eachBlock = async (
  reader: ArrayReader,
  look: Look,
  go: (numbers: number) => Outcome<void>
): Promise<Outcome<void>> => {
  const [rows, ...rest] = reader.shape
  const rowSize = entryCount(rest)
  const blockRows = Math.max(1, Math.floor(BLOCK_NUMBERS / rowSize))
  const room = new Float32Array(Math.min(rows, blockRows) * rowSize)
  for (let start = 0; start < rows; start += blockRows) {
    const count = Math.min(blockRows, rows - start)
    const read = await reader.rows(start, count, room)()
    if (E.isLeft(read)) return read
    const wrong = look(room.subarray(0, count * rowSize), start * rowSize)
    if (wrong !== undefined) return E.left(wrong)
    const on = go(count * rowSize)
    if (E.isLeft(on)) return on
  }
  return E.right(undefined)
}

/** Whether each feature has taken a second value yet. */
const variation = (width: number) => {
  const first = new Float32Array(width)
  const varies = new Uint8Array(width)
  return {
    add: (block: Float32Array, at: number): void => {
      if (at === 0) first.set(block.subarray(0, width))
      for (let j = 0; j < width; j++) {
        if (varies[j] === 1) continue
        let i = j
        while (i < block.length && block[i] === first[j]) i += width
        if (i < block.length) varies[j] = 1
      }
    },
    constant: (where: string): SimulatorError | undefined => {
      const feature = varies.indexOf(0)
      return feature < 0 ? undefined : constantFeature(where, feature, first[feature])
    }
  }
}

const widthOf = (shape: readonly number[]): number => shape[shape.length - 1]

const size = (shape: readonly number[] | undefined): number => (shape === undefined ? 0 : entryCount(shape))

/** What the pass notes on its way. */
interface Notes {
  readonly moments: RunningMoments
  readonly varies: ReturnType<typeof variation>
  /** Absent for continuous actions. */
  readonly values: number[] | undefined
}

const looker =
  (where: string, name: string, shape: readonly number[], { moments, varies, values }: Notes): Look =>
  (block, first) => {
    const at = firstNotFinite(block)
    if (at >= 0) return notFinite(where, name, block[at], entryPlace(shape, first + at))
    if (name === 'x') {
      moments.add(block)
      varies.add(block, first)
    }
    if (name !== 'a' || values === undefined) return undefined
    return noteValues(where, block, first, shape, values)
  }

/** Goes over `x`, then `a`, then `z`, a block at a time. Their shapes have been checked. */
export const checkStored = async (
  where: string,
  arrays: StoredArrays,
  { discrete, onProgress, signal }: CheckOptions
): Promise<Outcome<Checked>> => {
  const { shapes } = arrays
  const features = widthOf(shapes.x)
  const values = shapes.a !== undefined && discrete ? fewestValues(widthOf(shapes.a)) : undefined
  const notes: Notes = { moments: runningMoments(features), varies: variation(features), values }
  const of = size(shapes.x) + size(shapes.a) + size(shapes.z)
  let done = 0
  const go = (numbers: number): Outcome<void> => {
    done += numbers
    onProgress?.({ done, of })
    return signal?.aborted === true ? E.left(aborted(where)) : E.right(undefined)
  }
  for (const name of ['x', 'a', 'z'] as const) {
    const [reader, shape] = [arrays[name], shapes[name]]
    if (reader === undefined || shape === undefined) continue
    const gone = await eachBlock(reader, looker(where, name, shape, notes), go)
    if (E.isLeft(gone)) return gone
  }
  const constant = notes.varies.constant(where)
  if (constant !== undefined) return E.left(constant)
  const standardization = notes.moments.standardization()
  return E.right(values === undefined ? { standardization } : { standardization, values })
}
