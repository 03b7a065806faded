/** Eigenvalues of symmetric matrices, without vectors: tridiagonal form by reflections, then implicit QL steps. */
import type { Dense } from './dense.js'

interface Tridiagonal {
  readonly diagonal: Float64Array
  /** Entry k stands between k and k + 1; the last is 0. */
  readonly beside: Float64Array
}

/** p = A v for the lower triangle of the leading m × m block. Two rows at a time: p is read and written once for both. */
const symmetricTimes = (a: Float64Array, n: number, m: number, v: Float64Array, p: Float64Array): void => {
  p.fill(0, 0, m)
  const even = m & ~1
  for (let i = 0; i < even; i += 2) {
    const [at, to] = [i * n, i * n + n]
    const [x0, x1] = [v[i], v[i + 1]]
    let [s0, s1] = [a[at + i] * x0, 0]
    for (let j = 0; j < i; j++) {
      const [y0, y1, w] = [a[at + j], a[to + j], v[j]]
      s0 += y0 * w
      s1 += y1 * w
      p[j] += y0 * x0 + y1 * x1
    }
    const between = a[to + i]
    p[i] += s0 + between * x1
    p[i + 1] += s1 + between * x0 + a[to + i + 1] * x1
  }
  if (even === m) return
  const at = even * n
  const x = v[even]
  let sum = a[at + even] * x
  for (let j = 0; j < even; j++) {
    sum += a[at + j] * v[j]
    p[j] += a[at + j] * x
  }
  p[even] += sum
}

/** A − v pᵀ − p vᵀ on the lower triangle of the leading m × m block, two rows at a time. */
const updateTwice = (a: Float64Array, n: number, m: number, v: Float64Array, p: Float64Array): void => {
  const even = m & ~1
  for (let i = 0; i < even; i += 2) {
    const [at, to] = [i * n, i * n + n]
    const [x0, y0, x1, y1] = [v[i], p[i], v[i + 1], p[i + 1]]
    for (let j = 0; j <= i; j++) {
      const [w, q] = [v[j], p[j]]
      a[at + j] -= x0 * q + y0 * w
      a[to + j] -= x1 * q + y1 * w
    }
    a[to + i + 1] -= 2 * x1 * y1
  }
  if (even === m) return
  const at = even * n
  for (let j = 0; j <= even; j++) a[at + j] -= v[even] * p[j] + p[even] * v[j]
}

/** Reflects row k of the lower triangle onto its last entry; the leading block follows. */
const reflectRow = (a: Float64Array, n: number, k: number, v: Float64Array, p: Float64Array): number => {
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
  if (half === 0) return last
  symmetricTimes(a, n, k, v, p)
  let dot = 0
  for (let j = 0; j < k; j++) {
    p[j] /= half
    dot += p[j] * v[j]
  }
  const share = dot / (2 * half)
  for (let j = 0; j < k; j++) p[j] -= share * v[j]
  updateTwice(a, n, k, v, p)
  return entry
}

const tridiagonal = (matrix: Dense): Tridiagonal => {
  const n = matrix.shape[0]
  const a = matrix.data.slice()
  const [beside, v, p] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]
  for (let k = n - 1; k > 1; k--) beside[k - 1] = reflectRow(a, n, k, v, p)
  if (n > 1) beside[0] = a[n]
  return { diagonal: Float64Array.from({ length: n }, (_, i) => a[i * n + i]), beside }
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
