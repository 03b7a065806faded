/** Principal components of unit variance. */
import { type Dense, symmetricEigen, zeros } from '@mechid/numerics'
import { type Degenerate, degenerate, type Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'

/** Rows x ↦ `whitening` (x − mean): uncorrelated, of variance 1. */
export interface Whitening {
  readonly mean: Float64Array
  /** [d, features] */
  readonly whitening: Dense
  /** The rows given, whitened: [d, n], a component a row. */
  readonly white: Dense
}

/** Variances below this share of the greatest count as none: squared rounding errors of single precision. */
const LEAST_SHARE = 1e-12

const BLOCK = 256

const columnMeans = ({ data, shape: [rows, columns] }: Samples): Float64Array => {
  const mean = new Float64Array(columns)
  for (let r = 0; r < rows; r++) for (let j = 0; j < columns; j++) mean[j] += data[r * columns + j]
  for (let j = 0; j < columns; j++) mean[j] /= rows
  return mean
}

/** Centred rows `from` to `from + count` − 1, a feature after the other, each `BLOCK` long. */
const centredBlock = (
  { data, shape: [, columns] }: Samples,
  mean: Float64Array,
  from: number,
  count: number,
  out: Float64Array
): void => {
  for (let r = 0; r < count; r++) {
    const row = (from + r) * columns
    for (let j = 0; j < columns; j++) out[j * BLOCK + r] = data[row + j] - mean[j]
  }
}

/** Covariances, divided by the number of rows. */
const covariance = (x: Samples, mean: Float64Array): Dense => {
  const [rows, columns] = x.shape
  const out = zeros(columns, columns)
  const block = new Float64Array(columns * BLOCK)
  for (let from = 0; from < rows; from += BLOCK) {
    const count = Math.min(BLOCK, rows - from)
    centredBlock(x, mean, from, count, block)
    for (let i = 0; i < columns; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0
        for (let r = 0; r < count; r++) sum += block[i * BLOCK + r] * block[j * BLOCK + r]
        out.data[i * columns + j] += sum / rows
      }
    }
  }
  for (let i = 0; i < columns; i++)
    for (let j = 0; j < i; j++) out.data[j * columns + i] = out.data[i * columns + j]
  return out
}

const whitened = (x: Samples, mean: Float64Array, whitening: Dense): Dense => {
  const [rows, columns] = x.shape
  const [d] = whitening.shape
  const white = zeros(d, rows)
  const block = new Float64Array(columns * BLOCK)
  for (let from = 0; from < rows; from += BLOCK) {
    const count = Math.min(BLOCK, rows - from)
    centredBlock(x, mean, from, count, block)
    for (let i = 0; i < d; i++) {
      const to = i * rows + from
      for (let j = 0; j < columns; j++) {
        const weight = whitening.data[i * columns + j]
        for (let r = 0; r < count; r++) white.data[to + r] += weight * block[j * BLOCK + r]
      }
    }
  }
  return white
}

/** Whitens rows by their `d` greatest principal components. Error: `Degenerate` where they vary in fewer directions. */
export const whiten = (where: string, x: Samples, d: number): E.Either<Degenerate, Whitening> => {
  const columns = x.shape[1]
  const mean = columnMeans(x)
  const { values, vectors } = symmetricEigen(covariance(x, mean))
  const greatest = values[columns - 1]
  const directions = values.filter((value) => value > LEAST_SHARE * greatest && value > 0).length
  if (directions < d) {
    return E.left(
      degenerate(where, 'the number of directions in which rows vary', directions, `${d} or more`)
    )
  }
  const whitening = zeros(d, columns)
  for (let i = 0; i < d; i++) {
    // Eigenvalues ascend.
    const k = columns - 1 - i
    const scale = 1 / Math.sqrt(values[k])
    for (let j = 0; j < columns; j++) whitening.data[i * columns + j] = scale * vectors.data[j * columns + k]
  }
  return E.right({ mean, whitening, white: whitened(x, mean, whitening) })
}
