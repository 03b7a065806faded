/**
 * Directions of the past that additive effects are seen to come from, without a search. If past latents s are independent with
 * variance 1, and what is to be explained is y_i = Σ_j f_ij(s_j), then E[y_i (u uᵀ − 1)] = Σ_j c_ij b_j b_jᵀ, c_ij the mean of
 * f_ij(s_j) (s_j² − 1): the directions b_j of the latents diagonalize all these matrices at once, in any number of dimensions.
 *
 * Effects of up to some three radians a standard deviation are seen so; faster ones average out. But the product of two effects
 * of one cause has the difference of their frequencies, too, and so the products y_i y_k show causes of fast effects: the mean of
 * f_ij(s_j) f_kj(s_j) (s_j² − 1) does not vanish where latent j acts on several others at similar speeds.
 */
import { symmetricEigen } from '@mechid/numerics'
import type { Generator } from '@mechid/random'
import { type Columns, columnTable, usableRows } from './columns.js'
import { commonDirections } from './common-directions.js'
import { covarianceOf } from './covariance.js'

/** Columns of what is to be explained, and rows of the past [rows, d]. */
export interface Moments {
  readonly rows: number
  readonly latents: number
  readonly past: ReadonlyArray<Float64Array>
  readonly target: ReadonlyArray<Float32Array>
}

/** Rows that moments are taken on, at most. */
const MOST_ROWS = 40_000
/** Parts of what is left whose variance is below this share of a code's are taken for noise. */
const LEAST_VARIANCE = 0.01
/** Parts that are multiplied, at most: those of the largest variance. Their products have to fit into memory. */
const MOST_PARTS = 32

/** Columns `out` …: products of every two of the `count` columns from `first` on, (i, k) with k ≤ i. */
const fillProducts = (table: Columns, first: number, count: number, out: number): void => {
  let at = out
  for (let i = 0; i < count; i++) {
    for (let k = 0; k <= i; k++) {
      table.clear(at)
      table.addProducts(at++, first + i, first + k, 1)
    }
  }
}

/** Columns of a frame within the span of `basis` [d, r]. */
const fillWithin = (
  table: Columns,
  first: number,
  frame: Float64Array,
  basis: Float64Array,
  d: number
): void => {
  const r = basis.length / d
  for (let k = 0; k < r; k++) {
    table.fill(first + k, (row) => {
      let sum = 0
      for (let j = 0; j < d; j++) sum += basis[j * r + k] * frame[row * d + j]
      return sum
    })
  }
}

/** E[y_p (v vᵀ − 1)], [r, r], for every column y_p of the table; v: the past within `basis`. */
const momentsOf = (
  { latents: d, past }: Moments,
  basis: Float64Array,
  rows: number,
  columns: number,
  fill: (table: Columns) => void
): Float64Array[] => {
  const r = basis.length / d
  const pairs = (r * (r + 1)) / 2
  const V = columns
  const VV = V + r
  const ONE = VV + pairs
  const table = columnTable(rows, ONE + 1, Math.max(columns, pairs + 1))
  fill(table)
  table.fill(ONE, () => 1)
  return past.flatMap((frame) => {
    fillWithin(table, V, frame, basis, d)
    fillProducts(table, V, r, VV)
    const sums = table.products(0, columns, VV, pairs + 1)
    return Array.from({ length: columns }, (_, p) => {
      const own = sums.subarray(p * (pairs + 1), (p + 1) * (pairs + 1))
      const out = new Float64Array(r * r)
      let at = 0
      for (let k = 0; k < r; k++) {
        for (let l = 0; l <= k; l++) {
          const mean = (own[at++] - (k === l ? own[pairs] : 0)) / rows
          out[k * r + l] = mean
          out[l * r + k] = mean
        }
      }
      return out
    })
  })
}

/** Directions of slow effects: unit, within the span of `basis` [d, r], the most curved ones first. */
export const curvatureDirections = (
  data: Moments,
  basis: Float64Array,
  random: Generator
): Float64Array[] => {
  const { target, latents, rows } = data
  const matrices = momentsOf(data, basis, usableRows(Math.min(rows, MOST_ROWS)), target.length, (table) => {
    target.forEach((column, i) => {
      table.fill(i, (row) => column[row])
    })
  })
  return commonDirections(matrices, basis, latents, random)
}

/** The same from products of every two parts of what is left (its principal components): also of fast effects. */
export const productDirections = (data: Moments, basis: Float64Array, random: Generator): Float64Array[] => {
  const { target, latents: d } = data
  const rows = usableRows(Math.min(data.rows, MOST_ROWS))
  const { values, vectors } = symmetricEigen({ data: covarianceOf(target), shape: [d, d] })
  // In ascending order.
  const kept = Array.from(values.keys())
    .filter((k) => values[k] > LEAST_VARIANCE)
    .slice(-MOST_PARTS)
  const m = kept.length
  if (m === 0) return []
  const products = (m * (m + 1)) / 2
  const fill = (table: Columns): void => {
    kept.forEach((k, i) => {
      const scale = 1 / Math.sqrt(values[k])
      table.fill(products + i, (row) => {
        let sum = 0
        for (let j = 0; j < d; j++) sum += vectors.data[j * d + k] * target[j][row]
        return scale * sum
      })
    })
    fillProducts(table, products, m, 0)
  }
  const matrices = momentsOf(data, basis, rows, products + m, fill)
  return commonDirections(matrices, basis, d, random)
}
