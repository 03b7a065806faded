/** The shape of a noise's log density, in interval arithmetic: where it is linear, its score does not say where the mean is. */
import { dual, type Noise } from '@mechid/mechanisms'
import { type Interval, isBounded, pieces, point, width } from '../../intervals/interval.js'
import { intervals } from '../../intervals/interval-reading.js'
import { isOneNumber } from './law-bounds.js'

/** Where cells are short: further out a smooth tail, such as the logistic one, is linear up to rounding in each of them. */
const REACH: Interval = { low: -24, high: 24 }

/** Where tails are looked at as a whole. */
const FAR = 1e6

/** `(log p)'` of a noise on an interval; undefined where the density may vanish. */
export const slopeOn = (noise: Noise, u: Interval): Interval | undefined => {
  const { value, tangents } = noise.logDensity(dual(intervals), { value: u, tangents: [point(1)] })
  return isBounded(value) ? (tangents[0] ?? point(0)) : undefined
}

/** Whether interval arithmetic shows that the log density is a parabola within 24 scales of the centre: Gaussian. */
export const isParabola = (noise: Noise): boolean => {
  const D = dual(intervals)
  const [slope] = noise.logDensity(dual(D), {
    value: { value: REACH, tangents: [point(1)] },
    tangents: [D.one]
  }).tangents
  const curvature = slope?.tangents[0]
  return curvature !== undefined && curvature.high < 0 && isOneNumber(curvature, 0)
}

/** An interval in standard position on which the log density has one slope. */
export interface LinearPiece extends Interval {
  readonly slope: number
}

const CELLS = 768

const cells: ReadonlyArray<Interval> = [
  { low: -FAR, high: REACH.low },
  ...pieces(REACH, CELLS),
  { low: REACH.high, high: FAR }
]

/** All linear pieces of the log density, as unions of cells of 1/16 scale and of tails beyond 24 scales. */
export const linearPieces = (noise: Noise): LinearPiece[] => {
  const found: LinearPiece[] = []
  let open: LinearPiece | undefined
  for (const cell of cells) {
    const slope = slopeOn(noise, cell)
    const straight = slope !== undefined && isOneNumber(slope, 1)
    const joined: Interval | undefined =
      straight && open !== undefined
        ? { low: Math.min(open.slope, slope.low), high: Math.max(open.slope, slope.high) }
        : undefined
    if (open !== undefined && joined !== undefined && isOneNumber(joined, 1))
      open = { ...open, high: cell.high }
    else {
      if (open !== undefined) found.push(open)
      open = straight ? { ...cell, slope: slope.low + width(slope) / 2 } : undefined
    }
  }
  return open === undefined ? found : [...found, open]
}
