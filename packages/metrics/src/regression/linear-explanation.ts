/** R² of true latents by linear regression on chosen learned ones, in-sample or held out. */
import { type Samples, takeRows } from '@mechid/values'
import { correlationsOf, jointMoments } from '../internal/covariance.js'
import type { HeldOut } from '../resampling/held-out.js'
import { standardizedFit } from './linear-regression.js'
import { rSquaredOf } from './r-squared.js'

/** R² of true latent i regressed (with intercept) on the learned latents `kept`; held out, it can be negative. */
export type Explanation = (i: number, kept: ReadonlyArray<number>) => number

/** R² over all rows, from their correlations alone. */
export const explainedInSample = (z: Samples, zHat: Samples): Explanation => {
  const k = zHat.shape[1]
  const { cross, learned } = correlationsOf(jointMoments(z, zHat))
  return (i, kept) => standardizedFit(learned, k, kept, (j) => cross[i * k + j]).rSquared
}

/** Fits on one set of rows and scores R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)² on the other. */
export const explainedHeldOut = (z: Samples, zHat: Samples, { fit, score }: HeldOut): Explanation => {
  const k = zHat.shape[1]
  const moments = jointMoments(takeRows(z, fit), takeRows(zHat, fit))
  const { cross, learned } = correlationsOf(moments)
  const test = takeRows(z, score)
  const { data } = takeRows(zHat, score)
  const predicted = new Float64Array(score.length)
  return (i, kept) => {
    const { coefficients } = standardizedFit(learned, k, kept, (j) => cross[i * k + j])
    const scale = Math.sqrt(moments.trueSquares[i])
    const weights = kept.map((j, p) => {
      const squares = moments.learned[j * k + j]
      return squares === 0 ? 0 : (coefficients[p] * scale) / Math.sqrt(squares)
    })
    for (let r = 0; r < predicted.length; r++) {
      let sum = moments.trueMean[i]
      for (let p = 0; p < kept.length; p++) {
        sum += weights[p] * (data[r * k + kept[p]] - moments.learnedMean[kept[p]])
      }
      predicted[r] = sum
    }
    return rSquaredOf(test, i, predicted)
  }
}
