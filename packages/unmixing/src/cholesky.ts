/** Cholesky factors of symmetric positive definite matrices, row-major, and what is solved with them. */

/** A lower triangular factor L of G = L Lᵀ, which may grow by rows and columns at its end. */
export interface Factor {
  /** Rows of `rows[i]` up to the diagonal. */
  readonly rows: Float64Array[]
}

/**
 * Appends the rows of G from `factor.rows.length` on: `row(i)` gives row i up to its diagonal. A pivot that rounding has
 * made smaller than `least` counts as `least`.
 */
export const extend = (
  factor: Factor,
  count: number,
  row: (i: number) => ArrayLike<number>,
  least = 1e-300
): void => {
  const { rows } = factor
  for (let added = 0; added < count; added++) {
    const i = rows.length
    const given = row(i)
    const out = new Float64Array(i + 1)
    for (let j = 0; j < i; j++) {
      const other = rows[j]
      let sum = given[j]
      for (let k = 0; k < j; k++) sum -= out[k] * other[k]
      out[j] = sum / other[j]
    }
    let pivot = given[i]
    for (let k = 0; k < i; k++) pivot -= out[k] * out[k]
    out[i] = Math.sqrt(Math.max(pivot, least))
    rows.push(out)
  }
}

/** The factor of `g` [n, n]. */
export const cholesky = (g: ArrayLike<number>, n: number): Factor => {
  const factor: Factor = { rows: [] }
  extend(factor, n, (i) => Array.from({ length: i + 1 }, (_, j) => g[i * n + j]))
  return factor
}

/** L⁻¹ B in place, B [n, columns] row-major. */
export const forward = ({ rows }: Factor, b: Float64Array, columns: number): Float64Array => {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    for (let k = 0; k < i; k++) {
      const weight = row[k]
      if (weight === 0) continue
      for (let c = 0; c < columns; c++) b[i * columns + c] -= weight * b[k * columns + c]
    }
    for (let c = 0; c < columns; c++) b[i * columns + c] /= row[i]
  }
  return b
}

/** L⁻ᵀ B in place. */
export const backward = ({ rows }: Factor, b: Float64Array, columns: number): Float64Array => {
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i]
    for (let c = 0; c < columns; c++) b[i * columns + c] /= row[i]
    for (let k = 0; k < i; k++) {
      const weight = row[k]
      if (weight === 0) continue
      for (let c = 0; c < columns; c++) b[k * columns + c] -= weight * b[i * columns + c]
    }
  }
  return b
}

/** G⁻¹ B, as a new array. */
export const solve = (factor: Factor, b: Float64Array, columns: number): Float64Array =>
  backward(factor, forward(factor, b.slice(), columns), columns)

/** ½ log det G. */
export const halfLogDet = ({ rows }: Factor): number =>
  rows.reduce((sum, row, i) => sum + Math.log(row[i]), 0)
