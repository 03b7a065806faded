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
import { evaluateFields, fieldsOf, type VectorFields } from '../dictionary/vector-fields.js'
import { degenerateSamples, type Result } from '../errors.js'
import { columnNorms } from './cancellation.js'
import { dictionaryMatrixIn, measuredIn } from './measured.js'

/** From so many functions on, their inner products are tried first. */
const LARGE = 32
/** Inner products tell columns this far apart with certainty. */
const APART = 1e-4

/** Columns to norm 1: what functions are measured in says nothing. */
const unitColumns = (matrix: Dense): Dense => {
  const norms = columnNorms([matrix])
  const columns = matrix.shape[1]
  return { data: matrix.data.map((x, e) => (x === 0 ? 0 : x / norms[e % columns])), shape: matrix.shape }
}

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
  rows: number,
  units: Float64Array
): Result<void> => {
  const n = space.functions.count
  const matrix = unitColumns(
    space.product ? { data: values, shape: [rows, n] } : dictionaryMatrixIn(units, space, values, rows)
  )
  const functions = matrix.shape[1]
  if (functions >= LARGE && clearlyIndependent(matrix)) return E.right(undefined)
  const independent = qrRank(pivotedQr(matrix), roundingLevel(functions, functions))
  return independent === functions
    ? E.right(undefined)
    : E.left(degenerateSamples(where, independent, functions))
}

/** What is left of a field that is a combination of others. */
const NOTHING = 1e-12

/**
 * Fields X_k with E Σ_i X_k,i X_l,i / unit_i² = δ_kl over points of the region, that span what the columns of
 * `theta` do; columns that are combinations of others drop out.
 */
export const orthonormalFields = (
  space: FieldSpace,
  theta: Dense,
  points: Float64Array,
  units: Float64Array
): VectorFields => {
  const raw = fieldsOf(space, theta)
  const { latents: d, dimension } = raw
  if (dimension === 0) return raw
  const rows = points.length / d
  const at = measuredIn(units, evaluateFields(raw, points))
  const matrix: Dense = { data: new Float64Array(rows * d * dimension), shape: [rows * d, dimension] }
  for (let s = 0; s < rows; s++)
    for (let k = 0; k < dimension; k++)
      for (let i = 0; i < d; i++)
        matrix.data[(s * d + i) * dimension + k] = at[(s * dimension + k) * d + i] / Math.sqrt(rows)
  const norms = columnNorms([matrix]).map((x) => (x > 0 ? x : 1))
  for (let e = 0; e < matrix.data.length; e++) matrix.data[e] /= norms[e % dimension]
  for (let e = 0; e < raw.coefficients.length; e++)
    raw.coefficients[e] /= norms[Math.floor(e / (raw.coefficients.length / dimension))]
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
