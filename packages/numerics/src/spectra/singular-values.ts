/** Singular values and right singular vectors of matrices of any shape. */
import { Matrix, SVD } from 'ml-matrix'
import type { Dense } from '../dense.js'
import { pivotedQr } from '../factors/householder.js'

/** Σ and V of a = U Σ Vᵀ. */
export interface RightSvd {
  /** Descending, one a column. */
  readonly values: Float64Array
  /** columns × columns; column k belongs to value k. */
  readonly vectors: Dense
}

/** The R of a pivoted QR with its columns put back, padded with zero rows to a square. */
const squareCore = (a: Dense): Matrix => {
  const n = a.shape[1]
  const core = Matrix.zeros(n, n)
  const { r, order } = pivotedQr(a)
  for (let i = 0; i < r.shape[0]; i++) for (let k = i; k < n; k++) core.set(i, order[k], r.data[i * n + k])
  return core
}

const descending = (values: ArrayLike<number>): number[] =>
  Array.from({ length: values.length }, (_, k) => k).sort((k, l) => values[l] - values[k])

/** Whether no two columns have an entry in one row: they are then orthogonal as they stand. */
export const areColumnsApart = ({ data, shape: [rows, columns] }: Dense): boolean => {
  for (let i = 0; i < rows; i++) {
    let entries = 0
    for (let j = 0; j < columns; j++) if (data[i * columns + j] !== 0) entries++
    if (entries > 1) return false
  }
  return true
}

const columnNorms = ({ data, shape: [rows, columns] }: Dense): number[] =>
  Array.from({ length: columns }, (_, j) => {
    let sum = 0
    for (let i = 0; i < rows; i++) sum += data[i * columns + j] ** 2
    return Math.sqrt(sum)
  })

const svdOfApart = (a: Dense): RightSvd => {
  const n = a.shape[1]
  const norms = columnNorms(a)
  const order = descending(norms)
  const data = new Float64Array(n * n)
  order.forEach((j, k) => {
    data[j * n + k] = 1
  })
  return { values: Float64Array.from(order, (j) => norms[j]), vectors: { data, shape: [n, n] } }
}

/**
 * The SVD of the square core: ml-matrix 6.15 gives wrong null spaces of wide matrices, and is slow on tall ones;
 * a QR before it changes neither the singular values nor the right singular vectors.
 */
export const rightSvd = (a: Dense): RightSvd => {
  const n = a.shape[1]
  if (n === 0) return { values: new Float64Array(0), vectors: a }
  if (areColumnsApart(a)) return svdOfApart(a)
  const svd = new SVD(squareCore(a), { computeLeftSingularVectors: false })
  const order = descending(svd.diagonal)
  const v = svd.rightSingularVectors
  const data = new Float64Array(n * n)
  for (let i = 0; i < n; i++) for (let k = 0; k < n; k++) data[i * n + k] = v.get(i, order[k])
  return { values: Float64Array.from(order, (k) => svd.diagonal[k]), vectors: { data, shape: [n, n] } }
}

/** Singular values alone: descending, one a column. */
export const singularValues = (a: Dense): Float64Array =>
  a.shape[1] === 0
    ? new Float64Array(0)
    : Float64Array.from(
        new SVD(squareCore(a), { computeLeftSingularVectors: false, computeRightSingularVectors: false })
          .diagonal
      )
        .sort()
        .reverse()

/**
 * The orthogonal Q [n, n] with the greatest tr(Qᵀ a), which is also the one nearest to a (P. Schönemann 1966): U Vᵀ of
 * the singular value decomposition of a square matrix. Not unique where a is singular.
 *
 * @example
 * polarFactor(ofRows([[0, -3], [2, 0]])) // [[0, −1], [1, 0]]
 */
export const polarFactor = (a: Dense): Dense => {
  const svd = new SVD(Matrix.from1DArray(...a.shape, a.data))
  const q = svd.leftSingularVectors.mmul(svd.rightSingularVectors.transpose())
  return { data: Float64Array.from(q.to1DArray()), shape: a.shape }
}

/** σ_min / σ_max; 0 for the zero matrix. */
export const invertibility = (a: Dense): number => {
  const values = singularValues(a)
  return values[0] > 0 ? values[values.length - 1] / values[0] : 0
}
