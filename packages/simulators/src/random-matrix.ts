/** Random matrices, row-major. */
import type { Generator } from '@mechid/random'
import { Matrix, QrDecomposition } from 'ml-matrix'

/** Independent N(0, 1) entries. */
export const gaussianMatrix = (rows: number, columns: number, random: Generator): Float64Array => {
  const entries = new Float64Array(rows * columns)
  random.fillNormal(entries)
  return entries
}

/**
 * A [rows, columns] matrix with orthonormal columns (rows ≥ columns): Q of the QR decomposition of a Gaussian
 * matrix, with R's diagonal made positive so that Q is uniform (F. Mezzadri, "How to generate random matrices
 * from the classical compact groups", 2007).
 */
export const semiOrthogonal = (rows: number, columns: number, random: Generator): Float64Array => {
  const gaussian = Matrix.from1DArray(rows, columns, Array.from(gaussianMatrix(rows, columns, random)))
  const qr = new QrDecomposition(gaussian)
  const [q, r] = [qr.orthogonalMatrix, qr.upperTriangularMatrix]
  const entries = new Float64Array(rows * columns)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) entries[i * columns + j] = r.get(j, j) < 0 ? -q.get(i, j) : q.get(i, j)
  }
  return entries
}
