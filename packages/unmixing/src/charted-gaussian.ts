/** The density of codes whose latents, a chart of them, are off by a Gaussian error. */
import { factorInPlace, inverseOfFactor, invertInto } from '@mechid/numerics'

/** One row at a time; arrays of its own, so that rows cost no allocation. */
export interface ChartedGaussian {
  /** The covariance [d, d] of the error, lower triangle, and the error [d]: to be filled before `cost`, which spends the former. */
  readonly spread: Float64Array
  readonly error: Float64Array
  /** After `cost`: the inverse covariance, that times the error, and the inverse Jacobian. */
  readonly inverse: Float64Array
  readonly weighted: Float64Array
  readonly inverseJacobian: Float64Array
  /**
   * −log of the density of codes where the chart has this Jacobian [d, d], in nats and but for a constant; infinite where the chart
   * folds or the covariance is none.
   */
  readonly cost: (jacobian: Float64Array) => number
}

/** For codes of `d` numbers. */
export const chartedGaussian = (d: number): ChartedGaussian => {
  const square = (): Float64Array => new Float64Array(d * d)
  const [spread, inverse, inverseJacobian, lower, copy] = Array.from({ length: 5 }, square)
  const [error, weighted] = [new Float64Array(d), new Float64Array(d)]
  return {
    spread,
    error,
    inverse,
    weighted,
    inverseJacobian,
    cost: (jacobian) => {
      if (!factorInPlace(spread, d)) return Number.POSITIVE_INFINITY
      let value = 0
      for (let i = 0; i < d; i++) value += Math.log(spread[i * d + i])
      inverseOfFactor(spread, d, lower, inverse)
      for (let i = 0; i < d; i++) {
        let sum = 0
        for (let j = 0; j < d; j++) sum += inverse[i * d + j] * error[j]
        weighted[i] = sum
        value += 0.5 * sum * error[i]
      }
      copy.set(jacobian)
      value -= invertInto(copy, d, inverseJacobian)
      return Number.isFinite(value) ? value : Number.POSITIVE_INFINITY
    }
  }
}
