/** Static codes: how every action moves them, and the map whose rows are moved by few actions. */
import type { Generator } from '@mechid/random'
import { additiveFit, type Variable } from './additive-fit.js'
import { usableRows } from './columns.js'
import { covarianceOf } from './covariance.js'
import type { Harmonics } from './direction-search.js'
import {
  likeliestRows,
  quadratic,
  type SparseRows,
  type SparseRowsProblem,
  sparseRows
} from './sparse-rows.js'
import type { WhitenedCodes } from './whitened-codes.js'

/** N, and C_l of every action. */
export const actionEffects = (
  codes: WhitenedCodes,
  harmonics: Harmonics,
  rows: number
): SparseRowsProblem => {
  const { latents: d, actions } = codes
  const n = usableRows(Math.min(rows, codes.rows))
  const targets = Array.from(
    { length: d },
    (_, j): Variable =>
      (row) =>
        codes.next[row * d + j]
  )
  const fit = additiveFit(n, actions.length * (1 + 2 * harmonics.count), targets, harmonics)
  const groups = actions.map(({ values, binary }) => {
    const variable: Variable = (row) => values[row]
    return binary ? fit.addLines([variable]) : fit.addFunctions([variable])
  })
  const coefficients = fit.coefficients()
  const noise = covarianceOf(fit.residuals(coefficients))
  return { latents: d, noise, effects: groups.map((group) => fit.effect(coefficients, group)) }
}

/** Nats a row that each cause is worth to each row of the map. */
const worthOf = (rows: Float64Array, { latents: d, noise, effects }: SparseRowsProblem): number[][] =>
  Array.from({ length: d }, (_, i) => {
    const still = quadratic(rows, i, noise, d)
    return effects.map((effect) => 0.5 * Math.log1p(quadratic(rows, i, effect, d) / still))
  })

/** Nats a row that an action must be worth to be said to move a latent. */
const LEAST_WORTH = 0.01
/** A cause moves a row if it is worth this share of the row's strongest one. */
const SHARE = 0.1

export interface RowsFound {
  /** [d, d], unit norm. */
  readonly rows: Float64Array
  /** Whether any action moves a row. */
  readonly moved: readonly boolean[]
  readonly search: SparseRows
}

/** The map whose rows are moved by few causes, sharpened by its likelihood. */
export const rowsOfFewCauses = (problem: SparseRowsProblem, starts: number, random: Generator): RowsFound => {
  const d = problem.latents
  const search = sparseRows(problem, starts, random)
  const causes = worthOf(search.rows, problem).map((row) => {
    const most = Math.max(...row)
    return row.map((value) => value > SHARE * most)
  })
  const rows = likeliestRows(problem, causes, search.rows)
  for (let i = 0; i < d; i++) {
    const norm = Math.hypot(...rows.subarray(i * d, (i + 1) * d))
    for (let j = 0; j < d; j++) rows[i * d + j] /= norm
  }
  const moved = worthOf(rows, problem).map((row) => Math.max(...row) > LEAST_WORTH)
  return { rows, moved, search }
}
