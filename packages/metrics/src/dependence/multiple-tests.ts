/** p-values of one test, and of many at once. */

/** Up to here the power series of the normal distribution, from here on its continued fraction. */
const FAR = 3

/** Terms that bring either to 1e-12 of its value on its side of `FAR`. */
const TERMS = 60

const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)

/**
 * P(N(0, 1) > x), to 12 digits (M. Abramowitz, I. Stegun, 26.2.11 and 26.2.14).
 *
 * @example
 * normalTail(1.96) // 0.025
 */
export const normalTail = (x: number): number => {
  if (x < 0) return 1 - normalTail(-x)
  if (x < FAR) {
    let term = x
    let sum = x
    for (let k = 1; k < TERMS; k++) {
      term *= (x * x) / (2 * k + 1)
      sum += term
    }
    return 0.5 - density(x) * sum
  }
  let fraction = x
  for (let k = TERMS; k > 0; k--) fraction = x + k / fraction
  return density(x) / fraction
}

/**
 * Holm's adjusted p-values (S. Holm, Scandinavian Journal of Statistics 1979): rejecting those at most α errs with
 * probability α or less in any true hypothesis, whatever the dependence between the tests.
 *
 * @example
 * holm([0.01, 0.04, 0.03]) // [0.03, 0.06, 0.06]
 */
export const holm = (pValues: readonly number[]): number[] => {
  const adjusted = new Array<number>(pValues.length)
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a] - pValues[b])
  let most = 0
  order.forEach((i, rank) => {
    most = Math.max(most, Math.min(1, (pValues.length - rank) * pValues[i]))
    adjusted[i] = most
  })
  return adjusted
}
