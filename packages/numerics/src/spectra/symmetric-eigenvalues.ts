/** Eigenvalues of symmetric matrices, without vectors: tridiagonal form by reflections, then implicit QL steps. */
import type { Dense } from '../dense.js'
import { type RowPairs, rowPairs } from './row-pairs.js'

interface Tridiagonal {
  readonly diagonal: Float64Array
  /** Entry k stands between k and k + 1; the last is 0. */
  readonly beside: Float64Array
}

/** p = A v for the leading m × m block, of which the lower triangle counts. */
const timesBlock = (pairs: RowPairs, n: number, m: number): void => {
  const { a, v, p } = pairs
  p.fill(0, 0, m)
  pairs.times(m >> 1)
  for (let i = 0; i + 1 < m; i += 2) {
    const at = i * n + i
    p[i] += a[at] * v[i] + a[at + n] * v[i + 1]
    p[i + 1] += a[at + n] * v[i] + a[at + n + 1] * v[i + 1]
  }
  if ((m & 1) === 0) return
  const last = m - 1
  let sum = a[last * n + last] * v[last]
  for (let j = 0; j < last; j++) {
    sum += a[last * n + j] * v[j]
    p[j] += a[last * n + j] * v[last]
  }
  p[last] += sum
}

/** A − v pᵀ − p vᵀ on the lower triangle of the leading m × m block. */
const updateBlock = (pairs: RowPairs, n: number, m: number): void => {
  const { a, v, p } = pairs
  pairs.update(m >> 1)
  for (let i = 0; i + 1 < m; i += 2) {
    const at = i * n + i
    a[at] -= 2 * v[i] * p[i]
    a[at + n] -= v[i + 1] * p[i] + p[i + 1] * v[i]
    a[at + n + 1] -= 2 * v[i + 1] * p[i + 1]
  }
  if ((m & 1) === 0) return
  const last = m - 1
  for (let j = 0; j <= last; j++) a[last * n + j] -= v[last] * p[j] + p[last] * v[j]
}

/** Reflects row k of the lower triangle onto its last entry; the leading block follows. */
const reflectRow = (pairs: RowPairs, n: number, k: number): number => {
  const { a, v, p } = pairs
  const at = k * n
  let square = 0
  for (let j = 0; j < k; j++) square += a[at + j] * a[at + j]
  const norm = Math.sqrt(square)
  if (norm === 0) return 0
  const last = a[at + k - 1]
  const entry = last > 0 ? -norm : norm
  for (let j = 0; j < k; j++) v[j] = a[at + j]
  v[k - 1] -= entry
  const half = entry * (entry - last)
  timesBlock(pairs, n, k)
  let dot = 0
  for (let j = 0; j < k; j++) {
    p[j] /= half
    dot += p[j] * v[j]
  }
  const share = dot / (2 * half)
  for (let j = 0; j < k; j++) p[j] -= share * v[j]
  updateBlock(pairs, n, k)
  return entry
}

const tridiagonal = (matrix: Dense): Tridiagonal => {
  const n = matrix.shape[0]
  const pairs = rowPairs(n)
  pairs.a.set(matrix.data)
  const beside = new Float64Array(n)
  for (let k = n - 1; k > 1; k--) beside[k - 1] = reflectRow(pairs, n, k)
  if (n > 1) beside[0] = pairs.a[n]
  return { diagonal: Float64Array.from({ length: n }, (_, i) => pairs.a[i * n + i]), beside }
}

/** The first place from l on where the matrix falls apart. */
const split = (d: Float64Array, e: Float64Array, l: number): number => {
  let m = l
  while (m < d.length - 1 && Math.abs(e[m]) > 2 ** -53 * (Math.abs(d[m]) + Math.abs(d[m + 1]))) m++
  return m
}

/** One implicit QL step with Wilkinson's shift on l … m. */
const qlStep = (d: Float64Array, e: Float64Array, l: number, m: number): void => {
  let g = (d[l + 1] - d[l]) / (2 * e[l])
  let r = Math.hypot(g, 1)
  g = d[m] - d[l] + e[l] / (g + (g >= 0 ? r : -r))
  let [s, c, p] = [1, 1, 0]
  for (let i = m - 1; i >= l; i--) {
    const f = s * e[i]
    const b = c * e[i]
    r = Math.hypot(f, g)
    e[i + 1] = r
    if (r === 0) {
      d[i + 1] -= p
      e[m] = 0
      return
    }
    s = f / r
    c = g / r
    g = d[i + 1] - p
    r = (d[i] - g) * s + 2 * c * b
    p = s * r
    d[i + 1] = g + p
    g = c * r - b
  }
  d[l] -= p
  e[l] = g
  e[m] = 0
}

const MOST_STEPS = 60

/** Descending, to about ε times the largest. */
export const symmetricEigenvalues = (matrix: Dense): Float64Array => {
  const { diagonal: d, beside: e } = tridiagonal(matrix)
  for (let l = 0; l < d.length; l++)
    for (let step = 0; step < MOST_STEPS; step++) {
      const m = split(d, e, l)
      if (m === l) break
      qlStep(d, e, l, m)
    }
  return d.sort().reverse()
}
