/** R and R_con: how much of each true latent a linear function of learned ones explains. */
import type { EdgeTable, Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type Assignment, checkAssignment } from '../correlation/assignment.js'
import type { MetricError } from '../errors.js'
import { checkBinary } from '../graphs/graph-distance.js'
import { correlationsOf, jointMoments } from '../internal/covariance.js'
import { checkPair } from '../internal/samples.js'
import { checkHeldOut, type HeldOut } from '../resampling/held-out.js'
import { allowedPredictors } from './internal/predictors.js'
import { type Explanation, explainedHeldOut, explainedInSample } from './linear-explanation.js'
import { fitByInverse, pseudoInverse } from './linear-regression.js'
import { type RegressionScore, scoreOf } from './r-squared.js'

/** A score by linear regression. */
export interface LinearScore extends RegressionScore {
  /**
   * How many independent directions of learned latents each true latent was regressed on: fewer than there are latents
   * if these repeat each other. Directions that are rounding do not count: those below about 1e-13 of the strongest in
   * double precision, 1e-7 in single precision, and more where means are far from 0.
   */
  readonly directions: ReadonlyArray<number>
}

/** The learned latents that a true latent is regressed on. */
type Predictors = (latent: number) => ReadonlyArray<number>

const scored = (
  where: string,
  z: Samples,
  zHat: Samples,
  predictors: Predictors,
  heldOut: HeldOut | undefined
): E.Either<MetricError, LinearScore> => {
  const score = (explained: Explanation): LinearScore => {
    const each = Array.from({ length: z.shape[1] }, (_, i) => explained(i, predictors(i)))
    return {
      ...scoreOf(each.map(({ rSquared }) => rSquared)),
      directions: each.map(({ directions }) => directions)
    }
  }
  if (heldOut === undefined) return E.right(score(explainedInSample(z, zHat)))
  const sound = checkHeldOut(where, 'heldOut', z.shape[0], heldOut)
  return E.isLeft(sound) ? sound : E.right(score(explainedHeldOut(z, zHat, heldOut)))
}

/**
 * R: each true latent is regressed linearly (with intercept) on all learned latents; the score is the mean of √R²
 * ([MS] section 7). In [0, 1]; 1: every true latent is a linear function of the learned ones. z [n, d], zHat [n, k].
 * In-sample, or on the rows that `heldOut` names.
 *
 * Use it to ask whether the information is there at all, mixed or not: it bounds `rCon` and `mcc` from above. In-sample
 * it is about √(k/n) for unrelated latents, so hold rows out where n is not much greater than k. For bent latents use
 * `kernelR`.
 *
 * Errors: `ShapeMismatch`, `TooFewRows`, `NotFinite`, `InvalidOption`.
 */
export const linearR = (z: Samples, zHat: Samples, heldOut?: HeldOut): E.Either<MetricError, LinearScore> => {
  const sound = checkPair('linearR', z, zHat)
  if (E.isLeft(sound)) return sound
  const all = Array.from({ length: zHat.shape[1] }, (_, j) => j)
  return scored('linearR', z, zHat, () => all, heldOut)
}

/**
 * R_con: as R, but true latent i is regressed only on the learned latents that the predicted entanglement pattern C
 * (d × d) allows: those j with (C P)_ij = 1, P the assignment of MCC ([MS] section 7). In-sample MCC ≤ R_con ≤ R, and
 * R_con = MCC if C is the identity.
 *
 * Use it where theory leaves some latents mixed: it asks whether each is mixed with the allowed ones alone. For bent
 * latents use `kernelRCon`.
 *
 * Errors: those of `linearR`, `NotBinary`, `BadAssignment`.
 */
export const rCon = (
  z: Samples,
  zHat: Samples,
  pattern: EdgeTable,
  assignment: Assignment,
  heldOut?: HeldOut
): E.Either<MetricError, LinearScore> => {
  const sound = checkPair('rCon', z, zHat)
  if (E.isLeft(sound)) return sound
  const d = z.shape[1]
  const binary = checkBinary('rCon', 'pattern', pattern, d, d)
  if (E.isLeft(binary)) return binary
  const assigned = checkAssignment('rCon', assignment, d, zHat.shape[1])
  if (E.isLeft(assigned)) return assigned
  return scored('rCon', z, zHat, (i) => allowedPredictors(pattern[i], assignment), heldOut)
}

/**
 * How strongly each true latent depends on each learned one: |standardized coefficients| of the regression of R.
 * Row = true latent i, column = the learned latent assigned to true latent j; 0 where there is none.
 *
 * Use it beside the predicted pattern, to see which latents are mixed. It is linear: a bent latent can seem to depend
 * on others. Learned latents that agree to a millionth share their weight (the least coefficients are taken).
 *
 * Errors: `ShapeMismatch`, `TooFewRows`, `NotFinite`, `BadAssignment`.
 */
export const measuredEntanglement = (
  z: Samples,
  zHat: Samples,
  assignment: Assignment
): E.Either<MetricError, number[][]> => {
  const sound = checkPair('measuredEntanglement', z, zHat)
  if (E.isLeft(sound)) return sound
  const [d, k] = [z.shape[1], zHat.shape[1]]
  const assigned = checkAssignment('measuredEntanglement', assignment, d, k)
  if (E.isLeft(assigned)) return assigned
  const { cross, learned } = correlationsOf(jointMoments(z, zHat))
  const inverse = pseudoInverse(learned, k)
  return E.right(
    Array.from({ length: d }, (_, i) => {
      const { coefficients } = fitByInverse(inverse, cross.subarray(i * k, (i + 1) * k))
      return assignment.map((j) => (j < 0 ? 0 : Math.abs(coefficients[j])))
    })
  )
}
