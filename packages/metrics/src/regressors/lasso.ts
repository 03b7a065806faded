/** The lasso on correlations, by coordinate descent. */

/** A sweep that moves no coefficient further than this has converged; standardized coefficients are about 1. */
const CONVERGED = 1e-10

/** Collinear columns converge slowly; by then the objective is flat and any of its minima will do. */
const MOST_SWEEPS = 5000

/**
 * The minimum over β of ½βᵀRβ − cᵀβ + λ‖β‖₁ for correlations R [k, k] among inputs and c [k] with the target: the
 * lasso (R. Tibshirani 1996) of standardized columns, (1/2n)‖y − Xβ‖² + λ‖β‖₁, by cyclic coordinate descent
 * (J. Friedman et al., JSS 2010). λ ≥ max |c_j| gives 0. k² flops a sweep, whatever the rows.
 */
export const lassoOnCorrelations = (
  inputs: Float64Array,
  k: number,
  target: ArrayLike<number>,
  lambda: number
): Float64Array => {
  const coefficients = new Float64Array(k)
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let moved = 0
    for (let j = 0; j < k; j++) {
      const curvature = inputs[j * k + j]
      // A constant column has correlation 0 even with itself.
      if (curvature === 0) continue
      let rest = target[j]
      for (let i = 0; i < k; i++) if (i !== j) rest -= inputs[j * k + i] * coefficients[i]
      const next = (Math.sign(rest) * Math.max(0, Math.abs(rest) - lambda)) / curvature
      moved = Math.max(moved, Math.abs(next - coefficients[j]))
      coefficients[j] = next
    }
    if (moved <= CONVERGED) break
  }
  return coefficients
}
