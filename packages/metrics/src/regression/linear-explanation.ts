/** R² of true latents by linear regression on chosen learned ones, in-sample or held out. */
import { type Samples, takeRows } from '@mechid/values'
import { correlationsOf, type JointMoments, jointMoments } from '../internal/covariance.js'
import type { HeldOut } from '../resampling/held-out.js'
import { collinearDesign, collinearFit, inputsOf, strengthAlong } from './internal/collinear-fit.js'
import { fitByInverse, pseudoInverse, type StandardizedFit, submatrix } from './linear-regression.js'
import { rSquaredOf } from './r-squared.js'

export interface Explained {
  /** Held out, it can be negative. */
  readonly rSquared: number
  /** Independent directions of the learned latents that it was regressed on. */
  readonly directions: number
}

/** True latent i regressed (with intercept) on the learned latents `kept`. */
export type Explanation = (i: number, kept: ReadonlyArray<number>) => Explained

/**
 * Correlations keep half of the digits of a direction: below this share of the greatest eigenvalue, R² could be wrong
 * by more than 1e-8. Columns themselves then tell whether the direction is rounding, and if not, are factored.
 */
const WELL_CONDITIONED = 1e-8

/** The unit roundoff of the numbers as they were handed in. */
const roundoffOf = ({ data }: Samples): number => (data instanceof Float32Array ? 2 ** -24 : 2 ** -53)

type Fit = (i: number) => StandardizedFit

/** Regressions on `kept`, none of them constant, by the cheapest way that is exact enough. */
const fitOn = (
  z: Samples,
  zHat: Samples,
  moments: JointMoments,
  { cross, learned }: ReturnType<typeof correlationsOf>,
  kept: ReadonlyArray<number>,
  roundoff: number
): Fit => {
  const k = zHat.shape[1]
  const inverse = pseudoInverse(submatrix(learned, k, kept), kept.length, WELL_CONDITIONED)
  const byCorrelations: Fit = (i) =>
    fitByInverse(
      inverse,
      kept.map((j) => cross[i * k + j])
    )
  if (inverse.nullVectors.length === 0) return byCorrelations
  const inputs = inputsOf(zHat, moments, kept, roundoff)
  const most = inputs.rounding * Math.sqrt(inverse.greatest)
  if (inverse.nullVectors.every((vector) => strengthAlong(inputs, vector) <= most)) return byCorrelations
  const design = collinearDesign(inputs)
  return (i) => collinearFit(design, z, moments, i)
}

/** Coefficients of all learned latents, 0 for those that are constant or not among `kept`; R² and rank. */
const fitsOf = (z: Samples, zHat: Samples, moments: JointMoments, roundoff: number) => {
  const k = zHat.shape[1]
  const correlations = correlationsOf(moments)
  const isVarying = (j: number): boolean => correlations.learned[j * k + j] > 0
  // Most latents are regressed on the same ones as the latent before.
  let last: { readonly names: string; readonly fit: Fit } | undefined
  return (i: number, kept: ReadonlyArray<number>): StandardizedFit => {
    const varying = kept.filter(isVarying)
    const names = varying.join()
    const fit = last?.names === names ? last.fit : fitOn(z, zHat, moments, correlations, varying, roundoff)
    last = { names, fit }
    const { coefficients, ...rest } = fit(i)
    const all = new Float64Array(k)
    varying.forEach((j, p) => {
      all[j] = coefficients[p]
    })
    return { ...rest, coefficients: all }
  }
}

/** R² over all rows, from their correlations alone unless learned latents are nearly collinear. */
export const explainedInSample = (z: Samples, zHat: Samples): Explanation => {
  const fits = fitsOf(z, zHat, jointMoments(z, zHat), roundoffOf(zHat))
  return (i, kept) => {
    const { rSquared, rank } = fits(i, kept)
    return { rSquared, directions: rank }
  }
}

/** Fits on one set of rows and scores R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)² on the other. */
export const explainedHeldOut = (z: Samples, zHat: Samples, { fit, score }: HeldOut): Explanation => {
  const k = zHat.shape[1]
  const [zFit, zHatFit] = [takeRows(z, fit), takeRows(zHat, fit)]
  const moments = jointMoments(zFit, zHatFit)
  const fits = fitsOf(zFit, zHatFit, moments, roundoffOf(zHat))
  const test = takeRows(z, score)
  const { data } = takeRows(zHat, score)
  const predicted = new Float64Array(score.length)
  return (i, kept) => {
    const { coefficients, rank } = fits(i, kept)
    const scale = Math.sqrt(moments.trueSquares[i])
    const weights = kept.map((j) => {
      const squares = moments.learned[j * k + j]
      return squares === 0 ? 0 : (coefficients[j] * scale) / Math.sqrt(squares)
    })
    for (let r = 0; r < predicted.length; r++) {
      let sum = moments.trueMean[i]
      for (let p = 0; p < kept.length; p++) {
        sum += weights[p] * (data[r * k + kept[p]] - moments.learnedMean[kept[p]])
      }
      predicted[r] = sum
    }
    return { rSquared: rSquaredOf(test, i, predicted), directions: rank }
  }
}
