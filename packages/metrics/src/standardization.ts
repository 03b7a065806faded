/** Columns of mean 0 and variance 1. */
import { isConstant } from './covariance.js'
import type { Samples } from './samples.js'

/** How columns are brought to mean 0 and variance 1; a constant column gets scale 0, which takes it out. */
export interface Standardization {
  readonly mean: Float64Array
  readonly scale: Float64Array
}

export const standardizationOf = ({ data, shape }: Samples): Standardization => {
  const [rows, columns] = shape
  const mean = new Float64Array(columns)
  const squares = new Float64Array(columns)
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++) mean[j] += data[at++]
  for (let j = 0; j < columns; j++) mean[j] /= rows
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) squares[j] += (data[at++] - mean[j]) ** 2
  }
  const scale = squares.map((sum, j) => (isConstant(sum, mean[j], rows) ? 0 : Math.sqrt(rows / sum)))
  return { mean, scale }
}

/** Samples in double precision. */
export interface StandardizedSamples extends Samples {
  readonly data: Float64Array
}

/** Rows of mean 0 and variance 1, by the given standardization. */
export const standardize = (
  { data, shape }: Samples,
  { mean, scale }: Standardization
): StandardizedSamples => {
  const [rows, columns] = shape
  const out = new Float64Array(rows * columns)
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, at++) out[at] = (data[at] - mean[j]) * scale[j]
  }
  return { data: out, shape }
}
