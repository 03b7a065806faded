/** Least squares on correlations, with a stated rank decision. */
import { symmetricEigen } from '@mechid/numerics'

/**
 * Eigenvalues of a correlation matrix below this share of the greatest count as 0: collinear or constant
 * columns then share their weight instead of blowing up.
 */
const RANK_TOLERANCE = 1e-12

/** The Moore–Penrose inverse of a symmetric positive semidefinite matrix [k, k], row-major. */
export const pseudoInverse = (symmetric: Float64Array, k: number): Float64Array => {
  const { values, vectors } = symmetricEigen({ data: symmetric, shape: [k, k] })
  const cut = RANK_TOLERANCE * Math.max(...values, 0)
  const inverse = new Float64Array(k * k)
  for (let e = 0; e < k; e++) {
    if (values[e] <= cut) continue
    for (let i = 0; i < k; i++) {
      const scaled = vectors.data[i * k + e] / values[e]
      for (let j = 0; j < k; j++) inverse[i * k + j] += scaled * vectors.data[j * k + e]
    }
  }
  return inverse
}

/** The submatrix of rows and columns `kept`. */
export const submatrix = (matrix: Float64Array, size: number, kept: ReadonlyArray<number>): Float64Array => {
  const out = new Float64Array(kept.length ** 2)
  kept.forEach((i, p) => {
    kept.forEach((j, q) => {
      out[p * kept.length + q] = matrix[i * size + j]
    })
  })
  return out
}

/** Standardized coefficients β = R⁺ c, and the R² that they reach in-sample: cᵀ R⁺ c. */
export const standardizedFit = (
  learned: Float64Array,
  size: number,
  kept: ReadonlyArray<number>,
  correlation: (j: number) => number
): { readonly coefficients: Float64Array; readonly rSquared: number } => {
  const inverse = pseudoInverse(submatrix(learned, size, kept), kept.length)
  const coefficients = new Float64Array(kept.length)
  let rSquared = 0
  kept.forEach((i, p) => {
    kept.forEach((j, q) => {
      coefficients[p] += inverse[p * kept.length + q] * correlation(j)
    })
    rSquared += coefficients[p] * correlation(i)
  })
  return { coefficients, rSquared }
}
