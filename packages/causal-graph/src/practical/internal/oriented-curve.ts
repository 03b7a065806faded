/** A curve as a set: where the input turns round and the means run back over where they were, so does the arc length. */
import { type CurvePoint, dot, type MeanCurve } from './mean-curve.js'

export interface OrientedCurve {
  readonly curve: MeanCurve
  /** By node: the unit tangent, which keeps its sense where the curve runs back. */
  readonly tangents: ReadonlyArray<Float64Array>
  /** By node: +1, or −1 on parts that are run backwards. */
  readonly sense: Int8Array
  /** By node: the arc length with that sign. */
  readonly arc: Float64Array
  /** The nodes but for those that lie on earlier ones. */
  readonly kept: ReadonlyArray<number>
  /** By node: how far the tangent has turned up to there, in radians, where the curve is not run back over. */
  readonly turning: Float64Array
}

/** Closer than this to the part before, in units of the noise: on it. */
const SAME_PLACE = 0.05

const unit = ({ velocity }: CurvePoint): Float64Array => {
  const size = Math.sqrt(dot(velocity, velocity))
  return velocity.map((v) => v / size)
}

const chord = (x: Float64Array, y: Float64Array): number => Math.hypot(...x.map((value, k) => value - y[k]))

/** How far a point is from the straight pieces between the nodes from … to. */
const distanceTo = (
  points: ReadonlyArray<CurvePoint>,
  { x: z }: CurvePoint,
  from: number,
  to: number
): number => {
  let least = Infinity
  for (let k = from; k < to; k++) {
    const [p, q] = [points[k].x, points[k + 1].x]
    let [along, size] = [0, 0]
    for (let e = 0; e < z.length; e++) {
      along += (z[e] - p[e]) * (q[e] - p[e])
      size += (q[e] - p[e]) ** 2
    }
    const share = size === 0 ? 0 : Math.min(1, Math.max(0, along / size))
    let squared = 0
    for (let e = 0; e < z.length; e++) squared += (z[e] - p[e] - share * (q[e] - p[e])) ** 2
    least = Math.min(least, squared)
  }
  return Math.sqrt(least)
}

/** The nodes at which the velocity turns round. */
const reversals = (points: ReadonlyArray<CurvePoint>): number[] =>
  points.flatMap(({ velocity }, k) => (k > 0 && dot(velocity, points[k - 1].velocity) < 0 ? [k] : []))

const PROBES = 12

/** Whether the part from `turn` to `end` runs back over nodes before `turn`, as far as these reach. */
const runsBack = ({ points, arc }: MeanCurve, start: number, turn: number, end: number): boolean => {
  const shared = Math.min(arc[turn] - arc[start], arc[end] - arc[turn])
  for (let probe = 1; probe <= PROBES; probe++) {
    const target = arc[turn] + (shared * probe) / (PROBES + 1)
    let k = turn
    while (k < end && arc[k] < target) k++
    if (distanceTo(points, points[k], start, turn) > SAME_PLACE) return false
  }
  return true
}

export const orientedCurve = (curve: MeanCurve): OrientedCurve => {
  const { points, arc } = curve
  const last = points.length - 1
  const turns = reversals(points)
  const sense = new Int8Array(points.length).fill(1)
  const kept: number[] = []
  let [start, now, back] = [0, 1, false]
  for (let k = 0; k <= last; k++) {
    const at = turns.indexOf(k)
    if (at >= 0) {
      back = runsBack(curve, start, k - 1, turns[at + 1] ?? last)
      if (back) now = -now
      start = k
    }
    sense[k] = now
    if (start === 0 || distanceTo(points, points[k], 0, start - 1) > SAME_PLACE) kept.push(k)
  }
  const signed = new Float64Array(points.length)
  for (let k = 1; k <= last; k++) signed[k] = signed[k - 1] + sense[k] * (arc[k] - arc[k - 1])
  const tangents = points.map((point, k) => unit(point).map((x) => sense[k] * x))
  const isKept = new Set(kept)
  const turning = new Float64Array(points.length)
  for (let k = 1; k <= last; k++) {
    const turned =
      isKept.has(k) && isKept.has(k - 1)
        ? 2 * Math.asin(Math.min(1, chord(tangents[k - 1], tangents[k]) / 2))
        : 0
    turning[k] = turning[k - 1] + turned
  }
  return { curve, tangents, sense, arc: signed, kept, turning }
}
