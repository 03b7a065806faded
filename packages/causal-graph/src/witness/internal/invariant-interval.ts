/** Intervals of one latent on which neither past nor actions change the shape of its law. */
import type { Kernel, Noise } from '@mechid/mechanisms'
import type { Generator } from '@mechid/random'
import type { GraphBits } from '../../graph/graph-bits.js'
import { drawPoint } from '../../influence/conditions.js'
import { hull, type Interval, isBounded, middle, pieces, point, width } from '../../intervals/interval.js'
import { intervals } from '../../intervals/interval-reading.js'
import { rowCount } from '../../matrices/binary-matrix.js'
import { isOneNumber, type LawBounds, lawBounds } from './law-bounds.js'
import { type LinearPiece, linearPieces, slopeOn } from './noise-shape.js'

/** On [low, high] the density of latent `latent` is the same up to a factor under all conditions. */
export interface InvariantInterval extends Interval {
  readonly latent: number
  /** A location and a scale under which the density has that shape. */
  readonly location: number
  readonly scale: number
}

/** In scales; and over an interval a density falls to e^−2.5, at most. */
const LONGEST = 2
const STEEPEST = 2.5

/** Of the longest length: shorter ones are hardly worth a twist. */
const SHORTEST = 0.25

/** What a latent's law may be. */
interface Law extends LawBounds {
  readonly noise: Noise
  /** Whether nothing bears on it, so that location and scale are single numbers. */
  readonly fixed: boolean
}

/** Slopes up to this are 0 but for rounding. */
const FLAT = 1e-12

/** Where z is within a linear piece of the noise under every location and scale; undefined where nowhere. */
const withinPiece = ({ location, scale }: Law, { low, high, slope }: LinearPiece): Interval | undefined => {
  // Where the log density rises or falls, its slope in z is over the scale.
  if (Math.abs(slope) > FLAT && !isOneNumber(scale, 0)) return undefined
  const from = location.high + Math.max(scale.low * low, scale.high * low)
  const to = location.low + Math.min(scale.low * high, scale.high * high)
  // A margin for the rounding of these lines.
  const margin = 1e-6 * scale.high
  return to - from > 2 * margin ? { low: from + margin, high: to - margin } : undefined
}

const longest = ({ scale }: Law, slope: number): number =>
  scale.low * Math.min(LONGEST, STEEPEST / Math.max(Math.abs(slope), FLAT))

/** Not longer than a twist can use, as near as it can be to where the latent is; undefined where it is too short. */
const trimmed = (x: Interval, law: Law, slope: number): Interval | undefined => {
  const most = longest(law, slope)
  if (width(x) < SHORTEST * most) return undefined
  const length = Math.min(width(x), most)
  const low = Math.min(Math.max(x.low, middle(law.location) - length / 2), x.high - length)
  return { low, high: low + length }
}

/** The middle half of the draws, where the density hardly falls. */
const central = (sorted: ReadonlyArray<number>): Interval => ({
  low: sorted[sorted.length >> 2],
  high: sorted[(3 * sorted.length) >> 2]
})

/** Bounds over short intervals are tighter. */
const SLICES = 16

/** Whether interval arithmetic confirms that the density on the interval is positive and keeps its shape. */
const keepsShape = ({ noise, location, scale, fixed }: Law, z: Interval): boolean => {
  const u = intervals.div(intervals.sub(z, location), scale)
  const slopes = pieces(u, SLICES).map((slice) => slopeOn(noise, slice))
  if (!slopes.every((slope) => slope !== undefined)) return false
  if (fixed) return true
  const slope = slopes.reduce(hull)
  return isOneNumber(slope, 1) && (isOneNumber(scale, 0) || isOneNumber(hull(slope, point(0)), 1))
}

const lawOf = (kernel: Kernel, graph: GraphBits, latent: number): Law | undefined => {
  const noise = kernel.noise[latent]
  const fixed = [graph.actions, graph.latents].every((m) => m === undefined || rowCount(m, latent) === 0)
  const { location, scale } = lawBounds(kernel, latent, graph.actions)
  return isBounded(location) && isBounded(scale) && scale.low > 0
    ? { noise, location, scale, fixed }
    : undefined
}

/** Of several intervals that keep the shape, the one that most of the draws fall in. */
const best = (law: Law, sorted: ReadonlyArray<number>, linear: ReadonlyArray<LinearPiece>) => {
  const straight = linear.map((piece) => ({ z: withinPiece(law, piece), slope: piece.slope }))
  // Quadrature within the box is exact where nothing bends.
  const candidates = law.fixed && linear.length === 0 ? [{ z: central(sorted), slope: 0 }] : straight
  const inside = ({ low, high }: Interval): number => sorted.filter((z) => z >= low && z <= high).length
  return candidates
    .map(({ z, slope }) => (z === undefined ? undefined : trimmed(z, law, slope)))
    .filter((z): z is Interval => z !== undefined && keepsShape(law, z))
    .map((z) => ({ z, count: inside(z) }))
    .sort((a, b) => b.count - a.count)[0]?.z
}

/**
 * For each latent of those named, as far as there is one, an interval on which the shape of its law is the same under all
 * pasts and actions: bounded by interval arithmetic, not by draws. Location and scale have bounds over the whole domain;
 * within these the noise's log density has one slope, or nothing bears on the latent. Up to 2 scales long, where most
 * draws of the kernel fall. Lazily, since few may be needed.
 */
export function* invariantIntervals(
  kernel: Kernel,
  graph: GraphBits,
  latents: ReadonlyArray<number>,
  random: Generator
): Iterable<InvariantInterval> {
  const draws = Array.from({ length: 200 }, () => drawPoint(kernel, random))
  const known = new Map<Noise, LinearPiece[]>()
  for (const latent of latents) {
    const law = lawOf(kernel, graph, latent)
    if (law === undefined) continue
    const straight = known.get(law.noise) ?? linearPieces(law.noise)
    known.set(law.noise, straight)
    const sorted = draws.map((z) => z[latent]).sort((a, b) => a - b)
    const interval = best(law, sorted, straight)
    if (interval !== undefined)
      yield { latent, ...interval, location: middle(law.location), scale: middle(law.scale) }
  }
}
