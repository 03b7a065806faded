/**
 * Rows w_i of a map such that each w_i·u is moved by few causes, where every cause p moves the codes u with a covariance
 * C_p of low rank (that of the latents that it acts on), beside noise of covariance N.
 *
 * First the smooth form: minimize Σ_i Σ_p ½ log(1 + w_iᵀ C_p w_i / (σ² w_iᵀ N w_i)) + Σ_i ½ log w_iᵀ N w_i − log|det W|
 * from many starts, σ² falling to 1. A cause that does not move w_i·u costs nothing, one that does costs the logarithm of
 * how much; the other terms are least where noises are uncorrelated. Then, with the causes of each row decided, the
 * likelihood itself, Σ_i ½ log w_iᵀ M_i w_i − log|det W| with M_i = N + Σ of C_p over the causes that i does not have, by
 * iterative projection (N. Ono 2011), whose every step is an exact minimum.
 */
import type { Generator } from '@mechid/random'
import { inverse, Matrix } from 'ml-matrix'
import { cholesky, forward } from './cholesky.js'
import { logAbsDeterminant } from './log-determinant.js'
import { minimize } from './minimize.js'

export interface SparseRowsProblem {
  readonly latents: number
  /** N, [d, d] row-major, positive definite. */
  readonly noise: Float64Array
  /** C_p, [d, d] each. */
  readonly effects: ReadonlyArray<Float64Array>
}

export interface SparseRows {
  /** W, [d, d]; rows have w N wᵀ = 1. */
  readonly rows: Float64Array
  /** The smooth objective at its end, in nats a row of data. */
  readonly value: number
  /** Values of all starts, the best first. */
  readonly values: readonly number[]
}

/** From coarse to exact: how many noise variances an effect must have to count. */
const SMOOTHING = [100, 10, 1]
const ITERATIONS = 200
/** Rows this parallel are one. */
const SAME_ROW = 0.99

/** x ↦ L⁻¹ x Lᵀ⁻¹ for a symmetric x: what it is where the noise L Lᵀ is white. */
const inWhite = (x: Float64Array, noise: Float64Array, d: number): Float64Array => {
  const factor = cholesky(noise, d)
  const left = forward(factor, x.slice(), d)
  const turned = new Float64Array(d * d)
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) turned[i * d + j] = left[j * d + i]
  return forward(factor, turned, d)
}

const logDetAndInverse = (
  w: Float64Array,
  d: number
): { readonly logDet: number; readonly inv: Matrix } | undefined => {
  const logDet = logAbsDeterminant(w, d)
  if (!Number.isFinite(logDet)) return undefined
  const rows = Array.from({ length: d }, (_, i) => Array.from(w.subarray(i * d, (i + 1) * d)))
  return { logDet, inv: inverse(new Matrix(rows)) }
}

/** The smooth objective in coordinates in which the noise is white. */
const smooth =
  (effects: ReadonlyArray<Float64Array>, d: number, smoothing: number, fixed = 0) =>
  (w: Float64Array, gradient: Float64Array): number => {
    const found = logDetAndInverse(w, d)
    if (found === undefined) return Number.POSITIVE_INFINITY
    let value = -found.logDet
    for (let i = 0; i < d; i++) {
      const row = w.subarray(i * d, (i + 1) * d)
      let norm = 0
      for (let j = 0; j < d; j++) norm += row[j] * row[j]
      value += 0.5 * Math.log(norm)
      let shrink = 1
      const out = new Float64Array(d)
      for (const effect of effects) {
        let moved = 0
        const cw = new Float64Array(d)
        for (let j = 0; j < d; j++) {
          let sum = 0
          for (let k = 0; k < d; k++) sum += effect[j * d + k] * row[k]
          cw[j] = sum
          moved += sum * row[j]
        }
        const scale = smoothing * norm + moved
        value += 0.5 * Math.log(scale / (smoothing * norm))
        for (let j = 0; j < d; j++) out[j] += cw[j] / scale
        shrink += (smoothing * norm) / scale - 1
      }
      for (let j = 0; j < d; j++) {
        gradient[i * d + j] = i < fixed ? 0 : out[j] + (shrink * row[j]) / norm - found.inv.get(j, i)
      }
    }
    return value
  }

const randomStart = (d: number, random: Generator): Float64Array => {
  const rows: Float64Array[] = []
  while (rows.length < d) {
    const row = Float64Array.from({ length: d }, () => random.normal())
    for (const other of rows) {
      let dot = 0
      for (let j = 0; j < d; j++) dot += row[j] * other[j]
      for (let j = 0; j < d; j++) row[j] -= dot * other[j]
    }
    const norm = Math.hypot(...row)
    rows.push(row.map((x) => x / norm))
  }
  return Float64Array.from(rows.flatMap((row) => [...row]))
}

const normalized = (w: Float64Array, d: number): Float64Array => {
  const out = w.slice()
  for (let i = 0; i < d; i++) {
    const norm = Math.hypot(...w.subarray(i * d, (i + 1) * d))
    for (let j = 0; j < d; j++) out[i * d + j] /= norm
  }
  return out
}

/** L⁻¹ for noise L Lᵀ: w·u = ŵ·(L⁻¹ u) for rows ŵ in white coordinates, so w = L⁻ᵀ ŵ. */
const inverseFactorOf = (noise: Float64Array, d: number): Float64Array => {
  const identity = new Float64Array(d * d)
  for (let i = 0; i < d; i++) identity[i * d + i] = 1
  return forward(cholesky(noise, d), identity, d)
}

const fromWhite = (white: Float64Array, inverseFactor: Float64Array, d: number): Float64Array => {
  const rows = new Float64Array(d * d)
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      for (let k = j; k < d; k++) rows[i * d + j] += white[i * d + k] * inverseFactor[k * d + j]
    }
  }
  return rows
}

/**
 * The unit vectors 0 … `fixed` − 1 completed by rows that few causes move: the best of `starts` random completions, as
 * `sparseRows`. `agreed` says of each row whether the best two completions have it in common, up to sign.
 */
export const completedRows = (
  { latents: d, noise, effects }: SparseRowsProblem,
  fixed: number,
  starts: number,
  random: Generator
): { readonly rows: Float64Array; readonly agreed: readonly boolean[] } => {
  const white = effects.map((effect) => inWhite(effect, noise, d))
  const inverseFactor = inverseFactorOf(noise, d)
  const factor = cholesky(noise, d)
  const tries = Array.from({ length: starts }, (_, s) => {
    let w = randomStart(d, random.split(s))
    // Unit vector e_i is ŵ = Lᵀ e_i in white coordinates: column i of the factor's transpose.
    for (let i = 0; i < fixed; i++) {
      for (let j = 0; j < d; j++) w[i * d + j] = j <= i ? factor.rows[i][j] : 0
    }
    let value = 0
    for (const smoothing of SMOOTHING) {
      const done = minimize(smooth(white, d, smoothing, fixed), w, {
        iterations: ITERATIONS,
        firstStep: 0.1,
        tolerance: 1e-7
      })
      w = done.x
      value = done.value
    }
    const rows = fromWhite(w, inverseFactor, d)
    for (let i = 0; i < d; i++) {
      const norm = Math.hypot(...rows.subarray(i * d, (i + 1) * d))
      for (let j = 0; j < d; j++) rows[i * d + j] /= norm
    }
    return { rows, value }
  }).sort((a, b) => a.value - b.value)
  const [{ rows }, second] = tries
  const row = (of: Float64Array, i: number): Float64Array => of.subarray(i * d, (i + 1) * d)
  const agreed = Array.from({ length: d }, (_, i) => {
    if (i < fixed) return true
    return Array.from({ length: d - fixed }, (__, k) => row(second.rows, fixed + k)).some(
      (other) => Math.abs(other.reduce((sum, x, j) => sum + x * row(rows, i)[j], 0)) > SAME_ROW
    )
  })
  return { rows, agreed }
}

/** The best of `starts` random starts. */
export const sparseRows = (
  { latents: d, noise, effects }: SparseRowsProblem,
  starts: number,
  random: Generator
): SparseRows => {
  const white = effects.map((effect) => inWhite(effect, noise, d))
  const tries = Array.from({ length: starts }, (_, s) => {
    let w = randomStart(d, random.split(s))
    let value = 0
    for (const smoothing of SMOOTHING) {
      const done = minimize(smooth(white, d, smoothing), w, {
        iterations: ITERATIONS,
        firstStep: 0.1,
        tolerance: 1e-7
      })
      w = normalized(done.x, d)
      value = done.value
    }
    return { w, value }
  }).sort((a, b) => a.value - b.value)
  const rows = fromWhite(tries[0].w, inverseFactorOf(noise, d), d)
  return { rows, value: tries[0].value, values: tries.map(({ value }) => value) }
}

/** w C wᵀ for row i of `rows`. */
export const quadratic = (rows: Float64Array, i: number, c: Float64Array, d: number): number => {
  let sum = 0
  for (let j = 0; j < d; j++) {
    let inner = 0
    for (let k = 0; k < d; k++) inner += c[j * d + k] * rows[i * d + k]
    sum += inner * rows[i * d + j]
  }
  return sum
}

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
