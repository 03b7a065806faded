/** The upper tail of the F distribution. */

/** Lanczos' approximation (g = 7, n = 9), relative error below 1e−14 for x > 0. */
const COEFFICIENTS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7
]

const logGamma = (x: number): number => {
  const y = x - 1
  let sum = COEFFICIENTS[0]
  for (let i = 1; i < COEFFICIENTS.length; i++) sum += COEFFICIENTS[i] / (y + i)
  const t = y + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(sum)
}

const TINY = 1e-300

/** Lentz's continued fraction for the incomplete beta function (Abramowitz and Stegun 26.5.8). */
const betaFraction = (a: number, b: number, x: number): number => {
  let c = 1
  let d = 1 / Math.max(TINY, 1 - ((a + b) * x) / (a + 1))
  let h = d
  const step = (numerator: number): number => {
    d = 1 + numerator * d
    d = 1 / (Math.abs(d) < TINY ? TINY : d)
    c = 1 + numerator / c
    if (Math.abs(c) < TINY) c = TINY
    h *= d * c
    return Math.abs(d * c - 1)
  }
  for (let m = 1; m <= 500; m++) {
    step((m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)))
    if (step((-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))) < 1e-15) break
  }
  return h
}

/** The regularized incomplete beta function I_x(a, b), 0 ≤ x ≤ 1. */
export const incompleteBeta = (a: number, b: number, x: number): number => {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x))
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(a, b, x)) / a
    : 1 - (front * betaFraction(b, a, 1 - x)) / b
}

/** P(F > f) for F with (between, within) degrees of freedom. */
export const fTail = (f: number, between: number, within: number): number =>
  incompleteBeta(within / 2, between / 2, within / (within + between * f))
