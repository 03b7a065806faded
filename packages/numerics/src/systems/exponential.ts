/** The matrix exponential. */
import { combine, type Dense, frobenius, identityMatrix, multiply, scaled } from '../dense.js'

/** Terms of the series after halving to norm 1/2: the next one is below 2⁻⁵³. */
const TERMS = 14

/**
 * exp(a) by scaling and squaring of the Taylor series.
 *
 * @example
 * matrixExponential(ofRows([[0, -1], [1, 0]])) // rotation by 1
 */
export const matrixExponential = (a: Dense): Dense => {
  const halvings = Math.max(0, Math.ceil(Math.log2(Math.max(frobenius(a), 1e-300))) + 1)
  const small = scaled(2 ** -halvings, a)
  let power = identityMatrix(a.shape[0])
  let sum = power
  for (let k = 1; k <= TERMS; k++) {
    power = scaled(1 / k, multiply(power, small))
    sum = combine(1, sum, 1, power)
  }
  for (let k = 0; k < halvings; k++) sum = multiply(sum, sum)
  return sum
}
