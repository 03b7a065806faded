/** Ranks of the values of each column, ties sharing their mean rank: what Spearman's correlation correlates. */
import type { Samples } from '@mechid/values'

/** A radix sort's digits: as many buckets as stay in the fastest cache while numbers are moved to them. */
const BITS = 8
const BUCKETS = 1 << BITS
const MASK = BUCKETS - 1
const DIGITS = 32 / BITS

/** Words, each with the row that it belongs to. */
interface Entries {
  readonly word: Uint32Array
  readonly row: Int32Array
}

/** What sorting a column needs: its values in two words each, and room to move entries back and forth. */
interface Workspace {
  readonly high: Uint32Array
  readonly low: Uint32Array
  readonly entries: Entries
  readonly spare: Entries
  readonly counts: Int32Array
}

const workspace = (rows: number): Workspace => {
  const entries = (): Entries => ({ word: new Uint32Array(rows), row: new Int32Array(rows) })
  return {
    high: new Uint32Array(rows),
    low: new Uint32Array(rows),
    entries: entries(),
    spare: entries(),
    counts: new Int32Array(DIGITS * BUCKETS)
  }
}

const value = new Float64Array(1)
const words = new Uint32Array(value.buffer)
// Which word of a double comes first depends on the machine.
value[0] = 1
const LOW = words[0] === 0 ? 0 : 1
const HIGH = 1 - LOW

/** Loads a column: a double's bits, all inverted if it is negative, else only the sign, are ordered as it is. */
const load = ({ data, shape }: Samples, column: number, { high, low, entries }: Workspace): void => {
  const [rows, columns] = shape
  for (let i = 0, at = column; i < rows; i++, at += columns) {
    // Adding 0 turns −0 into 0, with which it ties.
    value[0] = data[at] + 0
    const inverted = words[HIGH] >> 31
    high[i] = words[HIGH] ^ (inverted | 0x80000000)
    low[i] = words[LOW] ^ inverted
    entries.row[i] = i
  }
}

/** Looks up the word of each entry's row, and counts its digits: `counts[d * BUCKETS + digit]`. */
const lookUp = (source: Uint32Array, { word, row }: Entries, counts: Int32Array): void => {
  counts.fill(0)
  for (let i = 0; i < word.length; i++) {
    const w = source[row[i]]
    word[i] = w
    counts[w & MASK]++
    counts[BUCKETS + ((w >>> 8) & MASK)]++
    counts[2 * BUCKETS + ((w >>> 16) & MASK)]++
    counts[3 * BUCKETS + (w >>> 24)]++
  }
}

/** Moves entries to their places by one digit, keeping the order of equal ones. `next` is where a bucket starts. */
const move = (from: Entries, to: Entries, shift: number, next: Int32Array): void => {
  const { word, row } = from
  for (let i = 0; i < word.length; i++) {
    const place = next[(word[i] >>> shift) & MASK]++
    to.word[place] = word[i]
    to.row[place] = row[i]
  }
}

/** Turns counts into where each bucket starts. */
const startsOf = (counts: Int32Array): Int32Array => {
  for (let b = 0, start = 0; b < BUCKETS; b++) {
    const count = counts[b]
    counts[b] = start
    start += count
  }
  return counts
}

/** Sorts entries by a word of their rows, keeping the order of equal ones; the set that holds the result, first. */
const sortBy = (
  source: Uint32Array,
  [entries, spare]: readonly [Entries, Entries],
  counts: Int32Array
): readonly [Entries, Entries] => {
  lookUp(source, entries, counts)
  let [from, to] = [entries, spare]
  for (let d = 0; d < DIGITS; d++) {
    const digits = counts.subarray(d * BUCKETS, (d + 1) * BUCKETS)
    // A digit that all have in common, such as the last ones of what were single-precision numbers, sorts nothing.
    if (digits[(from.word[0] >>> (d * BITS)) & MASK] === from.word.length) continue
    move(from, to, d * BITS, startsOf(digits))
    ;[from, to] = [to, from]
  }
  return [from, to]
}

/** Longer runs of values with equal high words are not worth an insertion sort. */
const LONGEST_RUN = 32

/** Sorts entries by the low words where their high words are equal; false if such a run is too long for it. */
const refine = ({ word, row }: Entries, low: Uint32Array): boolean => {
  for (let first = 0, end = 1; first < word.length; first = end++) {
    while (end < word.length && word[end] === word[first]) end++
    if (end - first > LONGEST_RUN) return false
    for (let i = first + 1; i < end; i++) {
      const moved = row[i]
      let to = i
      for (; to > first && low[row[to - 1]] > low[moved]; to--) row[to] = row[to - 1]
      row[to] = moved
    }
  }
  return true
}

/** Entries by value, with the high words. Few values differ in their low words only, so these come last. */
const sorted = ({ high, low, entries, spare, counts }: Workspace): Entries => {
  const byHigh = sortBy(high, [entries, spare], counts)
  return refine(byHigh[0], low) ? byHigh[0] : sortBy(high, sortBy(low, byHigh, counts), counts)[0]
}

/** The rank of each row, counted from 1, from the rows in order. */
const rankRows = ({ word, row }: Entries, low: Uint32Array, out: Float64Array): void => {
  for (let first = 0, end = 1; first < row.length; first = end++) {
    while (end < row.length && word[end] === word[first] && low[row[end]] === low[row[first]]) end++
    // The mean of first + 1, …, end.
    const rank = (first + 1 + end) / 2
    for (let i = first; i < end; i++) out[row[i]] = rank
  }
}

/** Each value's rank within its column, counted from 1. The values are finite. */
export const ranks = (samples: Samples): Samples => {
  const [rows, columns] = samples.shape
  const out = new Float64Array(rows * columns)
  const work = workspace(rows)
  const column = new Float64Array(rows)
  for (let j = 0; j < columns; j++) {
    load(samples, j, work)
    rankRows(sorted(work), work.low, column)
    for (let i = 0, at = j; i < rows; i++, at += columns) out[at] = column[i]
  }
  return { data: out, shape: samples.shape }
}
