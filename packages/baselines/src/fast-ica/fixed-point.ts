/** The fixed-point step of FastICA, for all directions at once: w ↦ E[g(wᵀx) x] − E[g′(wᵀx)] w (Hyvärinen 1999). */
import type { Dense } from '@mechid/numerics'
import type { ContrastPass } from './contrast.js'

/** Rows that are worked on at a time: they stay in the first cache. */
const BLOCK = 128

/** Rows of `w`, or of `g`, that are worked on together, so that each number of `x` is read once for both. */
const PAIR = 2

/** y[i] = Σ_j w[i, j] x[j] over a block: y [m, BLOCK], x [d, n] from column `from` on. `m` is even. */
const project = (
  w: Float64Array,
  m: number,
  { data: x, shape: [d, n] }: Dense,
  from: number,
  count: number,
  y: Float64Array
): void => {
  y.fill(0)
  for (let i = 0; i < m; i += PAIR) {
    const [above, below] = [i * BLOCK, (i + 1) * BLOCK]
    let j = 0
    for (; j + 3 < d; j += 4) {
      const at = i * d + j
      const [a0, a1, a2, a3] = [w[at], w[at + 1], w[at + 2], w[at + 3]]
      const [b0, b1, b2, b3] = [w[at + d], w[at + d + 1], w[at + d + 2], w[at + d + 3]]
      const [x0, x1, x2, x3] = [j * n + from, (j + 1) * n + from, (j + 2) * n + from, (j + 3) * n + from]
      for (let r = 0; r < count; r++) {
        const p = x[x0 + r]
        const q = x[x1 + r]
        const s = x[x2 + r]
        const t = x[x3 + r]
        y[above + r] += a0 * p + a1 * q + a2 * s + a3 * t
        y[below + r] += b0 * p + b1 * q + b2 * s + b3 * t
      }
    }
    for (; j < d; j++) {
      const [a, b, start] = [w[i * d + j], w[(i + 1) * d + j], j * n + from]
      for (let r = 0; r < count; r++) {
        y[above + r] += a * x[start + r]
        y[below + r] += b * x[start + r]
      }
    }
  }
}

/** out[i, j] += Σ_r g[i, r] x[j, r] over a block. `m` is even. */
const correlate = (
  g: Float64Array,
  m: number,
  { data: x, shape: [d, n] }: Dense,
  from: number,
  count: number,
  out: Float64Array
): void => {
  for (let i = 0; i < m; i += PAIR) {
    const [above, below] = [i * BLOCK, (i + 1) * BLOCK]
    let j = 0
    for (; j + 2 < d; j += 3) {
      const [x0, x1, x2] = [j * n + from, (j + 1) * n + from, (j + 2) * n + from]
      let [a0, a1, a2, b0, b1, b2] = [0, 0, 0, 0, 0, 0]
      for (let r = 0; r < count; r++) {
        const a = g[above + r]
        const b = g[below + r]
        const p = x[x0 + r]
        const q = x[x1 + r]
        const s = x[x2 + r]
        a0 += a * p
        a1 += a * q
        a2 += a * s
        b0 += b * p
        b1 += b * q
        b2 += b * s
      }
      const to = i * d + j
      out[to] += a0
      out[to + 1] += a1
      out[to + 2] += a2
      out[to + d] += b0
      out[to + d + 1] += b1
      out[to + d + 2] += b2
    }
    for (; j < d; j++) {
      const start = j * n + from
      let [a, b] = [0, 0]
      for (let r = 0; r < count; r++) {
        a += g[above + r] * x[start + r]
        b += g[below + r] * x[start + r]
      }
      out[i * d + j] += a
      out[(i + 1) * d + j] += b
    }
  }
}

/** The step for `m` directions, rows of `w` [m, d], on white rows `x` [d, n]. */
export const fixedPointStep = (
  w: Float64Array,
  m: number,
  x: Dense,
  contrast: ContrastPass
): Float64Array => {
  const [d, n] = x.shape
  // An odd number of directions gets one more, zero, that is not looked at.
  const even = m + (m % PAIR)
  const weights = new Float64Array(even * d)
  weights.set(w)
  const sums = new Float64Array(even * d)
  const slopes = new Float64Array(m)
  const y = new Float64Array(even * BLOCK)
  for (let from = 0; from < n; from += BLOCK) {
    const count = Math.min(BLOCK, n - from)
    project(weights, even, x, from, count, y)
    for (let i = 0; i < m; i++) slopes[i] += contrast(y, i * BLOCK, count)
    correlate(y, even, x, from, count, sums)
  }
  const next = new Float64Array(m * d)
  for (let i = 0; i < m; i++)
    for (let j = 0; j < d; j++) next[i * d + j] = (sums[i * d + j] - slopes[i] * w[i * d + j]) / n
  return next
}
