/** Least squares on correlations, with a stated rank decision. */
import { symmetricEigen } from '@mechid/numerics'

/**
 * Eigenvalues of a correlation matrix below this share of the greatest count as 0 by default. Collinear columns then
 * share their weight instead of getting huge ones.
 */
const RANK_TOLERANCE = 1e-12

/** The Moore–Penrose inverse of a symmetric positive semidefinite matrix. */
export interface PseudoInverse {
  /** [k, k], row-major. */
  readonly inverse: Float64Array
  /** Eigenvalues that do not count as 0. */
  readonly rank: number
  readonly greatest: number
  /** Eigenvectors of the others. */
  readonly nullVectors: ReadonlyArray<Float64Array>
}

/** The inverse of [k, k], row-major; eigenvalues below `tolerance` of the greatest count as 0. */
export const pseudoInverse = (
  symmetric: Float64Array,
  k: number,
  tolerance = RANK_TOLERANCE
): PseudoInverse => {
  const { values, vectors } = symmetricEigen({ data: symmetric, shape: [k, k] })
  const greatest = Math.max(...values, 0)
  const inverse = new Float64Array(k * k)
  const nullVectors: Float64Array[] = []
  for (let e = 0; e < k; e++) {
    if (values[e] <= tolerance * greatest) {
      nullVectors.push(Float64Array.from({ length: k }, (_, i) => vectors.data[i * k + e]))
      continue
    }
    for (let i = 0; i < k; i++) {
      const scaled = vectors.data[i * k + e] / values[e]
      for (let j = 0; j < k; j++) inverse[i * k + j] += scaled * vectors.data[j * k + e]
    }
  }
  return { inverse, rank: k - nullVectors.length, greatest, nullVectors }
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

/** A regression of standardized columns. */
export interface StandardizedFit {
  /** One an input. */
  readonly coefficients: Float64Array
  /** In-sample. */
  readonly rSquared: number
  /** Directions of the inputs that were used. */
  readonly rank: number
}

/** β = R⁺ c for correlations c with the inputs, and the R² that it reaches: cᵀ R⁺ c. */
export const fitByInverse = (
  { inverse, rank }: PseudoInverse,
  correlations: ArrayLike<number>
): StandardizedFit => {
  const k = correlations.length
  const coefficients = new Float64Array(k)
  let rSquared = 0
  for (let p = 0; p < k; p++) {
    for (let q = 0; q < k; q++) coefficients[p] += inverse[p * k + q] * correlations[q]
    rSquared += coefficients[p] * correlations[p]
  }
  return { coefficients, rSquared, rank }
}
