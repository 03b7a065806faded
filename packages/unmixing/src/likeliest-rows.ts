/**
 * The likelihood of a map whose rows have known causes: Σ_i ½ log w_iᵀ M_i w_i − log|det W| with M_i = N + Σ of C_p over the
 * causes that row i does not have, by iterative projection (N. Ono 2011), whose every step is an exact minimum.
 */
import { inverse, Matrix } from 'ml-matrix'
import type { SparseRowsProblem } from './sparse-rows.js'

const SWEEPS = 100

/**
 * The likeliest rows where row i has exactly the causes with `causes[i][p]` true: iterative projection from `rows`. Each
 * row ends with w M_i wᵀ = 1.
 */
export const likeliestRows = (
  { latents: d, noise, effects }: SparseRowsProblem,
  causes: ReadonlyArray<ReadonlyArray<boolean>>,
  rows: Float64Array
): Float64Array => {
  const unexplained = causes.map((own) => {
    const sum = Matrix.zeros(d, d)
    for (let a = 0; a < d; a++) {
      for (let b = 0; b < d; b++) {
        let value = noise[a * d + b]
        effects.forEach((effect, p) => {
          if (!own[p]) value += effect[a * d + b]
        })
        sum.set(a, b, value)
      }
    }
    return sum
  })
  const w = new Matrix(Array.from({ length: d }, (_, i) => Array.from(rows.subarray(i * d, (i + 1) * d))))
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let change = 0
    for (let i = 0; i < d; i++) {
      const next = inverse(w.mmul(unexplained[i])).getColumnVector(i)
      const scale = 1 / Math.sqrt(next.transpose().mmul(unexplained[i]).mmul(next).get(0, 0))
      const along = Math.sign(next.dot(w.getRowVector(i).transpose())) || 1
      for (let j = 0; j < d; j++) {
        const value = along * scale * next.get(j, 0)
        change = Math.max(change, Math.abs(value - w.get(i, j)) * Math.sqrt(noise[j * d + j]))
        w.set(i, j, value)
      }
    }
    if (change < 1e-7) break
  }
  return Float64Array.from(w.to1DArray())
}
