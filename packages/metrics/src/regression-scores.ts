/** R and R_con: how much of each true latent a linear function of learned latents explains. */
import * as E from 'fp-ts/lib/Either.js'
import { type Assignment, checkAssignment } from './assignment.js'
import { correlationsOf, type JointMoments, jointMoments } from './covariance.js'
import type { MetricError } from './errors.js'
import { checkBinary, type Graph } from './graph-distance.js'
import { standardizedFit } from './linear-regression.js'
import { checkPair, type Samples, takeRows } from './samples.js'

export interface RegressionScore {
  /** Mean over true latents of √R², in [0, 1]. */
  readonly value: number
  readonly perLatent: ReadonlyArray<number>
}

/** Rows to fit on and rows to score on; they must not share any. */
export interface HeldOut {
  readonly fit: ArrayLike<number>
  readonly score: ArrayLike<number>
}

/** The learned latents that a true latent is regressed on. */
type Predictors = (latent: number) => ReadonlyArray<number>

const scoreOf = (rSquared: ReadonlyArray<number>): RegressionScore => {
  // Rounding, or a fit that is worse than the mean on held-out rows, can make R² negative.
  const perLatent = rSquared.map((r) => Math.sqrt(Math.max(0, Math.min(1, r))))
  return { value: perLatent.reduce((sum, r) => sum + r, 0) / perLatent.length, perLatent }
}

const inSample = (moments: JointMoments, predictors: Predictors): RegressionScore => {
  const d = moments.trueMean.length
  const k = moments.learnedMean.length
  const { cross, learned } = correlationsOf(moments)
  return scoreOf(
    Array.from({ length: d }, (_, i) => {
      return standardizedFit(learned, k, predictors(i), (j) => cross[i * k + j]).rSquared
    })
  )
}

/** Fits on one set of rows and scores R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)² on the other. */
const heldOutScore = (
  z: Samples,
  zHat: Samples,
  { fit, score }: HeldOut,
  predictors: Predictors
): RegressionScore => {
  const moments = jointMoments(takeRows(z, fit), takeRows(zHat, fit))
  const { cross, learned } = correlationsOf(moments)
  const [d, k] = [z.shape[1], zHat.shape[1]]
  const test = takeRows(z, score)
  const testHat = takeRows(zHat, score)
  const rows = test.shape[0]
  const rSquared: number[] = []
  for (let i = 0; i < d; i++) {
    const kept = predictors(i)
    const { coefficients } = standardizedFit(learned, k, kept, (j) => cross[i * k + j])
    const scale = Math.sqrt(moments.trueSquares[i])
    const weights = kept.map((j, p) => {
      const squares = moments.learned[j * k + j]
      return squares === 0 ? 0 : (coefficients[p] * scale) / Math.sqrt(squares)
    })
    let mean = 0
    for (let r = 0; r < rows; r++) mean += test.data[r * d + i] / rows
    let [error, total] = [0, 0]
    for (let r = 0; r < rows; r++) {
      let predicted = moments.trueMean[i]
      for (let p = 0; p < kept.length; p++) {
        predicted += weights[p] * (testHat.data[r * k + kept[p]] - moments.learnedMean[kept[p]])
      }
      error += (test.data[r * d + i] - predicted) ** 2
      total += (test.data[r * d + i] - mean) ** 2
    }
    rSquared.push(total === 0 ? 0 : 1 - error / total)
  }
  return scoreOf(rSquared)
}

const checkHeldOut = (rows: number, { fit, score }: HeldOut): E.Either<MetricError, void> => {
  const seen = new Uint8Array(rows)
  for (const [name, indices] of [
    ['fit', fit],
    ['score', score]
  ] as const) {
    if (indices.length < 2)
      return E.left({ _tag: 'TooFewRows', where: `heldOut.${name}`, needed: 2, actual: indices.length })
    for (let i = 0; i < indices.length; i++) {
      const row = indices[i]
      if (!(row >= 0 && row < rows) || seen[row] === 1) {
        return E.left({
          _tag: 'BadOption',
          option: `heldOut.${name}`,
          expected: `rows of 0 to ${rows - 1}, each in one of the two sets`,
          actual: String(row)
        })
      }
    }
    // Marked afterwards: drawing a row twice within one set is a bootstrap, sharing it between sets a leak.
    if (name === 'fit') for (let i = 0; i < indices.length; i++) seen[indices[i]] = 1
  }
  return E.right(undefined)
}

const scored = (
  z: Samples,
  zHat: Samples,
  predictors: Predictors,
  heldOut: HeldOut | undefined
): E.Either<MetricError, RegressionScore> => {
  if (heldOut === undefined) return E.right(inSample(jointMoments(z, zHat), predictors))
  const sound = checkHeldOut(z.shape[0], heldOut)
  return E.isLeft(sound) ? sound : E.right(heldOutScore(z, zHat, heldOut, predictors))
}

/**
 * R: per true latent, the square root of R² of a linear regression (with intercept) on all learned latents;
 * their mean ([MS] section 7). In-sample unless `heldOut` says which rows to fit and score on.
 *
 * Errors: `ShapeMismatch`, `TooFewRows`, `NonFinite`, `BadOption`.
 */
export const linearR = (
  z: Samples,
  zHat: Samples,
  heldOut?: HeldOut
): E.Either<MetricError, RegressionScore> => {
  const sound = checkPair(z, zHat)
  if (E.isLeft(sound)) return sound
  const all = Array.from({ length: zHat.shape[1] }, (_, j) => j)
  return scored(z, zHat, () => all, heldOut)
}

/**
 * R_con: as R, but true latent i is regressed only on the learned latents j that the predicted entanglement
 * pattern allows, (C P)_ij = 1, where C is the pattern (d × d) and P the assignment of MCC ([MS] section 7).
 * In-sample, MCC ≤ R_con ≤ R, and R_con = MCC where C is the identity.
 *
 * Errors: those of `linearR`, `BadGraph`, `BadAssignment`.
 */
export const rCon = (
  z: Samples,
  zHat: Samples,
  pattern: Graph,
  assignment: Assignment,
  heldOut?: HeldOut
): E.Either<MetricError, RegressionScore> => {
  const sound = checkPair(z, zHat)
  if (E.isLeft(sound)) return sound
  const d = z.shape[1]
  const binary = checkBinary('pattern', pattern, d, d)
  if (E.isLeft(binary)) return binary
  const assigned = checkAssignment('assignment', assignment, d, zHat.shape[1])
  if (E.isLeft(assigned)) return assigned
  const allowed = (i: number): number[] =>
    assignment.filter((j, l) => j >= 0 && pattern[i][l] === 1).sort((p, q) => p - q)
  return scored(z, zHat, allowed, heldOut)
}

/**
 * How strongly each true latent depends on each learned one: |standardized coefficients| of the regression of R,
 * row = true latent, column = the learned latent assigned to true latent j. To be held against the predicted
 * pattern.
 */
export const measuredEntanglement = (
  z: Samples,
  zHat: Samples,
  assignment: Assignment
): E.Either<MetricError, number[][]> => {
  const sound = checkPair(z, zHat)
  if (E.isLeft(sound)) return sound
  const [d, k] = [z.shape[1], zHat.shape[1]]
  const assigned = checkAssignment('assignment', assignment, d, k)
  if (E.isLeft(assigned)) return assigned
  const { cross, learned } = correlationsOf(jointMoments(z, zHat))
  const all = Array.from({ length: k }, (_, j) => j)
  return E.right(
    Array.from({ length: d }, (_, i) => {
      const { coefficients } = standardizedFit(learned, k, all, (j) => cross[i * k + j])
      return assignment.map((j) => (j < 0 ? 0 : Math.abs(coefficients[j])))
    })
  )
}
