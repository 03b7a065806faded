/** Regressions that say how much they use each input, for DCI. */
import type { Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { MetricError } from '../errors.js'
import { correlationsOf, jointMoments } from '../internal/covariance.js'
import { nonNegative } from '../internal/options.js'
import { lassoOnCorrelations } from './lasso.js'

/** One fitted regression. */
export interface Regression {
  /** One an input, 0 or more: how much the prediction depends on it. */
  readonly importances: ArrayLike<number>
  /** Predictions for rows of inputs. */
  readonly predict: (inputs: Samples) => Float64Array
}

/** Fits one target [n, 1] to inputs [n, k]. `dci` takes any function of this type. */
export type Regressor = (inputs: Samples, target: Samples) => E.Either<MetricError, Regression>

/**
 * The lasso on standardized columns with penalty λ, (1/2n)‖y − Xβ‖² + λ‖β‖₁ (R. Tibshirani 1996), as a regressor for
 * `dci`; importances are |β|. It finds the minimum also where inputs are collinear.
 *
 * Use it for codes that should be linear in true latents: it sees no other dependence. For bent ones use
 * `forestRegressor`.
 *
 * Errors of the regressor: `InvalidOption` (a negative penalty), `Degenerate` (its minimum was not reached).
 */
export const lassoRegressor =
  ({ penalty = 0.01 }: { readonly penalty?: number } = {}): Regressor =>
  (inputs, target) => {
    const sound = nonNegative('lassoRegressor', 'penalty', penalty)
    if (E.isLeft(sound)) return sound
    const k = inputs.shape[1]
    const moments = jointMoments(target, inputs)
    const { cross, learned } = correlationsOf(moments)
    const fitted = lassoOnCorrelations('lassoRegressor', learned, k, cross, penalty)
    if (E.isLeft(fitted)) return fitted
    const beta = fitted.right
    const scale = Math.sqrt(moments.trueSquares[0])
    const weights = beta.map((b, j) => (b === 0 ? 0 : (b * scale) / Math.sqrt(moments.learned[j * k + j])))
    const predict = ({ data, shape }: Samples): Float64Array => {
      const out = new Float64Array(shape[0]).fill(moments.trueMean[0])
      for (let i = 0; i < shape[0]; i++) {
        for (let j = 0; j < k; j++) out[i] += weights[j] * (data[i * k + j] - moments.learnedMean[j])
      }
      return out
    }
    return E.right({ importances: beta.map(Math.abs), predict })
  }
