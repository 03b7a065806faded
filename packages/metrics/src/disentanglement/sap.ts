/** SAP, the separated attribute predictability: is one learned latent a better predictor than any other? */
import type { Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { MetricError } from '../errors.js'
import { twoLargest } from '../internal/order-statistics.js'
import { checkPair } from '../internal/samples.js'
import { explainedHeldOut, explainedInSample } from '../regression/linear-explanation.js'
import { type HeldOutPlan, rowsOf } from '../resampling/held-out.js'
import { meanOf, type PerLatent } from './per-latent.js'

/**
 * SAP (A. Kumar et al., *Variational Inference of Disentangled Latent Concepts from Unlabeled Observations*, ICLR
 * 2018, section 3): the mean over true latents of the gap between the two best R² of a linear regression on one
 * learned latent. In [0, 1]; 1: one learned latent is an affine function of it, and no other correlates. A true
 * latent of two values counts by R² too; one of several unordered classes should be given as one column a class.
 * A negative held-out R² counts as 0, a constant latent has R² = 0. z [n, d], zHat [n, k]; a single learned latent is held against 0.
 *
 * Fitted on one random half of the rows and scored on the other unless `evaluation` says otherwise; `'in-sample'`,
 * R² is the squared correlation, as in the paper.
 *
 * Errors: `ShapeMismatch`, `TooFewRows`, `NotFinite`, `InvalidOption`.
 */
export const sap = (
  z: Samples,
  zHat: Samples,
  { evaluation, seed = 0 }: { readonly evaluation?: HeldOutPlan; readonly seed?: number } = {}
): E.Either<MetricError, PerLatent> => {
  const sound = checkPair('sap', z, zHat)
  if (E.isLeft(sound)) return sound
  const rows = rowsOf('sap', z.shape[0], evaluation, seed)
  if (E.isLeft(rows)) return rows
  const explained =
    evaluation === 'in-sample' ? explainedInSample(z, zHat) : explainedHeldOut(z, zHat, rows.right)
  const gap = (i: number): number => {
    const single = Array.from({ length: zHat.shape[1] }, (_, j) => Math.max(0, explained(i, [j]).rSquared))
    const [first, second] = twoLargest(single)
    return first - second
  }
  return E.right(meanOf(Array.from({ length: z.shape[1] }, (_, i) => gap(i))))
}
