/**
 * The likelihood of a map whose rows have known causes: Σ_i ½ log w_iᵀ M_i w_i − log|det W| with M_i = N + Σ of C_p over the
 * causes that row i does not have, by iterative projection (N. Ono 2011), whose every step is an exact minimum.
 */
import { type Dense, inverse, multiply, tabulated, timesVector } from '@mechid/numerics'
import * as E from 'fp-ts/lib/Either.js'
import type { SparseRowsProblem } from './cause-counts.js'

const SWEEPS = 100

const dot = (x: Float64Array, y: Float64Array): number => x.reduce((sum, value, j) => sum + value * y[j], 0)

/**
 * The likeliest rows where row i has exactly the causes with `causes[i][p]` true: iterative projection from `rows`. Each
 * row ends with w M_i wᵀ = 1.
 */
export const likeliestRows = (
  { latents: d, noise, effects }: SparseRowsProblem,
  causes: ReadonlyArray<ReadonlyArray<boolean>>,
  rows: Float64Array
): Float64Array => {
  const unexplained = causes.map((own) =>
    tabulated(d, d, (a, b) =>
      effects.reduce((sum, effect, p) => (own[p] ? sum : sum + effect[a * d + b]), noise[a * d + b])
    )
  )
  const w: Dense = { data: rows.slice(), shape: [d, d] }
  const next = new Float64Array(d)
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let change = 0
    for (let i = 0; i < d; i++) {
      const back = inverse('likeliestRows', multiply(w, unexplained[i]), 0)
      // Rows that have become dependent have no likelihood to climb.
      if (E.isLeft(back)) return w.data
      for (let j = 0; j < d; j++) next[j] = back.right.data[j * d + i]
      const scale = 1 / Math.sqrt(dot(next, timesVector(unexplained[i], next)))
      const along = Math.sign(dot(next, w.data.subarray(i * d, (i + 1) * d))) || 1
      for (let j = 0; j < d; j++) {
        const value = along * scale * next[j]
        change = Math.max(change, Math.abs(value - w.data[i * d + j]) * Math.sqrt(noise[j * d + j]))
        w.data[i * d + j] = value
      }
    }
    if (change < 1e-7) break
  }
  return w.data
}
