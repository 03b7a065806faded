/** DCI: disentanglement, completeness and informativeness of learned latents. */
import { invalidOption, notFinite, type Samples, shapeMismatch, takeColumns, takeRows } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { MetricError } from '../errors.js'
import { checkPair } from '../internal/samples.js'
import { rSquaredOf } from '../regression/r-squared.js'
import { lassoRegressor, type Regressor } from '../regressors/regressor.js'
import { type HeldOut, type HeldOutPlan, rowsOf } from '../resampling/held-out.js'

/** How much learned latent j matters for true latent i, 0 or more: row = learned latent, column = true latent. */
export type Importances = ReadonlyArray<ReadonlyArray<number>>

export interface ImportanceScores {
  /** Mean over learned latents, weighted by their importance: 1 where each matters for one true latent. In [0, 1]. */
  readonly disentanglement: number
  readonly perCode: ReadonlyArray<number>
  /** Mean over true latents: 1 where a single learned latent matters for each. In [0, 1]. */
  readonly completeness: number
  readonly perLatent: ReadonlyArray<number>
}

export interface Dci extends ImportanceScores {
  /** Mean over true latents of R², negative ones as 0: in [0, 1], 1 is best. */
  readonly informativeness: number
  /** √(1 − R²) of each true latent, its root mean squared error in standard deviations: 0 is best. */
  readonly errors: ReadonlyArray<number>
  readonly importances: Importances
}

export interface DciOptions {
  /** Default: the lasso. `forestRegressor()` sees nonlinear dependence, too. */
  readonly regressor?: Regressor
  /** Default: fitted on a random half of the rows and scored on the other. */
  readonly evaluation?: HeldOutPlan
  readonly seed?: number
}

/** 1 − the entropy of the shares of a line, in units of its greatest; 0 for a line of zeros. */
const concentration = (line: ReadonlyArray<number>): number => {
  const total = line.reduce((sum, x) => sum + x, 0)
  if (total === 0) return 0
  // A single entry has nothing to be mixed up with.
  if (line.length === 1) return 1
  let entropy = 0
  for (const x of line) if (x > 0) entropy -= (x / total) * Math.log(x / total)
  return Math.max(0, 1 - entropy / Math.log(line.length))
}

const checkImportances = (where: string, importances: Importances): E.Either<MetricError, Importances> => {
  const columns = importances[0]?.length ?? 0
  if (columns === 0) {
    return E.left(
      shapeMismatch(where, 'importances', 'an empty table', 'one row or more, none of them empty')
    )
  }
  for (const [row, line] of importances.entries()) {
    if (line.length !== columns) {
      const expected = `${columns}, as that of importances[0]`
      return E.left(shapeMismatch(where, `the length of importances[${row}]`, line.length, expected))
    }
    const infinite = line.findIndex((x) => !Number.isFinite(x))
    if (infinite >= 0)
      return E.left(notFinite(where, 'importances', line[infinite], { row, column: infinite }))
    const negative = line.findIndex((x) => x < 0)
    if (negative >= 0) {
      return E.left(invalidOption(where, `importances[${row}][${negative}]`, line[negative], '0 or more'))
    }
  }
  return E.right(importances)
}

const scoresOf = (table: Importances): ImportanceScores => {
  const perCode = table.map(concentration)
  const perLatent = table[0].map((_, i) => concentration(table.map((row) => row[i])))
  const weights = table.map((row) => row.reduce((sum, x) => sum + x, 0))
  const total = weights.reduce((sum, w) => sum + w, 0)
  const disentanglement = total === 0 ? 0 : perCode.reduce((sum, x, j) => sum + (x * weights[j]) / total, 0)
  const completeness = perLatent.reduce((sum, x) => sum + x, 0) / perLatent.length
  return { disentanglement, perCode, completeness, perLatent }
}

/**
 * Disentanglement and completeness of a table of importances R [k, d] (C. Eastwood, C. K. I. Williams, *A Framework
 * for the Quantitative Evaluation of Disentangled Representations*, ICLR 2018, section 2):
 *
 *   D = Σ_j ρ_j (1 − H_d(R_j· / Σ_i R_ji)), ρ_j = Σ_i R_ji / ΣΣ R;   C = mean_i (1 − H_k(R_·i / Σ_j R_ji)),
 *
 * H_n the entropy with logarithms to base n. A line of zeros scores 0; a line of one entry scores 1.
 *
 * Errors: `ShapeMismatch` (a ragged or empty table), `NotFinite`, `InvalidOption` (a negative entry).
 */
export const importanceScores = (importances: Importances): E.Either<MetricError, ImportanceScores> =>
  E.map(scoresOf)(checkImportances('importanceScores', importances))

interface Explained {
  readonly importances: number[][]
  readonly rSquared: number[]
}

const explain = (
  z: Samples,
  zHat: Samples,
  { fit, score }: HeldOut,
  regressor: Regressor
): E.Either<MetricError, Explained> => {
  const [inputs, test] = [takeRows(zHat, fit), takeRows(zHat, score)]
  const importances = Array.from({ length: zHat.shape[1] }, () => new Array<number>(z.shape[1]).fill(0))
  const rSquared: number[] = []
  for (let i = 0; i < z.shape[1]; i++) {
    const latent = takeColumns(z, [i])
    const regression = regressor(inputs, takeRows(latent, fit))
    if (E.isLeft(regression)) return regression
    const { importances: mine, predict } = regression.right
    importances.forEach((row, j) => {
      row[i] = mine[j]
    })
    rSquared.push(rSquaredOf(takeRows(latent, score), 0, predict(test)))
  }
  return E.right({ importances, rSquared })
}

/**
 * DCI: each true latent is regressed on all learned ones. Importances of the regressions give disentanglement and
 * completeness (see `importanceScores`), R² on rows that they were not fitted on gives informativeness. z [n, d],
 * zHat [n, k]. (C. Eastwood, C. K. I. Williams, ICLR 2018, who report √(1 − R²) as informativeness: here `errors`.)
 *
 * Use it to tell several failures apart: mixed codes, true latents spread over codes, information that is missing.
 * Scores depend on the regressor, so name it. Where informativeness is low, disentanglement means nothing (it reached
 * 0.4 for unrelated latents). For importances of your own, use `importanceScores`.
 *
 * Errors: `ShapeMismatch`, `TooFewRows`, `NotFinite`, `InvalidOption`, and those of the regressor.
 *
 * @example
 * dci(z, zHat, { regressor: forestRegressor({ trees: 50, seed: 1 }) })
 */
export const dci = (
  z: Samples,
  zHat: Samples,
  { regressor = lassoRegressor(), evaluation, seed = 0 }: DciOptions = {}
): E.Either<MetricError, Dci> => {
  const sound = checkPair('dci', z, zHat)
  if (E.isLeft(sound)) return sound
  const rows = rowsOf('dci', z.shape[0], evaluation, seed)
  if (E.isLeft(rows)) return rows
  const explained = explain(z, zHat, rows.right, regressor)
  if (E.isLeft(explained)) return explained
  const { importances, rSquared } = explained.right
  const clamped = rSquared.map((r) => Math.max(0, r))
  const informativeness = clamped.reduce((sum, r) => sum + r, 0) / clamped.length
  const errors = rSquared.map((r) => Math.sqrt(1 - r))
  return E.map((table: Importances) => ({ ...scoresOf(table), informativeness, errors, importances }))(
    checkImportances('dci', importances)
  )
}
