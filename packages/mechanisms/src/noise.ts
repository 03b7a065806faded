/** The law of one coordinate's noise. */
import type { Generator } from '@mechid/random'
import type { Elementary } from './elementary.js'

/**
 * A law on the real line, in standard position (location 0, scale 1). Any value of this type works wherever
 * the built-in ones do.
 */
export interface Noise {
  readonly name: string
  /** One draw. */
  readonly sample: (random: Generator) => number
  /** Fills `out` with what as many calls of `sample` would draw, faster. */
  readonly fill?: (random: Generator, out: Float64Array) => void
  /** log density at `u`, in any reading. Must integrate to one. */
  readonly logDensity: <A>(F: Elementary<A>, u: A) => A
  /** Variance in standard position, where it is finite. */
  readonly variance: number
}

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI)

/** Standard normal. */
export const gaussian: Noise = {
  name: 'gaussian',
  sample: (random) => random.normal(),
  fill: (random, out) => random.fillNormal(out),
  logDensity: (F, u) => F.sub(F.mul(F.lit(-0.5), F.mul(u, u)), F.lit(HALF_LOG_TWO_PI)),
  variance: 1
}

/** Laplace with density ½ e^−|u|; variance 2. */
export const laplace: Noise = {
  name: 'laplace',
  sample: (random) => {
    const u = random.uniform() - 0.5
    return u < 0 ? Math.log1p(2 * u) : -Math.log1p(-2 * u)
  },
  logDensity: (F, u) => F.sub(F.neg(F.abs(u)), F.lit(Math.LN2)),
  variance: 2
}

/** Logistic with density e^−u / (1 + e^−u)²; variance π²/3. */
export const logistic: Noise = {
  name: 'logistic',
  sample: (random) => {
    const u = random.uniform()
    return Math.log(u / (1 - u))
  },
  logDensity: (F, u) => F.neg(F.add(F.softplus(u), F.softplus(F.neg(u)))),
  variance: Math.PI ** 2 / 3
}

/** Uniform on [−1, 1]; variance 1/3. Outside, the log density is −∞. */
export const uniform: Noise = {
  name: 'uniform',
  sample: (random) => 2 * random.uniform() - 1,
  logDensity: (F, u) => F.where(F.sub(F.abs(u), F.lit(1)), F.lit(Number.NEGATIVE_INFINITY), F.lit(-Math.LN2)),
  variance: 1 / 3
}
