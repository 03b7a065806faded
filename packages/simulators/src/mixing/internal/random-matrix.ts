/** Random matrices, row-major. */
import { orthonormalRows, transposed } from '@mechid/numerics'
import type { Generator } from '@mechid/random'

/** Independent N(0, 1) entries. */
export const gaussianMatrix = (rows: number, columns: number, random: Generator): Float64Array => {
  const entries = new Float64Array(rows * columns)
  random.fillNormal(entries)
  return entries
}

/**
 * A [rows, columns] matrix with orthonormal columns (rows ≥ columns): Q of the QR decomposition of a Gaussian
 * matrix whose R has a positive diagonal, so that Q is uniform (F. Mezzadri, "How to generate random matrices
 * from the classical compact groups", 2007).
 */
export const semiOrthogonal = (rows: number, columns: number, random: Generator): Float64Array => {
  const gaussian = gaussianMatrix(rows, columns, random)
  return transposed(orthonormalRows(transposed({ data: gaussian, shape: [rows, columns] }))).data
}
