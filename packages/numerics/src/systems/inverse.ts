/** Inverses and determinants by Gauss–Jordan elimination with partial pivoting. */
import { type NotInvertible, notInvertible } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type Dense, zeros } from '../dense.js'

const swapRows = (m: Float64Array, n: number, a: number, b: number): void => {
  for (let j = 0; j < n; j++) {
    const kept = m[a * n + j]
    m[a * n + j] = m[b * n + j]
    m[b * n + j] = kept
  }
}

/** The largest entry of column k on or below the diagonal. */
const pivotRow = (m: Float64Array, n: number, k: number): number => {
  let best = k
  for (let i = k + 1; i < n; i++) if (Math.abs(m[i * n + k]) > Math.abs(m[best * n + k])) best = i
  return best
}

/**
 * A⁻¹ into `out` [n, n], for loops that must not allocate: `a` is spent. Answers log |det A|, as a sum, since a product
 * of many pivots may underflow; −∞ where a pivot is no larger than `least`, and then `out` is no inverse.
 */
export const invertInto = (a: Float64Array, n: number, out: Float64Array, least = 0): number => {
  let log = 0
  out.fill(0)
  for (let i = 0; i < n; i++) out[i * n + i] = 1
  for (let k = 0; k < n; k++) {
    const pivot = pivotRow(a, n, k)
    const p = a[pivot * n + k]
    if (!(Math.abs(p) > least)) return Number.NEGATIVE_INFINITY
    if (pivot !== k) {
      swapRows(a, n, k, pivot)
      swapRows(out, n, k, pivot)
    }
    log += Math.log(Math.abs(p))
    // What is left of column k is not read again.
    for (let j = k + 1; j < n; j++) a[k * n + j] /= p
    for (let j = 0; j < n; j++) out[k * n + j] /= p
    for (let i = 0; i < n; i++) {
      const w = a[i * n + k]
      if (i === k || w === 0) continue
      for (let j = k + 1; j < n; j++) a[i * n + j] -= w * a[k * n + j]
      for (let j = 0; j < n; j++) out[i * n + j] -= w * out[k * n + j]
    }
  }
  return log
}

/** Of the largest entry. */
const LEAST_PIVOT = 1e-13

/**
 * a⁻¹, n × n.
 *
 * Errors: `NotInvertible` where a pivot is no larger than `leastPivot` times the largest entry.
 *
 * @example
 * inverse('example', ofRows([[2, 0], [0, 4]])) // right: [[0.5, 0], [0, 0.25]]
 */
export const inverse = (
  where: string,
  a: Dense,
  leastPivot = LEAST_PIVOT
): E.Either<NotInvertible, Dense> => {
  const n = a.shape[0]
  let largest = 0
  for (const x of a.data) largest = Math.max(largest, Math.abs(x))
  const out = zeros(n, n)
  return n === 0 || invertInto(a.data.slice(), n, out.data, leastPivot * largest) > Number.NEGATIVE_INFINITY
    ? E.right(out)
    : E.left(notInvertible(where, 'the matrix', 'singular to rounding', 'an invertible one'))
}

/** log |det a|; −∞ where a is singular. A third of the work of an inverse. */
export const logAbsDeterminant = (a: Dense): number => {
  const n = a.shape[0]
  const m = a.data.slice()
  let log = 0
  for (let k = 0; k < n; k++) {
    const pivot = pivotRow(m, n, k)
    if (pivot !== k) swapRows(m, n, k, pivot)
    const p = m[k * n + k]
    if (p === 0) return Number.NEGATIVE_INFINITY
    log += Math.log(Math.abs(p))
    for (let i = k + 1; i < n; i++) {
      const w = m[i * n + k] / p
      if (w === 0) continue
      for (let j = k; j < n; j++) m[i * n + j] -= w * m[k * n + j]
    }
  }
  return log
}
