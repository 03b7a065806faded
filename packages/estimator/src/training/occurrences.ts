/** How often actions act: what an edge is priced by. */
import type { ExampleSource } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { EstimatorError } from '../errors.js'
import { gathered } from './gathered.js'

/** Of each action column. */
export interface Occurrences {
  /**
   * Share of the examples in which the column is not at its reference, the value that half of all examples or more have. 1
   * where there is no such value.
   */
  readonly shares: Float32Array
  /** Whether the columns are 0 and 1, and at most one of them is 1 in an example: the values of one discrete action. */
  readonly exclusive: boolean
}

const BLOCK = 1024
/** Examples that are looked at, evenly spread. */
const MOST_EXAMPLES = 65_536
/** Numbers that are held while they are looked at, 128 MiB: of more than 512 columns, fewer examples. */
const MOST_NUMBERS = 2 ** 25
/**
 * Examples in which a column is taken to act at least. With half a nat for each, an edge then has to be worth eight nats in
 * all, which chance gives one edge in 16,000 (χ² of one degree above 16).
 */
const LEAST_OCCURRENCES = 16

/** The actions of some examples, [examples, columns]. Each is read once: observations come along, and may be frames of a file. */
const actionsOf = async (
  source: ExampleSource,
  examples: number
): Promise<E.Either<EstimatorError, Float32Array>> => {
  const { actions } = source
  const block = Math.min(BLOCK, examples)
  const x = new Float32Array(block * source.features * (source.temporal ? 2 : 1))
  const a = new Float32Array(examples * actions)
  for (let from = 0; from < examples; from += block) {
    const count = Math.min(block, examples - from)
    const indices = Int32Array.from({ length: count }, (_, i) =>
      Math.floor(((from + i) * source.examples) / examples)
    )
    const part = a.subarray(from * actions, (from + count) * actions)
    const read = await gathered(() => source.gather(indices, x, part))
    if (E.isLeft(read)) return read
  }
  return E.right(a)
}

/** Whether all are 0 and 1, at most one of them 1 in a row. */
const areExclusive = (a: Float32Array, columns: number): boolean => {
  for (let row = 0; row < a.length; row += columns) {
    let acting = 0
    for (let l = 0; l < columns; l++) {
      const value = a[row + l]
      if (value === 1) acting++
      else if (value !== 0) return false
    }
    if (acting > 1) return false
  }
  return true
}

/** The value that more than half of a column has, if there is one (R. Boyer, J. Moore 1981). */
const majorityOf = (a: Float32Array, columns: number, column: number): number => {
  let value = 0
  let lead = 0
  for (let at = column; at < a.length; at += columns) {
    if (lead === 0) value = a[at]
    lead += a[at] === value ? 1 : -1
  }
  return value
}

/** How often a column has a value. */
const countOf = (a: Float32Array, columns: number, column: number, value: number): number => {
  let count = 0
  for (let at = column; at < a.length; at += columns) if (a[at] === value) count++
  return count
}

/**
 * How often each action of a source acts, judged on 65,536 examples at most. A column is priced as if it acted in 16
 * examples at least. undefined where every action always acts, as continuous ones do.
 */
export const occurrencesOf = async (
  source: ExampleSource
): Promise<E.Either<EstimatorError, Occurrences | undefined>> => {
  const { actions: columns } = source
  if (columns === 0) return E.right(undefined)
  const examples = Math.min(MOST_EXAMPLES, source.examples, Math.ceil(MOST_NUMBERS / columns))
  const read = await actionsOf(source, examples)
  return E.map((a: Float32Array) => {
    const exclusive = columns > 1 && areExclusive(a, columns)
    const least = Math.min(1, LEAST_OCCURRENCES / source.examples)
    const shares = Float32Array.from({ length: columns }, (_, l) => {
      const resting = countOf(a, columns, l, majorityOf(a, columns, l))
      return 2 * resting < examples ? 1 : Math.max((examples - resting) / examples, least)
    })
    return exclusive || shares.some((share) => share < 1) ? { shares, exclusive } : undefined
  })(read)
}
