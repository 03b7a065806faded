/** The fixed-point step of FastICA, for all directions at once: w ↦ E[g(wᵀx) x] − E[g′(wᵀx)] w (Hyvärinen 1999, equation 20). */
import type { Dense } from '@mechid/numerics'
import type { ContrastPass } from './contrast.js'

/** Rows that are worked on at a time: they stay in the first cache. */
const BLOCK = 128

/** y[i] = Σ_j w[i, j] x[j] over a block: y [m, BLOCK], x [d, n] from column `from` on. */
const project = (
  w: Float64Array,
  m: number,
  { data: x, shape: [d, n] }: Dense,
  from: number,
  count: number,
  y: Float64Array
): void => {
  for (let i = 0; i < m; i++) {
    const to = i * BLOCK
    y.fill(0, to, to + count)
    let j = 0
    for (; j + 3 < d; j += 4) {
      const [w0, w1, w2, w3] = [w[i * d + j], w[i * d + j + 1], w[i * d + j + 2], w[i * d + j + 3]]
      const [x0, x1, x2, x3] = [j * n + from, (j + 1) * n + from, (j + 2) * n + from, (j + 3) * n + from]
      for (let r = 0; r < count; r++)
        y[to + r] += w0 * x[x0 + r] + w1 * x[x1 + r] + w2 * x[x2 + r] + w3 * x[x3 + r]
    }
    for (; j < d; j++) {
      const [weight, start] = [w[i * d + j], j * n + from]
      for (let r = 0; r < count; r++) y[to + r] += weight * x[start + r]
    }
  }
}

/** out[i, j] += Σ_r g[i, r] x[j, r] over a block. */
const correlate = (
  g: Float64Array,
  m: number,
  { data: x, shape: [d, n] }: Dense,
  from: number,
  count: number,
  out: Float64Array
): void => {
  for (let i = 0; i < m; i++) {
    const at = i * BLOCK
    let j = 0
    for (; j + 3 < d; j += 4) {
      const [x0, x1, x2, x3] = [j * n + from, (j + 1) * n + from, (j + 2) * n + from, (j + 3) * n + from]
      let [s0, s1, s2, s3] = [0, 0, 0, 0]
      for (let r = 0; r < count; r++) {
        const value = g[at + r]
        s0 += value * x[x0 + r]
        s1 += value * x[x1 + r]
        s2 += value * x[x2 + r]
        s3 += value * x[x3 + r]
      }
      const to = i * d + j
      out[to] += s0
      out[to + 1] += s1
      out[to + 2] += s2
      out[to + 3] += s3
    }
    for (; j < d; j++) {
      const start = j * n + from
      let sum = 0
      for (let r = 0; r < count; r++) sum += g[at + r] * x[start + r]
      out[i * d + j] += sum
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
  const out = new Float64Array(m * d)
  const slopes = new Float64Array(m)
  const y = new Float64Array(m * BLOCK)
  for (let from = 0; from < n; from += BLOCK) {
    const count = Math.min(BLOCK, n - from)
    project(w, m, x, from, count, y)
    for (let i = 0; i < m; i++) slopes[i] += contrast(y, i * BLOCK, count)
    correlate(y, m, x, from, count, out)
  }
  for (let i = 0; i < m; i++)
    for (let j = 0; j < d; j++) out[i * d + j] = (out[i * d + j] - slopes[i] * w[i * d + j]) / n
  return out
}
