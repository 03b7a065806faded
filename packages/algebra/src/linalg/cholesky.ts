/** Cholesky factors of well-conditioned symmetric matrices, and solving with them. */
import { type Dense, transposed } from './dense.js'
import { subtractProduct } from './panel-products.js'

/** A = RᵀR with R upper triangular, and how well-conditioned that is. */
export interface Cholesky {
  readonly r: Dense
  /** The smallest r_kk, where A's diagonal is about 1: how far a column is from those before it. */
  readonly least: number
}

/** Rows that are eliminated at a time: the rest is products of panels. */
const BLOCK = 32

/** Subtracts R₀ᵀ Y₀ from rows `from` to `to` − 1 of Y, R₀ and Y₀ all rows before them; columns of Y from `at` on. */
const eliminate = (
  r: Float64Array,
  n: number,
  y: Float64Array,
  m: number,
  from: number,
  to: number,
  at: number
): void => {
  if (from === 0) return
  const left = { data: r, stride: n, at: from, columns: to - from }
  subtractProduct(y, from * m + at, left, { data: y, stride: m, at, columns: m - at }, from)
}

/** `undefined` where A is not positive definite. */
export const cholesky = (a: Dense): Cholesky | undefined => {
  const n = a.shape[0]
  const data = a.data.slice()
  let least = Number.POSITIVE_INFINITY
  for (let from = 0; from < n; from += BLOCK) {
    const to = Math.min(from + BLOCK, n)
    eliminate(data, n, data, n, from, to, from)
    for (let k = from; k < to; k++) {
      const pivot = data[k * n + k]
      if (!(pivot > 0)) return undefined
      const root = Math.sqrt(pivot)
      least = Math.min(least, root)
      data.fill(0, k * n, k * n + k)
      for (let j = k; j < n; j++) data[k * n + j] /= root
      for (let i = k + 1; i < to; i++) {
        const x = data[k * n + i]
        for (let j = i; j < n; j++) data[i * n + j] -= x * data[k * n + j]
      }
    }
  }
  return { r: { data, shape: [n, n] }, least }
}

/** R⁻ᵀ B, n × m. */
export const solveTransposed = ({ data: r, shape: [n] }: Dense, b: Dense): Dense => {
  const m = b.shape[1]
  const y = b.data.slice()
  for (let from = 0; from < n; from += BLOCK) {
    const to = Math.min(from + BLOCK, n)
    eliminate(r, n, y, m, from, to, 0)
    for (let k = from; k < to; k++) {
      for (let l = from; l < k; l++) {
        const x = r[l * n + k]
        for (let j = 0; j < m; j++) y[k * m + j] -= x * y[l * m + j]
      }
      const head = r[k * n + k]
      for (let j = 0; j < m; j++) y[k * m + j] /= head
    }
  }
  return { data: y, shape: b.shape }
}

/** R⁻¹ B, n × m. */
export const solveUpper = ({ data: r, shape: [n, stride] }: Dense, b: Dense): Dense => {
  const m = b.shape[1]
  const y = b.data.slice()
  const flipped = transposed({ data: r, shape: [n, stride] }).data
  for (let to = n; to > 0; to -= BLOCK) {
    const from = Math.max(0, to - BLOCK)
    if (to < n) {
      const left = { data: flipped.subarray(to * n), stride: n, at: from, columns: to - from }
      const right = { data: y.subarray(to * m), stride: m, at: 0, columns: m }
      subtractProduct(y, from * m, left, right, n - to)
    }
    for (let k = to - 1; k >= from; k--) {
      for (let l = k + 1; l < to; l++) {
        const x = r[k * n + l]
        for (let j = 0; j < m; j++) y[k * m + j] -= x * y[l * m + j]
      }
      const head = r[k * n + k]
      for (let j = 0; j < m; j++) y[k * m + j] /= head
    }
  }
  return { data: y, shape: b.shape }
}
