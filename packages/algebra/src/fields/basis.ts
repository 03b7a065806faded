/** A basis of fields that is orthonormal in the mean over points. */
import {
  type Cholesky,
  cholesky,
  type Dense,
  innerProducts,
  pivotedQr,
  qrRank,
  roundingLevel
} from '@mechid/numerics'
import * as E from 'fp-ts/lib/Either.js'
import type { FieldSpace } from '../dictionary/dictionary.js'
import {
  dictionaryMatrix,
  fieldsFromValues,
  fieldsOf,
  type VectorFields
} from '../dictionary/vector-fields.js'
import { degenerateSamples, type Result } from '../errors.js'

/** From so many functions on, their inner products are tried first. */
const LARGE = 32
/** Inner products tell columns this far apart with certainty. */
const APART = 1e-4

const clearlyIndependent = (matrix: Dense): boolean => {
  const gram = innerProducts(matrix, matrix)
  const n = gram.shape[0]
  const scales = Float64Array.from({ length: n }, (_, j) => 1 / Math.sqrt(gram.data[j * n + j]))
  for (let e = 0; e < n * n; e++) gram.data[e] *= scales[Math.floor(e / n)] * scales[e % n]
  return E.match(
    () => false,
    ({ least }: Cholesky) => least > APART
  )(cholesky('checkIndependent', gram))
}

/**
 * Whether the points tell all fields of the dictionary apart.
 *
 * Errors: `Degenerate`, as on points of one orbit.
 */
export const checkIndependent = (
  where: string,
  space: FieldSpace,
  values: Float64Array,
  rows: number
): Result<void> => {
  const n = space.functions.count
  const matrix: Dense = space.product
    ? { data: values, shape: [rows, n] }
    : dictionaryMatrix(space, values, rows)
  const functions = matrix.shape[1]
  if (functions >= LARGE && clearlyIndependent(matrix)) return E.right(undefined)
  const independent = qrRank(pivotedQr(matrix), roundingLevel(functions, functions))
  return independent === functions
    ? E.right(undefined)
    : E.left(degenerateSamples(where, independent, functions))
}

/** Coefficients smaller than this part of the largest are what is left of a field that projects to nothing. */
const NOTHING = 1e-8

/**
 * Fields X_k with E ⟨X_k, X_l⟩ = δ_kl over the points, that span what the columns of `theta` do; columns that
 * are combinations of others, as after a projection, drop out.
 */
export const orthonormalFields = (
  space: FieldSpace,
  theta: Dense,
  values: Float64Array,
  rows: number
): VectorFields => {
  const raw = fieldsOf(space, theta)
  const { latents: d, dimension } = raw
  if (dimension === 0) return raw
  const at = fieldsFromValues(raw, values, rows)
  const matrix: Dense = { data: new Float64Array(rows * d * dimension), shape: [rows * d, dimension] }
  for (let s = 0; s < rows; s++)
    for (let k = 0; k < dimension; k++)
      for (let i = 0; i < d; i++)
        matrix.data[(s * d + i) * dimension + k] = at[(s * dimension + k) * d + i] / Math.sqrt(rows)
  const qr = pivotedQr(matrix)
  const rank = qrRank(qr, NOTHING)
  const width = raw.coefficients.length / dimension
  const coefficients = new Float64Array(rank * width)
  // Row k of the new basis is Σ_l (R⁻¹)_lk times old row order[l]: forward over the rows.
  for (let k = 0; k < rank; k++) {
    const from = qr.order[k] * width
    for (let e = 0; e < width; e++) {
      let sum = raw.coefficients[from + e]
      for (let l = 0; l < k; l++) sum -= qr.r.data[l * dimension + k] * coefficients[l * width + e]
      coefficients[k * width + e] = sum / qr.r.data[k * dimension + k]
    }
  }
  return { ...raw, dimension: rank, coefficients }
}
