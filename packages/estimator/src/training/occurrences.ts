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
/**
 * Examples in which a column is taken to act at least. With half a nat for each, an edge then has to be worth eight nats in
 * all, which chance gives one edge in 16,000 (χ² of one degree above 16).
 */
const LEAST_OCCURRENCES = 16

/** Runs over the actions of some examples, [count, columns] at a time. */
const overActions = async (
  source: ExampleSource,
  examples: number,
  see: (a: Float32Array, count: number) => void
): Promise<E.Either<EstimatorError, void>> => {
  const block = Math.min(BLOCK, examples)
  const x = new Float32Array(block * source.features * (source.temporal ? 2 : 1))
  const a = new Float32Array(block * source.actions)
  for (let from = 0; from < examples; from += block) {
    const count = Math.min(block, examples - from)
    const indices = Int32Array.from({ length: count }, (_, i) =>
      Math.floor(((from + i) * source.examples) / examples)
    )
    const read = await gathered(() => source.gather(indices, x, a))
    if (E.isLeft(read)) return read
    see(a, count)
  }
  return E.right(undefined)
}

/** The value that more than half of all have, if there is one (R. Boyer, J. Moore 1981), column by column. */
const majorityVote = (columns: number) => {
  const values = new Float32Array(columns)
  const leads = new Int32Array(columns)
  let exclusive = true
  return {
    values,
    exclusive: () => exclusive,
    see: (a: Float32Array, count: number): void => {
      for (let row = 0; row < count; row++) {
        let acting = 0
        for (let l = 0; l < columns; l++) {
          const value = a[row * columns + l]
          if (value === 1) acting++
          else if (value !== 0) exclusive = false
          if (leads[l] === 0) {
            values[l] = value
            leads[l] = 1
          } else leads[l] += value === values[l] ? 1 : -1
        }
        if (acting > 1) exclusive = false
      }
    }
  }
}

/**
 * How often each action of a source acts, judged on 65,536 examples at most. A column is priced as if it acted in 16
 * examples at least. undefined where every action always acts, as continuous ones do.
 */
export const occurrencesOf = async (
  source: ExampleSource
): Promise<E.Either<EstimatorError, Occurrences | undefined>> => {
  const { actions } = source
  if (actions === 0) return E.right(undefined)
  const examples = Math.min(MOST_EXAMPLES, source.examples)
  const vote = majorityVote(actions)
  const voted = await overActions(source, examples, vote.see)
  if (E.isLeft(voted)) return voted
  const resting = new Int32Array(actions)
  const seen = await overActions(source, examples, (a, count) => {
    for (let row = 0; row < count; row++) {
      for (let l = 0; l < actions; l++) if (a[row * actions + l] === vote.values[l]) resting[l]++
    }
  })
  if (E.isLeft(seen)) return seen
  const exclusive = actions > 1 && vote.exclusive()
  const shares = Float32Array.from(resting, (count) => {
    if (2 * count < examples) return 1
    return Math.max((examples - count) / examples, Math.min(1, LEAST_OCCURRENCES / source.examples))
  })
  return E.right(exclusive || shares.some((share) => share < 1) ? { shares, exclusive } : undefined)
}
