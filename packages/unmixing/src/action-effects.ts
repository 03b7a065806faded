/** Static codes: how every action moves them, and the map whose rows are moved by few actions. */
import type { Generator } from '@mechid/random'
import { additiveFit, type Variable } from './additive-fit.js'
import { quadratic, type SparseRowsProblem } from './cause-counts.js'
import { usableRows } from './columns.js'
import { covarianceOf } from './covariance.js'
import type { Harmonics } from './direction-search.js'
import { centredProducts } from './interactions.js'
import { balance } from './interventions.js'
import { likeliestRows } from './likeliest-rows.js'
import { type OnTried, type SparseRows, sparseRows } from './sparse-rows.js'
import type { WhitenedCodes } from './whitened-codes.js'

export interface ActionEffects extends SparseRowsProblem {
  /** Variance, in units of the noise's, that an action without any effect seems to give some direction. */
  readonly chance: readonly number[]
}

/**
 * N, and C_l of every action: of the functions of it alone, or with `together` of all terms that it takes part in, products
 * with other actions included.
 */
export const actionEffects = (
  codes: WhitenedCodes,
  harmonics: Harmonics,
  rows: number,
  together: boolean
): ActionEffects => {
  const { latents: d, actions } = codes
  const n = usableRows(Math.min(rows, codes.rows))
  const targets = Array.from(
    { length: d },
    (_, j): Variable =>
      (row) =>
        codes.next[row * d + j]
  )
  const products = together ? centredProducts(actions, n) : []
  const alone = actions.length * (1 + 2 * harmonics.count)
  const fit = additiveFit(n, alone + products.length, targets, harmonics)
  const groups = actions.map(({ values, binary }) => {
    const variable: Variable = (row) => values[row]
    return binary ? fit.addLines([variable]) : fit.addFunctions([variable])
  })
  const pairs = products.map(({ of, values }) => ({ of, group: fit.addLines([(row) => values[row]]) }))
  const coefficients = fit.coefficients()
  const noise = covarianceOf(fit.residuals(coefficients))
  const own = groups.map((group, l) => [
    group,
    ...pairs.filter(({ of }) => of.includes(l)).map((pair) => pair.group)
  ])
  // An action of two values counts as if each had half of the rows; one of them may be rare.
  const balances = actions.map(({ values, binary }) => balance(values.subarray(0, n), binary))
  const effects = own.map((terms, l) => fit.effect(coefficients, terms).map((entry) => balances[l] * entry))
  // The largest eigenvalue of the covariance of `terms` coefficients of nothing but noise.
  const chance = own.map((terms, l) => {
    const count = terms.reduce((sum, { count: size }) => sum + size, 0)
    return (balances[l] * (Math.sqrt(count) + Math.sqrt(d)) ** 2) / n
  })
  return { latents: d, noise, effects, chance }
}

/** Nats a row that each cause is worth to each row of the map beside so many noise variances, less what chance gives. */
const worthOf = (
  rows: Float64Array,
  { latents: d, noise, effects, chance }: ActionEffects,
  variances = 1
): number[][] =>
  Array.from({ length: d }, (_, i) => {
    const still = variances * quadratic(rows, i, noise, d)
    return effects.map(
      (effect, l) => 0.5 * (Math.log1p(quadratic(rows, i, effect, d) / still) - Math.log1p(chance[l]))
    )
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
  /** Nats a row that each action is worth to each row, [d, k]. */
  readonly worth: Float64Array
}

/** The map whose rows are moved by few causes, sharpened by its likelihood. */
export const rowsOfFewCauses = async (
  problem: ActionEffects,
  searches: number,
  random: Generator,
  onTried: OnTried
): Promise<RowsFound> => {
  const d = problem.latents
  const search = await sparseRows(problem, searches, random, onTried)
  const causes = worthOf(search.rows, problem, problem.half).map((row) => {
    const most = Math.max(...row)
    return row.map((value) => value > SHARE * most)
  })
  const rows = likeliestRows(problem, causes, search.rows)
  for (let i = 0; i < d; i++) {
    const norm = Math.hypot(...rows.subarray(i * d, (i + 1) * d))
    for (let j = 0; j < d; j++) rows[i * d + j] /= norm
  }
  const worth = worthOf(rows, problem)
  const moved = worth.map((row) => Math.max(...row) > LEAST_WORTH)
  return { rows, moved, search, worth: Float64Array.from(worth.flat()) }
}
