/** Shifts and scales features to mean 0 and standard deviation 1. */
import {
  checkStandardization,
  type InvalidOption,
  type ShapeMismatch,
  type Standardization
} from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { Frames } from './data-set.js'
import { type Accumulate, linePasses } from './lines.js'

/** A mean from the sum over `lines` lines, column by column. */
export const divided = (sums: Float64Array, lines: number): Float64Array => sums.map((sum) => sum / lines)

/** From the mean and the variance of each column. */
export const fromMoments = (mean: Float64Array, variance: Float64Array): Standardization => ({
  mean: Array.from(mean),
  scale: Array.from(variance, Math.sqrt)
})

/** The standardization that changes nothing. */
export const unchanged = (width: number): Standardization => ({
  mean: new Array<number>(width).fill(0),
  scale: new Array<number>(width).fill(1)
})

/**
 * Mean and standard deviation of each feature, over all rows or over `rows`. Take those of the training set, so that test
 * data stay unseen.
 */
export const standardizationOf = ({ data, shape }: Frames, rows?: ArrayLike<number>): Standardization => {
  const width = shape[shape.length - 1]
  const size = data.length / shape[0]
  const lines = ((rows?.length ?? shape[0]) * size) / width
  const average = (accumulate: Accumulate): Float64Array => {
    const sums = new Float64Array(width)
    if (rows === undefined) accumulate(data, 0, data.length, sums)
    else for (let r = 0; r < rows.length; r++) accumulate(data, rows[r] * size, (rows[r] + 1) * size, sums)
    return divided(sums, lines)
  }
  const { addSums, addSquares } = linePasses()
  const mean = average(addSums)
  return fromMoments(mean, average(addSquares(mean)))
}

/** (x − mean) / scale, in place, by a standardization of as many columns. Where the scale is 0, x − mean. */
export const standardizeInPlace = (data: Float32Array, { mean, scale }: Standardization): void => {
  const width = mean.length
  for (let at = 0; at < data.length; at += width) {
    for (let j = 0; j < width; j++) data[at + j] = (data[at + j] - mean[j]) / (scale[j] || 1)
  }
}

/**
 * (x − mean) / scale, as a new array. Where the scale is 0, x − mean.
 *
 * Errors: `ShapeMismatch` for a standardization of another number of features; `InvalidOption` for one with entries that are
 * no means or scales.
 */
export const standardize = (
  { data, shape }: Frames,
  standardization: Standardization
): E.Either<ShapeMismatch | InvalidOption, Frames> =>
  E.map((checked: Standardization): Frames => {
    const out = data.slice()
    standardizeInPlace(out, checked)
    return { data: out, shape }
  })(checkStandardization('standardize', standardization, shape[shape.length - 1]))
