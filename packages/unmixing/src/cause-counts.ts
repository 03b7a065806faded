/**
 * How many causes move the rows w_i of a map, where every cause p moves the codes u with a covariance C_p of low rank (that of the
 * latents that it acts on), beside noise of covariance N.
 *
 * With m_ip = w_iᵀ C_p w_i / w_iᵀ N w_i (how many noise variances the cause moves the row), rows are worth
 *
 *     Σ_i Σ_p m_ip / (m_ip + e)  +  3 (Σ_i ½ log w_iᵀ N w_i − log|det W|)
 *
 * The first term counts causes, however strong they are: with their logarithms in its place, rows that weaken many causes
 * beat rows that have few. The other is least where noises are uncorrelated, as those of latents are; it is what keeps a latent
 * of many causes from being replaced by another one of few again, with a share too small to be seen beside noise. A nat of it weighs
 * three causes: with one, that happens where graphs are dense; with ten, what correlates noise in bent codes decides.
 */
import {
  type Dense,
  growingFactor,
  identityMatrix,
  invertInto,
  logAbsDeterminant,
  solveLower,
  symmetricEigen,
  transposed
} from '@mechid/numerics'
import type { Objective } from './minimize.js'

export interface SparseRowsProblem {
  readonly latents: number
  /** N, [d, d] row-major, positive definite. */
  readonly noise: Float64Array
  /** C_p, [d, d] each. */
  readonly effects: ReadonlyArray<Float64Array>
  /** How many noise variances make half a cause; 1 unless given. */
  readonly half?: number
  /** How many causes a nat of correlated noise weighs; 3 unless given. */
  readonly causesANat?: number
}

/** How a cause that moves a row by m noise variances counts. */
export interface Counting {
  readonly kind: 'logarithm' | 'count'
  /** e: how many noise variances make half a cause. */
  readonly half: number
}

/** How many causes a nat of correlated noise weighs. */
const CAUSES_A_NAT = 3

/** Directions that a cause moves by less than this share of noise do not count. */
const LEAST_MOVED = 0.01

/** The problem in coordinates in which noise is white: each cause by vectors f with C_p = Σ f fᵀ. */
export interface WhiteProblem {
  readonly d: number
  /** [·, d], cause by cause. */
  readonly vectors: Float64Array
  /** Where the vectors of each cause begin, and the end of the last one. */
  readonly begins: Int32Array
  /** C_p there, and their eigenvectors. */
  readonly effects: readonly Dense[]
  readonly spectra: ReadonlyArray<ReturnType<typeof symmetricEigen>>
  /** L⁻¹ for noise L Lᵀ: w·u = ŵ·(L⁻¹ u) for rows ŵ in white coordinates. */
  readonly inverseFactor: Float64Array
  readonly causesANat: number
}

/** x ↦ L⁻¹ x Lᵀ⁻¹ for a symmetric x: what it is where the noise L Lᵀ is white. */
const inWhite = (x: Float64Array, noise: Float64Array, d: number): Dense => {
  const factor = growingFactor(noise, d)
  const turned = transposed({ data: solveLower(factor, x.slice(), d), shape: [d, d] })
  return { data: solveLower(factor, turned.data, d), shape: [d, d] }
}

export const whiteProblem = (problem: SparseRowsProblem): WhiteProblem => {
  const { latents: d, noise, effects, half = 1, causesANat = CAUSES_A_NAT } = problem
  const vectors: number[] = []
  const begins = [0]
  // What makes half a cause is the unit in which all that follows measures effects.
  const white = effects.map((effect) => {
    const { data, shape } = inWhite(effect, noise, d)
    return { data: data.map((entry) => entry / half), shape }
  })
  const spectra = white.map(symmetricEigen)
  for (const spectrum of spectra) {
    spectrum.values.forEach((value, k) => {
      if (value < LEAST_MOVED) return
      for (let j = 0; j < d; j++) vectors.push(Math.sqrt(value) * spectrum.vectors.data[j * d + k])
    })
    begins.push(vectors.length / d)
  }
  return {
    d,
    vectors: Float64Array.from(vectors),
    begins: Int32Array.from(begins),
    effects: white,
    spectra,
    inverseFactor: solveLower(growingFactor(noise, d), identityMatrix(d).data, d),
    causesANat
  }
}

/**
 * What causes count for a row w: writes the gradient by w (not yet that of anything else) into `gradient` from `at` on.
 */
const countCauses = ({ d, vectors, begins }: WhiteProblem, { kind, half }: Counting) => {
  const products = new Float64Array(vectors.length / d)
  return (w: Float64Array, at: number, gradient: Float64Array): number => {
    let squares = 0
    for (let j = 0; j < d; j++) squares += w[at + j] * w[at + j]
    for (let j = 0; j < d; j++) gradient[at + j] = 0
    let value = 0
    let along = 0
    for (let p = 0; p + 1 < begins.length; p++) {
      let moved = 0
      for (let r = begins[p]; r < begins[p + 1]; r++) {
        let sum = 0
        for (let j = 0; j < d; j++) sum += vectors[r * d + j] * w[at + j]
        products[r] = sum
        moved += sum * sum
      }
      moved /= squares
      const scale = moved + half
      value += kind === 'count' ? moved / scale : 0.5 * Math.log(scale / half)
      const slope = kind === 'count' ? half / (scale * scale) : 0.5 / scale
      along += slope * moved
      for (let r = begins[p]; r < begins[p + 1]; r++) {
        const weight = (2 * slope * products[r]) / squares
        for (let j = 0; j < d; j++) gradient[at + j] += weight * vectors[r * d + j]
      }
    }
    for (let j = 0; j < d; j++) gradient[at + j] -= (2 * along * w[at + j]) / squares
    return value
  }
}

/** The objective as a function of one row; `free` [d, q] spans what is orthogonal to all other rows. */
export const ofOneRow = (white: WhiteProblem, free: Float64Array, counting: Counting): Objective => {
  const { d, causesANat } = white
  const q = free.length / d
  const count = countCauses(white, counting)
  const inside = new Float64Array(q)
  return (w, gradient) => {
    let value = count(w, 0, gradient)
    let [squares, within] = [0, 0]
    for (let k = 0; k < q; k++) {
      let sum = 0
      for (let j = 0; j < d; j++) sum += free[j * q + k] * w[j]
      inside[k] = sum
      within += sum * sum
    }
    for (let j = 0; j < d; j++) squares += w[j] * w[j]
    value += causesANat * 0.5 * Math.log(squares / within)
    for (let j = 0; j < d; j++) {
      let sum = 0
      for (let k = 0; k < q; k++) sum += free[j * q + k] * inside[k]
      gradient[j] += causesANat * (w[j] / squares - sum / within)
    }
    return value
  }
}

/** The objective as a function of all rows, of which the first `fixed` stay. */
export const ofAllRows = (white: WhiteProblem, counting: Counting, fixed: number): Objective => {
  const { d, causesANat } = white
  const count = countCauses(white, counting)
  const [spent, inverse] = [new Float64Array(d * d), new Float64Array(d * d)]
  return (w, gradient) => {
    spent.set(w)
    const logDet = invertInto(spent, d, inverse)
    if (!Number.isFinite(logDet)) return Number.POSITIVE_INFINITY
    let value = -causesANat * logDet
    for (let i = 0; i < d; i++) {
      value += count(w, i * d, gradient)
      let squares = 0
      for (let j = 0; j < d; j++) squares += w[i * d + j] ** 2
      value += causesANat * 0.5 * Math.log(squares)
      for (let j = 0; j < d; j++) {
        const at = i * d + j
        gradient[at] = i < fixed ? 0 : gradient[at] + causesANat * (w[at] / squares - inverse[j * d + i])
      }
    }
    return value
  }
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

/** The objective for `rows` [d, d] of any length, in causes. */
export const causesOf = (
  { latents: d, noise, effects, half = 1, causesANat = CAUSES_A_NAT }: SparseRowsProblem,
  rows: Float64Array
): number => {
  const shape = [d, d] as const
  // Rows of uncorrelated noise have none of it.
  let nats = -logAbsDeterminant({ data: rows, shape }) - 0.5 * logAbsDeterminant({ data: noise, shape })
  let causes = 0
  for (let i = 0; i < d; i++) {
    const still = quadratic(rows, i, noise, d)
    nats += 0.5 * Math.log(still)
    for (const effect of effects) {
      const moved = quadratic(rows, i, effect, d) / still
      causes += moved / (moved + half)
    }
  }
  return causes + causesANat * nats
}
