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
 * SAP (A. Kumar et al., *Variational Inference of Disentangled Latent Concepts from Unlabeled Observations*, ICLR 2018,
 * section 3): the mean over true latents of the gap between the two best R² of a linear regression on a single learned
 * latent. In [0, 1]; 1: one learned latent is an affine function of the true one, and no other correlates with it. z
 * [n, d], zHat [n, k]. A negative held-out R² counts as 0, a constant latent has R² = 0, and a single learned latent is
 * compared with 0.
 *
 * Fitted on a random half of the rows and scored on the other (default), or as `evaluation` says; `'in-sample'`, R² is
 * the squared correlation, as published.
 *
 * Use it for codes that should be linear in independent true latents; for bent ones use `mig`. Give a factor of
 * unordered classes as one column a class.
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
