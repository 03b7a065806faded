/** One pass over lines where they are stored: moments of each channel, what does not vary, and what is missing. */
import * as E from 'fp-ts/lib/Either.js'
import { type MissingValues, missingValues } from './errors.js'
import type { FeatureMoments } from './feature-coding.js'
import type { LineRoom, LineStore } from './line-store.js'

/** What bytes are divided by, so that brightness is between 0 and 1. */
export const BYTE_UNIT = 1 / 255

const BLOCK_NUMBERS = 2 ** 20

/** Mean, summed squares about it, and bounds of one channel. */
interface Sums {
  count: number
  mean: number
  squares: number
  least: number
  most: number
}

/**
 * Adds numbers `data[from], data[from + step], …` up to `end` to the sums: a block's own mean first, then squares about it,
 * put together as Chan, Golub and LeVeque (1979) do. So large offsets cost no digits.
 */
const add = (sums: Sums, data: LineRoom, from: number, end: number, step: number): void => {
  let total = 0
  let { least, most } = sums
  for (let at = from; at < end; at += step) {
    const value = data[at]
    total += value
    if (value < least) least = value
    if (value > most) most = value
  }
  const count = Math.ceil((end - from) / step)
  const mean = total / count
  let squares = 0
  for (let at = from; at < end; at += step) {
    const away = data[at] - mean
    squares += away * away
  }
  const all = sums.count + count
  const between = mean - sums.mean
  sums.squares += squares + (between * between * sums.count * count) / all
  sums.mean += (between * count) / all
  sums.count = all
  sums.least = least
  sums.most = most
}

/** Counts what is not finite, channel by channel. */
const missingCounter = (channels: number, width: number) => {
  const wrong = new Float64Array(channels)
  let [count, firstRow] = [0, -1]
  return {
    look: (data: LineRoom, lines: number, first: number): void => {
      for (let at = 0; at < lines * width; at++) {
        if (Number.isFinite(data[at])) continue
        wrong[at % channels]++
        count++
        if (firstRow < 0) firstRow = first + Math.floor(at / width)
      }
    },
    found: (where: string, names: readonly string[]): MissingValues | undefined =>
      count === 0
        ? undefined
        : missingValues(
            where,
            count,
            names.filter((_, c) => wrong[c] > 0),
            firstRow
          )
  }
}

/** Lines at a time: about a mebibyte of numbers. */
export const linesOfBlock = ({ width }: LineStore): number => Math.max(1, Math.floor(BLOCK_NUMBERS / width))

/**
 * Reads all lines once. Numbers of a line belong to the channels `names` in turn. `counts`: by line, whether it is one of the
 * training. Bytes are taken in units of 1/255.
 *
 * Errors: `MissingValues`, of all channels together. Rejects where the file can no longer be read.
 */
export const storedMoments = async (
  where: string,
  store: LineStore,
  names: readonly string[],
  counts: Uint8Array
): Promise<E.Either<MissingValues, FeatureMoments>> => {
  const { lines, width, bytes } = store
  const channels = names.length
  const sums = names.map((): Sums => ({ count: 0, mean: 0, squares: 0, least: Infinity, most: -Infinity }))
  const missing = missingCounter(channels, width)
  const block = Math.min(lines, linesOfBlock(store))
  const data = store.room(block * width)
  for (let start = 0; start < lines; start += block) {
    const n = Math.min(block, lines - start)
    await store.read(start, n, data)
    if (!bytes) missing.look(data, n, start)
    // Runs of lines that count.
    for (let from = 0; from < n; from++) {
      if (counts[start + from] === 0) continue
      let to = from + 1
      while (to < n && counts[start + to] === 1) to++
      for (let c = 0; c < channels; c++) add(sums[c], data, from * width + c, to * width, channels)
      from = to
    }
  }
  const wrong = missing.found(where, names)
  if (wrong !== undefined) return E.left(wrong)
  const unit = bytes ? BYTE_UNIT : 1
  return E.right({
    mean: sums.map(({ mean }) => unit * mean),
    scale: sums.map(({ squares, count }) => unit * Math.sqrt(squares / count)),
    varies: sums.map(({ least, most }) => most > least)
  })
}

/**
 * Whether all numbers are there; the largest of them. Errors and rejections: as `storedMoments`.
 */
export const checkStoredComplete = async (
  where: string,
  store: LineStore,
  names: readonly string[]
): Promise<E.Either<MissingValues, number>> => {
  if (store.bytes) return E.right(255)
  let largest = 0
  const missing = missingCounter(names.length, store.width)
  const block = Math.min(store.lines, linesOfBlock(store))
  const data = store.room(block * store.width)
  for (let start = 0; start < store.lines; start += block) {
    const n = Math.min(block, store.lines - start)
    await store.read(start, n, data)
    missing.look(data, n, start)
    for (let at = 0; at < n * store.width; at++) if (data[at] > largest) largest = data[at]
  }
  const wrong = missing.found(where, names)
  return wrong === undefined ? E.right(largest) : E.left(wrong)
}
