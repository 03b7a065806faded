/** Whether a user's own noise is what it says it is: draws, density and variance agree. */
import { generator } from '@mechid/random'
import { type InvalidOption, invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { Noise } from './noise.js'
import { number } from './readings/number.js'

const INTERVALS = 20_000

/** Midpoints that reach from −∞ to ∞, the density there, and the probability up to each one's right end. */
interface Tabulated {
  readonly points: Float64Array
  readonly cumulative: Float64Array
  readonly total: number
  readonly variance: number
}

/** Integrates over u = t / (1 − t²), t in (−1, 1), by midpoints: tails as heavy as Cauchy's still converge. */
const tabulate = ({ logDensity }: Noise): Tabulated => {
  const points = new Float64Array(INTERVALS)
  const cumulative = new Float64Array(INTERVALS)
  let [total, first, second] = [0, 0, 0]
  for (let i = 0; i < INTERVALS; i++) {
    const t = (2 * (i + 0.5)) / INTERVALS - 1
    const rest = 1 - t * t
    const u = t / rest
    const density = Math.exp(logDensity(number, u))
    const mass = (density * ((1 + t * t) / (rest * rest)) * 2) / INTERVALS
    points[i] = u
    total += mass
    first += mass * u
    second += mass * u * u
    cumulative[i] = total
  }
  return { points, cumulative, total, variance: second - first * first }
}

/** Kolmogorov and Smirnov's distance of sorted draws from the tabulated law. */
const distanceFrom = (draws: Float64Array, { points, cumulative }: Tabulated): number => {
  let largest = 0
  for (let i = 0, at = 0; i < draws.length; i++) {
    while (at < points.length - 1 && points[at] < draws[i]) at++
    const below = cumulative[at]
    largest = Math.max(largest, Math.abs(below - i / draws.length), Math.abs(below - (i + 1) / draws.length))
  }
  return largest
}

const LARGEST_GAP = 5e-3
const VARIANCE_TOLERANCE = 0.02
/** Of sound noises, fewer than one in ten thousand exceeds this: 2 e^(−2 · 2.3²). */
const KOLMOGOROV_LIMIT = 2.3

/**
 * The noise itself if its density integrates to one (within 0.005), its variance is the density's (within 2%, if
 * finite), and `draws` draws follow the density (Kolmogorov–Smirnov distance at most 2.3 / √draws plus 0.005).
 * A test of a user's own noise before weeks of simulation; it finds gross errors, such as a missing
 * normalization or a wrong scale, not subtle ones.
 *
 * Errors: `InvalidOption`, naming what disagrees.
 *
 * @example
 * checkNoise({ name: 'half', sample: (r) => r.normal(), logDensity: (F, u) => F.neg(F.abs(u)), variance: 1 })
 * // Left: its density integrates to 2
 */
export const checkNoise = (
  noise: Noise,
  { draws = 4096, seed = 0 }: { readonly draws?: number; readonly seed?: number } = {}
): E.Either<InvalidOption, Noise> => {
  const where = `noise ${noise.name}`
  const table = tabulate(noise)
  // Written so that NaN fails, too.
  if (!(Math.abs(table.total - 1) <= LARGEST_GAP)) {
    return E.left(invalidOption(where, 'the integral of exp(logDensity)', table.total.toPrecision(4), '1'))
  }
  const { variance } = noise
  if (Number.isFinite(variance) && !(Math.abs(table.variance - variance) <= VARIANCE_TOLERANCE * variance)) {
    const expected = `${table.variance.toPrecision(4)}, as its density has`
    return E.left(invalidOption(where, 'variance', variance, expected))
  }
  const random = generator(seed).split('noise check')
  const drawn = Float64Array.from({ length: draws }, () => noise.sample(random)).sort()
  const distance = distanceFrom(drawn, table)
  const limit = KOLMOGOROV_LIMIT / Math.sqrt(draws) + LARGEST_GAP
  return distance <= limit
    ? E.right(noise)
    : E.left(
        invalidOption(
          where,
          'the distance of draws from the density (Kolmogorov–Smirnov)',
          distance.toPrecision(3),
          `at most ${limit.toPrecision(3)}; sample and logDensity must be of one law`
        )
      )
}
