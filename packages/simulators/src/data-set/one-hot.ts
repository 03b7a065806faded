/** Discrete actions as columns of 0 and 1. */
import { entryPlace } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type InvalidAction, invalidAction } from '../errors.js'
import type { Frames } from './data-set.js'

const MOST_VALUES = 1000

/** How many values each column takes, at the beginning: every choice has two. */
export const fewestValues = (width: number): number[] => new Array<number>(width).fill(2)

/** Raises `values` to what the lines in `data` need, the numbers from `first` on of an array of shape `shape`. */
export const noteValues = (
  where: string,
  data: Float32Array,
  first: number,
  shape: readonly number[],
  values: number[]
): InvalidAction | undefined => {
  const width = values.length
  for (let at = 0; at < data.length; at++) {
    const value = data[at]
    if (!Number.isInteger(value) || value < 0 || value >= MOST_VALUES) {
      const expected = `an integer of 0 to ${MOST_VALUES - 1}`
      return invalidAction(where, entryPlace(shape, first + at), value, expected)
    }
    const column = at % width
    values[column] = Math.max(values[column], value + 1)
  }
  return undefined
}

/** Columns that the choices take together. */
export const columnCount = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0)

/** Writes each line of `data` into `out` with a 1 in the column of each value taken. */
export const expandValues = (data: Float32Array, values: readonly number[], out: Float32Array): void => {
  const width = values.length
  const total = columnCount(values)
  out.fill(0)
  for (let j = 0, start = 0; j < width; start += values[j], j++) {
    for (let at = j, to = start; at < data.length; at += width, to += total) out[to + data[at]] = 1
  }
}

/**
 * Discrete actions as one column of 0 and 1 for each value. Each column of `a` holds integers from 0; values are those up to
 * the largest one, at least two. `where` names the source in errors.
 */
export const oneHot = (a: Frames, where: string): E.Either<InvalidAction, Frames> => {
  const width = a.shape[a.shape.length - 1]
  const values = fewestValues(width)
  const wrong = noteValues(where, a.data, 0, a.shape, values)
  if (wrong !== undefined) return E.left(wrong)
  const total = columnCount(values)
  const data = new Float32Array((a.data.length / width) * total)
  expandValues(a.data, values, data)
  return E.right({ data, shape: [...a.shape.slice(0, -1), total] })
}
