/**
 * Static codes under a discrete action whose values change how much latents vary (A. Hyvärinen, H. Morioka 2016; I. Khemakhem et
 * al. 2020): latents are the basis in which the covariances of all values are diagonal, found in closed form from the
 * codes.
 */
import {
  type Dense,
  inverse,
  logAbsDeterminant,
  multiply,
  randomRotation,
  symmetricEigen,
  timesVector
} from '@mechid/numerics'
import type { Generator } from '@mechid/random'
import * as E from 'fp-ts/lib/Either.js'
import { quadratic } from './cause-counts.js'
import { BALANCED, type Interventions, momentsByValue, restingLevel } from './interventions.js'
import type { WhitenedCodes } from './whitened-codes.js'

/** Covariances about their own means of values that have enough rows. */
interface ValueCovariances {
  readonly values: readonly number[]
  /** Share of each in all their rows. */
  readonly shares: Float64Array
  readonly covariances: readonly Float64Array[]
  readonly pooled: Float64Array
  readonly rows: number
}

/** Rows for each latent that a value must have for its covariance to count. */
const ROWS_A_LATENT = 3

const covariancesByValue = (
  { next }: WhitenedCodes,
  { of, counts }: Interventions,
  means: Float64Array,
  d: number
): ValueCovariances => {
  const values = Array.from(counts.keys()).filter((v) => counts[v] >= ROWS_A_LATENT * d)
  const rows = values.reduce((sum, v) => sum + counts[v], 0)
  const place = new Int32Array(counts.length).fill(-1)
  values.forEach((v, at) => {
    place[v] = at
  })
  const covariances = values.map(() => new Float64Array(d * d))
  const away = new Float64Array(d)
  for (let r = 0; r < of.length; r++) {
    const v = of[r]
    if (place[v] < 0) continue
    const own = covariances[place[v]]
    for (let j = 0; j < d; j++) away[j] = next[r * d + j] - means[v * d + j]
    for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) own[i * d + j] += (away[i] * away[j]) / counts[v]
  }
  const shares = Float64Array.from(values, (v) => counts[v] / rows)
  const pooled = new Float64Array(d * d)
  covariances.forEach((own, at) => {
    for (let k = 0; k < d * d; k++) pooled[k] += shares[at] * own[k]
  })
  return { values, shares, covariances, pooled, rows }
}

const SWEEPS = 300
const STARTS = 4

/** Σ_v p_v Σ_i ½ log w_i S_v w_iᵀ − log|det W|: what rows cost, in nats a row. */
const costOf = ({ shares, covariances }: ValueCovariances, rows: Float64Array, d: number): number => {
  let sum = -logAbsDeterminant({ data: rows, shape: [d, d] })
  covariances.forEach((own, v) => {
    for (let i = 0; i < d; i++) sum += 0.5 * shares[v] * Math.log(quadratic(rows, i, own, d))
  })
  return sum
}

/** Rows in which all covariances are as diagonal as can be (D. T. Pham 2001), by iterative projection (N. Ono 2011). */
const jointlyDiagonal = (
  { shares, covariances }: ValueCovariances,
  start: Float64Array,
  d: number
): Float64Array => {
  const w: Dense = { data: start.slice(), shape: [d, d] }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let change = 0
    for (let i = 0; i < d; i++) {
      const weighted: Dense = { data: new Float64Array(d * d), shape: [d, d] }
      covariances.forEach((own, v) => {
        const weight = shares[v] / quadratic(w.data, i, own, d)
        for (let k = 0; k < d * d; k++) weighted.data[k] += weight * own[k]
      })
      const back = inverse('jointlyDiagonal', multiply(w, weighted), 0)
      if (E.isLeft(back)) return w.data
      const next = Float64Array.from({ length: d }, (_, j) => back.right.data[j * d + i])
      const image = timesVector(weighted, next)
      const scale = 1 / Math.sqrt(next.reduce((sum, x, j) => sum + x * image[j], 0))
      for (let j = 0; j < d; j++) {
        change = Math.max(change, Math.abs(Math.abs(scale * next[j]) - Math.abs(w.data[i * d + j])))
        w.data[i * d + j] = scale * next[j]
      }
    }
    if (change < 1e-7) break
  }
  return w.data
}

/** A basis that variances name, and what it gains. */
export interface VarianceBasis {
  /** [d, d], unit norm. */
  readonly rows: Float64Array
  /**
   * Nats a row by which variances of their own make the rows of each value likelier, less ½ log n for each of them (G. Schwarz
   * 1978).
   */
  readonly gain: number
  /** Nats a row that each value is worth to each latent, by its mean and its variance, [d, k]; 0 where chance would do. */
  readonly worth: Float64Array
}

/** Nats in all that a value must be worth to a latent: chance gives two parameters more once in 20,000. */
const EVIDENCE = 10
/** Of log-variances: a difference of .45 counts as half a cause. */
const LOG_VARIANCE_NOISE = 0.05

const worthIn = (
  codes: WhitenedCodes,
  interventions: Interventions,
  means: Float64Array,
  { values, covariances }: ValueCovariances,
  rows: Float64Array
): Float64Array => {
  const { latents: d } = codes
  const { counts } = interventions
  const k = counts.length - 1
  const worth = new Float64Array(d * k)
  const known = new Int32Array(counts.length)
  for (const v of values) known[v] = counts[v]
  const present = { ...interventions, counts: known, full: known[k] === 0 }
  for (let i = 0; i < d; i++) {
    const logs = new Float64Array(counts.length)
    const levels = new Float64Array(counts.length)
    for (const [at, v] of values.entries()) {
      logs[v] = Math.log(quadratic(rows, i, covariances[at], d))
      for (let j = 0; j < d; j++) levels[v] += rows[i * d + j] * means[v * d + j]
    }
    const rest = Math.exp(restingLevel(present, logs, LOG_VARIANCE_NOISE))
    const level = restingLevel(present, levels, rest)
    for (const v of values) {
      if (v === k) continue
      const own = Math.exp(logs[v])
      const shift = (levels[v] - level) ** 2
      const evidence = 0.5 * counts[v] * ((own + shift) / rest - 1 - Math.log(own / rest))
      if (evidence < EVIDENCE) continue
      worth[i * k + v] = 0.5 * Math.log((own + rest) / 2 + BALANCED * shift) - 0.25 * Math.log(own * rest)
    }
  }
  return worth
}

/** The basis in which the values of a discrete action change variances; undefined with fewer than two values of enough rows. */
export const varianceBasis = (
  codes: WhitenedCodes,
  interventions: Interventions,
  random: Generator
): VarianceBasis | undefined => {
  const { latents: d } = codes
  const { means } = momentsByValue(interventions, codes.next, d)
  const seen = covariancesByValue(codes, interventions, means, d)
  if (seen.values.length < 2) return undefined
  const white = inverseRoot(seen.pooled, d)
  const found = Array.from({ length: STARTS }, (_, start) => {
    const turned =
      start === 0
        ? white
        : multiply(
            randomRotation(d, () => random.normal()),
            white
          )
    const rows = jointlyDiagonal(seen, turned.data, d)
    return { rows, cost: costOf(seen, rows, d) }
  }).sort((a, b) => a.cost - b.cost)
  const [{ rows, cost }] = found
  const constant = -logAbsDeterminant(white)
  const own = (seen.values.length - 1) * d
  for (let i = 0; i < d; i++) {
    const norm = Math.hypot(...rows.subarray(i * d, (i + 1) * d))
    for (let j = 0; j < d; j++) rows[i * d + j] /= norm
  }
  return {
    rows,
    gain: constant - cost - (0.5 * own * Math.log(seen.rows)) / seen.rows,
    worth: worthIn(codes, interventions, means, seen, rows)
  }
}

/** C^(−½) of a covariance. */
const inverseRoot = (covariance: Float64Array, d: number): Dense => {
  const { values, vectors } = symmetricEigen({ data: covariance, shape: [d, d] })
  const out = new Float64Array(d * d)
  for (let k = 0; k < d; k++) {
    const scale = 1 / Math.sqrt(Math.max(values[k], 1e-12))
    for (let i = 0; i < d; i++)
      for (let j = 0; j < d; j++) out[i * d + j] += vectors.data[i * d + k] * scale * vectors.data[j * d + k]
  }
  return { data: out, shape: [d, d] }
}
