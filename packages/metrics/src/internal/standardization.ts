/** Columns of mean 0 and variance 1. */

import type { Samples, Standardization } from '@mechid/values'
import { isConstant } from './covariance.js'

/** Means and standard deviations; columns that do not vary but for rounding get scale 0. */
export const standardizationOf = ({ data, shape }: Samples): Standardization => {
  const [rows, columns] = shape
  const mean = new Float64Array(columns)
  const squares = new Float64Array(columns)
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++) mean[j] += data[at++]
  for (let j = 0; j < columns; j++) mean[j] /= rows
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) squares[j] += (data[at++] - mean[j]) ** 2
  }
  const scale = Array.from(squares, (sum, j) => (isConstant(sum, mean[j], rows) ? 0 : Math.sqrt(sum / rows)))
  return { mean: Array.from(mean), scale }
}

/** Rows of mean 0 and variance 1, by the given standardization. */
export const standardize = (
  { data, shape }: Samples,
  { mean, scale }: Standardization
): Samples<Float64Array> => {
  const [rows, columns] = shape
  const out = new Float64Array(rows * columns)
  // A column that did not vary where the standardization was taken is left out: it tells nothing.
  const factors = scale.map((deviation) => (deviation === 0 ? 0 : 1 / deviation))
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, at++) out[at] = (data[at] - mean[j]) * factors[j]
  }
  return { data: out, shape }
}
