/** Linear systems, inverses and the matrix exponential. */
import { combine, type Dense, frobenius, identityMatrix, multiply, scaled } from './dense.js'

const swapRows = (m: Dense, a: number, b: number): void => {
  const columns = m.shape[1]
  for (let j = 0; j < columns; j++) {
    const held = m.data[a * columns + j]
    m.data[a * columns + j] = m.data[b * columns + j]
    m.data[b * columns + j] = held
  }
}

const subtractRow = (m: Dense, from: number, factor: number, to: number): void => {
  const columns = m.shape[1]
  for (let j = 0; j < columns; j++) m.data[to * columns + j] -= factor * m.data[from * columns + j]
}

/** a⁻¹ b by Gauss–Jordan elimination with partial pivoting; infinite entries where a is singular. */
export const solve = (a: Dense, b: Dense): Dense => {
  const n = a.shape[0]
  const left: Dense = { data: a.data.slice(), shape: a.shape }
  const right: Dense = { data: b.data.slice(), shape: b.shape }
  for (let k = 0; k < n; k++) {
    let pivot = k
    for (let i = k + 1; i < n; i++)
      if (Math.abs(left.data[i * n + k]) > Math.abs(left.data[pivot * n + k])) pivot = i
    swapRows(left, k, pivot)
    swapRows(right, k, pivot)
    for (let i = 0; i < n; i++) {
      if (i === k) continue
      const factor = left.data[i * n + k] / left.data[k * n + k]
      if (factor === 0) continue
      subtractRow(left, k, factor, i)
      subtractRow(right, k, factor, i)
    }
  }
  const columns = b.shape[1]
  for (let i = 0; i < n; i++)
    for (let j = 0; j < columns; j++) right.data[i * columns + j] /= left.data[i * n + i]
  return right
}

/** a⁻¹; entries are not finite where a is singular. */
export const inverseMatrix = (a: Dense): Dense => solve(a, identityMatrix(a.shape[0]))

/** Terms of the series after halving to norm 1/2: the next one is below 2⁻⁵³. */
const TERMS = 14

/**
 * exp(a) by scaling and squaring of the Taylor series.
 *
 * @example
 * matrixExponential(ofRows([[0, -1], [1, 0]])) // rotation by 1
 */
export const matrixExponential = (a: Dense): Dense => {
  const halvings = Math.max(0, Math.ceil(Math.log2(Math.max(frobenius(a), 1e-300))) + 1)
  const small = scaled(2 ** -halvings, a)
  let power = identityMatrix(a.shape[0])
  let sum = power
  for (let k = 1; k <= TERMS; k++) {
    power = scaled(1 / k, multiply(power, small))
    sum = combine(1, sum, 1, power)
  }
  for (let k = 0; k < halvings; k++) sum = multiply(sum, sum)
  return sum
}
