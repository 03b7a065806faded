/** The reading in intervals: bounds of a mechanism, a scale or a density over all inputs within boxes. */
import { type Elementary, number } from '@mechid/mechanisms'
import { between, hull, type Interval, outward, point, WHOLE } from './interval.js'

/** Bounded reals times 0 are 0, though an end may be infinite. */
const product = (x: number, y: number): number => (x === 0 || y === 0 ? 0 : x * y)

const mul = (x: Interval, y: Interval): Interval => {
  const [a, b] = [product(x.low, y.low), product(x.low, y.high)]
  const [c, d] = [product(x.high, y.low), product(x.high, y.high)]
  return outward(Math.min(a, b, c, d), Math.max(a, b, c, d))
}

/** The whole line where the divisor may be 0. */
const div = (x: Interval, y: Interval): Interval => {
  if (y.low <= 0 && y.high >= 0) return WHOLE
  const [a, b, c, d] = [x.low / y.low, x.low / y.high, x.high / y.low, x.high / y.high]
  return outward(Math.min(a, b, c, d), Math.max(a, b, c, d))
}

const rising =
  (f: (x: number) => number) =>
  (x: Interval): Interval =>
    outward(f(x.low), f(x.high))

/** A function that is defined from 0 on and rises. */
const risingFromZero =
  (f: (x: number) => number) =>
  (x: Interval): Interval =>
    x.low < 0 ? WHOLE : rising(f)(x)

const TURN = 2 * Math.PI

/** sin or cos, whose maxima are at `peak` and each turn from there. */
const wave =
  (f: (x: number) => number, peak: number) =>
  (x: Interval): Interval => {
    // In turns from a maximum. Rounding may hide a whole number, so the search for one reaches further.
    const [from, to] = [(x.low - peak) / TURN, (x.high - peak) / TURN]
    const slack = 1e-12 * (1 + Math.max(Math.abs(from), Math.abs(to)))
    if (!(to - from < 1) || !(slack < 0.1)) return { low: -1, high: 1 }
    const holds = (offset: number): boolean =>
      Math.ceil(from - offset - slack) <= Math.floor(to - offset + slack)
    const ends = outward(Math.min(f(x.low), f(x.high)), Math.max(f(x.low), f(x.high)))
    return {
      low: holds(0.5) ? -1 : Math.max(-1, ends.low),
      high: holds(0) ? 1 : Math.min(1, ends.high)
    }
  }

const abs = (x: Interval): Interval => {
  if (x.low >= 0) return x
  return x.high <= 0 ? neg(x) : { low: 0, high: Math.max(-x.low, x.high) }
}

const neg = ({ low, high }: Interval): Interval => ({ low: -high, high: -low })

const pow = (x: Interval, exponent: number): Interval => {
  if (exponent === 0) return point(1)
  if (exponent === 1) return x
  if (exponent < 0) return div(point(1), pow(x, -exponent))
  const power = (y: number): number => y ** exponent
  if (!Number.isInteger(exponent)) return risingFromZero(power)(x)
  if (exponent % 2 === 1) return rising(power)(x)
  const size = rising(power)(abs(x))
  return { low: Math.max(0, size.low), high: size.high }
}

/**
 * Intervals as numbers. Every result holds whatever the operation gives on numbers within its arguments, as real numbers;
 * where it may be undefined, the whole line. What reads one input twice is bounded less tightly: cut boxes into pieces.
 *
 * @example
 * intervals.sin({ low: 0, high: 3 }) // { low: 0, high: 1 }
 */
export const intervals: Elementary<Interval> = {
  zero: point(0),
  one: point(1),
  lit: point,
  add: (x, y) => outward(x.low + y.low, x.high + y.high),
  sub: (x, y) => outward(x.low - y.high, x.high - y.low),
  mul,
  div,
  neg,
  sin: wave(Math.sin, Math.PI / 2),
  cos: wave(Math.cos, 0),
  exp: (x) => {
    const { low, high } = rising(Math.exp)(x)
    return { low: Math.max(0, low), high }
  },
  log: risingFromZero(Math.log),
  tanh: rising(Math.tanh),
  sigmoid: rising(number.sigmoid),
  softplus: rising(number.softplus),
  sqrt: risingFromZero(Math.sqrt),
  abs,
  pow,
  max: (x, y) => between(Math.max(x.low, y.low), Math.max(x.high, y.high)),
  min: (x, y) => between(Math.min(x.low, y.low), Math.min(x.high, y.high)),
  where: (condition, x, y) => {
    if (condition.low > 0) return x
    return condition.high <= 0 ? y : hull(x, y)
  }
}
