/**
 * How likely uncertain first frames are under a chart, if first latents are independent and Gaussian: φ(s) is Gaussian of
 * covariance diag(V) + M Σ Mᵀ, M the Jacobian of φ, and the density of s has |det M| besides.
 */
import { chartedGaussian } from './charted-gaussian.js'
import { addOuter, LEAST_VARIANCE, timesNoise } from './covariance-products.js'

/** One frame of a batch: where its values, its Jacobian, and derivatives by them start. */
export interface FrameAt {
  readonly values: Float64Array
  readonly jacobians: Float64Array
  readonly byValues: Float64Array
  readonly byJacobians: Float64Array
  readonly index: number
}

export interface FirstFrameLikelihood {
  /**
   * Negative log-likelihood of a frame, but for a constant, in nats; infinite where the chart folds. `parameters` has d means
   * and d logarithms of variances from `from` on.
   */
  readonly costOf: (
    frame: FrameAt,
    noise: Float32Array,
    at: number,
    parameters: Float64Array,
    from: number
  ) => number
  /** Adds the derivatives, times `share`, of what `costOf` came to last. */
  readonly pullBack: (
    frame: FrameAt,
    parameters: Float64Array,
    from: number,
    share: number,
    gradient: Float64Array
  ) => void
}

/** For codes of `d` numbers. */
export const firstFrameLikelihood = (d: number): FirstFrameLikelihood => {
  const { spread, error, inverse, weighted, inverseJacobian, cost } = chartedGaussian(d)
  const moved = new Float64Array(d * d)
  return {
    costOf: ({ values, jacobians, index }, noise, at, parameters, from) => {
      const jacobian = jacobians.subarray(index * d * d, (index + 1) * d * d)
      spread.fill(0)
      for (let i = 0; i < d; i++) {
        error[i] = values[index * d + i] - parameters[from + i]
        spread[i * d + i] = LEAST_VARIANCE + Math.exp(parameters[from + d + i])
      }
      timesNoise(jacobian, noise, at, d, moved)
      addOuter(moved, jacobian, d, spread)
      return cost(jacobian)
    },
    pullBack: ({ byValues, byJacobians, index }, parameters, from, share, gradient) => {
      const m = index * d * d
      for (let i = 0; i < d; i++) {
        byValues[index * d + i] += share * weighted[i]
        gradient[from + i] -= share * weighted[i]
        const own = 0.5 * share * (inverse[i * d + i] - weighted[i] * weighted[i])
        gradient[from + d + i] += own * Math.exp(parameters[from + d + i])
        for (let j = 0; j < d; j++) {
          let sum = 0
          for (let k = 0; k < d; k++) {
            sum += (inverse[i * d + k] - weighted[i] * weighted[k]) * moved[k * d + j]
          }
          byJacobians[m + i * d + j] += share * (sum - inverseJacobian[j * d + i])
        }
      }
    }
  }
}
