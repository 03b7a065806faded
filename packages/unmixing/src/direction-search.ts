/**
 * The search for directions w of the past such that functions of w·u say something about the next codes: the causes of
 * additive mechanisms, one after another.
 *
 * If u' = A f(s) + noise with f_i(s) = Σ_j f_ij(s_j), every latent s_j = b_j·u is such a direction, whatever it acts
 * on, and its neighbours in direction explain less: with features of w·u, the covariance of what is left of u' has a
 * local minimum of its determinant at w = b_j. So a direction is found without knowing any other, and once it is found
 * its effects are taken out.
 */
import { type GrowingFactor, growingFactor, halfLogDeterminant, solveWithFactor } from '@mechid/numerics'
import { type Columns, columnTable } from './columns.js'
import { minimize } from './minimize.js'

/** Functions of one variable: a line and sines and cosines of k · `step`, k = 1 … `count`, in radians a unit. */
export interface Harmonics {
  readonly step: number
  readonly count: number
}

/** Columns of the past [lags · d] and of what is to be explained [d], row r by callbacks. */
export interface SearchData {
  readonly rows: number
  readonly latents: number
  readonly lags: number
  /** Whitened past: lag 0 is the most recent frame. */
  readonly past: (lag: number, j: number) => (row: number) => number
}

/** Adds to the diagonal of a Gram matrix, as a share of its rows. */
const RIDGE = 1e-6

/** A loaded table on which directions are valued. */
export interface DirectionSearch {
  /** Sets what is to be explained: column j of row r. */
  readonly explain: (target: (j: number) => (row: number) => number) => void
  /**
   * ½ log det of the covariance of what functions of w·u leave of the target; `gradient` receives its gradient by w.
   * `w` has unit norm.
   */
  readonly value: (w: ArrayLike<number>, gradient?: Float64Array) => number
}

/** Room for `rows` rows. */
export const directionSearch = (data: SearchData, { step, count }: Harmonics): DirectionSearch => {
  const { rows, latents: d, lags, past } = data
  const perLag = 1 + 2 * count
  const terms = 1 + lags * perLag
  const U = 0
  const Y = U + lags * d
  const R = Y + d
  const X = R + d
  const C = X + terms
  const G = C + 2 * count
  const table: Columns = columnTable(rows, G + 1 + 4, Math.max(terms, d, 2 * count, 4))
  for (let lag = 0; lag < lags; lag++) {
    for (let j = 0; j < d; j++) table.fill(U + lag * d + j, past(lag, j))
  }
  table.fill(X, () => 1)
  /** Columns of one lag: the line, then sines, then cosines. */
  const line = (lag: number): number => X + 1 + lag * perLag
  const features = (w: ArrayLike<number>): void => {
    for (let lag = 0; lag < lags; lag++) {
      table.clear(line(lag))
      table.combine(U + lag * d, d, w, line(lag), 1)
      table.sines(line(lag), step, count, line(lag) + 1)
    }
  }
  /** What the features leave, in R; answers the coefficients [terms, d]. */
  const explainBest = (): Float64Array => {
    const gram = table.gram(X, terms)
    for (let k = 0; k < terms; k++) gram[k * terms + k] += RIDGE * rows
    const theta = solveWithFactor(growingFactor(gram, terms), table.products(X, terms, Y, d), d)
    table.copy(Y, R, d)
    table.combine(
      X,
      terms,
      theta.map((t) => -t),
      R,
      d
    )
    return theta
  }
  const gradientOf = (theta: Float64Array, factor: GrowingFactor, out: Float64Array): void => {
    // q = S⁻¹ θᵀ, [d, terms]: what a change of each feature is worth, by the residual that it meets.
    const transposed = new Float64Array(d * terms)
    for (let k = 0; k < terms; k++) for (let j = 0; j < d; j++) transposed[j * terms + k] = theta[k * d + j]
    const q = solveWithFactor(factor, transposed, terms)
    out.fill(0)
    for (let lag = 0; lag < lags; lag++) {
      const first = line(lag) - X
      const slopes = new Float64Array(d * 2 * count)
      const linear = new Float64Array(d)
      for (let j = 0; j < d; j++) {
        linear[j] = q[j * terms + first]
        for (let k = 0; k < count; k++) {
          const omega = step * (k + 1)
          // The slope of a sine is a cosine, so the two change places.
          slopes[j * 2 * count + k] = -omega * q[j * terms + first + 1 + count + k]
          slopes[j * 2 * count + count + k] = omega * q[j * terms + first + 1 + k]
        }
      }
      table.clear(C, 2 * count + 1)
      table.combine(R, d, slopes, C, 2 * count)
      table.clear(G)
      table.combine(R, d, linear, G, 1)
      table.addProducts(G, line(lag) + 1, C, 2 * count)
      const sums = table.products(U + lag * d, d, G, 1)
      for (let j = 0; j < d; j++) out[j] -= sums[j] / rows
    }
  }
  return {
    explain: (target) => {
      for (let j = 0; j < d; j++) table.fill(Y + j, target(j))
    },
    value: (w, gradient) => {
      features(w)
      const theta = explainBest()
      const covariance = table.gram(R, d).map((sum) => sum / rows)
      for (let j = 0; j < d; j++) covariance[j * d + j] += 1e-12
      const factor = growingFactor(covariance, d)
      if (gradient !== undefined) gradientOf(theta, factor, gradient)
      return halfLogDeterminant(factor)
    }
  }
}

export interface Direction {
  /** Unit norm, length d. */
  readonly w: Float64Array
  readonly value: number
}

/** w = K v / |v| for K [d, r] with orthonormal columns, row-major; and gradients by v from those by w. */
const within = (basis: Float64Array, d: number, r: number) => ({
  direction: (v: ArrayLike<number>): { readonly w: Float64Array; readonly norm: number } => {
    let norm = 0
    for (let k = 0; k < r; k++) norm += v[k] * v[k]
    norm = Math.sqrt(norm)
    const w = new Float64Array(d)
    for (let i = 0; i < d; i++) {
      for (let k = 0; k < r; k++) w[i] += (basis[i * r + k] * v[k]) / norm
    }
    return { w, norm }
  },
  pullBack: (g: Float64Array, v: Float64Array, norm: number, out: Float64Array): void => {
    let along = 0
    for (let k = 0; k < r; k++) {
      out[k] = 0
      for (let i = 0; i < d; i++) out[k] += basis[i * r + k] * g[i]
      along += (out[k] * v[k]) / norm
    }
    for (let k = 0; k < r; k++) out[k] = (out[k] - (along * v[k]) / norm) / norm
  }
})

/** Descends from `start` within the span of `basis` [d, r], whose columns are orthonormal. */
export const descend = (
  search: DirectionSearch,
  basis: Float64Array,
  d: number,
  start: Float64Array,
  iterations: number
): Direction => {
  const r = basis.length / d
  const { direction, pullBack } = within(basis, d, r)
  const g = new Float64Array(d)
  const v = new Float64Array(r)
  for (let k = 0; k < r; k++) for (let i = 0; i < d; i++) v[k] += basis[i * r + k] * start[i]
  const found = minimize(
    (x, gradient) => {
      const { w, norm } = direction(x)
      const value = search.value(w, g)
      pullBack(g, x, norm, gradient)
      return value
    },
    v,
    { iterations, firstStep: 0.05, tolerance: 1e-6 }
  )
  return { w: direction(found.x).w, value: found.value }
}
