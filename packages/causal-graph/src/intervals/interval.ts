/** Intervals of real numbers, rounded outwards: what is computed in them holds for every number within. */

/** All numbers from low to high, the ends included where they are finite; low ≤ high. */
export interface Interval {
  readonly low: number
  readonly high: number
}

export const point = (value: number): Interval => between(value, value)

/** The whole line: nothing is known. */
export const WHOLE: Interval = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }

/** Exact ends; the whole line where one of them is not a number. */
export const between = (low: number, high: number): Interval =>
  Number.isNaN(low) || Number.isNaN(high) ? WHOLE : { low, high }

/** Four units in the last place: more than the functions of `Math` err by in the engines that we know. */
const SLACK = 2 ** -50

/** A number below x by more than x may be wrong. */
const below = (x: number): number => {
  if (x === Number.POSITIVE_INFINITY) return Number.MAX_VALUE
  return x === Number.NEGATIVE_INFINITY ? x : x - (Math.abs(x) * SLACK + Number.MIN_VALUE)
}

/** Computed ends, moved outwards. */
export const outward = (low: number, high: number): Interval =>
  Number.isNaN(low) || Number.isNaN(high) ? WHOLE : { low: below(low), high: -below(-high) }

export const width = ({ low, high }: Interval): number => high - low

export const middle = ({ low, high }: Interval): number => low + (high - low) / 2

export const hull = (x: Interval, y: Interval): Interval => ({
  low: Math.min(x.low, y.low),
  high: Math.max(x.high, y.high)
})

export const isBounded = ({ low, high }: Interval): boolean => Number.isFinite(low) && Number.isFinite(high)

/** Cut into so many intervals of equal length; one that is not bounded stays whole. */
export const pieces = (x: Interval, count: number): Interval[] => {
  if (!isBounded(x) || count < 2) return [x]
  const end = (k: number): number => (k === count ? x.high : x.low + (width(x) * k) / count)
  return Array.from({ length: count }, (_, k) => ({ low: end(k), high: end(k + 1) }))
}
