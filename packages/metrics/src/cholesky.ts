/** Positive definite linear systems. */

/** A pivot below this share of its diagonal entry is rounding; it is raised to that. */
const LEAST_PIVOT = 1e-14

/**
 * Solves (A + shift · I) X = B for symmetric positive semidefinite A [r, r] and shift > 0, B [r, c], all row-major,
 * by Cholesky's factorization: r³/3 + 2 r² c flops. Only A's upper triangle is read.
 */
export const solveShifted = (
  a: Float64Array,
  r: number,
  shift: number,
  b: Float64Array,
  c: number
): Float64Array => {
  const l = new Float64Array(r * r)
  for (let i = 0; i < r; i++) {
    for (let j = 0; j <= i; j++) {
      const diagonal = a[j * r + i] + (i === j ? shift : 0)
      let sum = diagonal
      for (let k = 0; k < j; k++) sum -= l[i * r + k] * l[j * r + k]
      l[i * r + j] = i === j ? Math.sqrt(Math.max(sum, LEAST_PIVOT * diagonal)) : sum / l[j * r + j]
    }
  }
  const x = Float64Array.from(b)
  for (let q = 0; q < c; q++) {
    for (let i = 0; i < r; i++) {
      let sum = x[i * c + q]
      for (let k = 0; k < i; k++) sum -= l[i * r + k] * x[k * c + q]
      x[i * c + q] = sum / l[i * r + i]
    }
    for (let i = r - 1; i >= 0; i--) {
      let sum = x[i * c + q]
      for (let k = i + 1; k < r; k++) sum -= l[k * r + i] * x[k * c + q]
      x[i * c + q] = sum / l[i * r + i]
    }
  }
  return x
}
