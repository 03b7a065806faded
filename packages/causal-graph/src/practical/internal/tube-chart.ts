/** The chart that unrolls a curve: arc length along it and, in a frame that does not turn, the offset across it. */
import { type CurvePoint, dot, type MeanCurve } from './mean-curve.js'
import type { OrientedCurve } from './oriented-curve.js'

/** A point in the chart. */
export interface ChartPoint {
  /** Arc length at the nearest point of the curve; beyond the ends, of their tangents. */
  readonly arc: number
  /** b − 1 entries. */
  readonly offset: Float64Array
  /** log |det DΦ| of the chart Φ. */
  readonly logDet: number
}

export interface TubeChart {
  /** Of points at most `reach` from the curve's point at input t. */
  readonly near: (t: number, reach: number) => (point: ArrayLike<number>) => ChartPoint
}

type Frame = ReadonlyArray<Float64Array>

const unit = (x: ArrayLike<number>): Float64Array => {
  const size = Math.sqrt(dot(x, x))
  return Float64Array.from(x, (value) => value / size)
}

const reflected = (x: Float64Array, mirror: ArrayLike<number>): Float64Array => {
  const size = dot(mirror, mirror)
  if (size < 1e-24) return x
  const factor = (2 * dot(mirror, x)) / size
  return x.map((value, k) => value - factor * mirror[k])
}

const minus = (x: ArrayLike<number>, y: ArrayLike<number>): Float64Array =>
  Float64Array.from(x, (value, k) => value - y[k])

/** A frame carried from one point to another without turning about the curve, by double reflection (W. Wang et al., 2008). */
const carried = (
  frame: Frame,
  from: CurvePoint,
  to: CurvePoint,
  [before, after]: readonly [Float64Array, Float64Array]
): Frame => {
  const first = minus(to.x, from.x)
  const second = minus(after, reflected(before, first))
  return frame.map((normal) => reflected(reflected(normal, first), second))
}

/** Any b − 1 orthonormal directions across a tangent. */
const acrossTangent = (tangent: Float64Array): Frame => {
  const basis: Float64Array[] = [tangent]
  const axes = [...tangent.keys()].sort((i, j) => Math.abs(tangent[i]) - Math.abs(tangent[j]))
  for (const axis of axes.slice(0, tangent.length - 1)) {
    let direction = Float64Array.from(tangent, (_, k) => (k === axis ? 1 : 0))
    for (const other of basis) {
      const share = dot(direction, other)
      direction = direction.map((value, k) => value - share * other[k])
    }
    basis.push(unit(direction))
  }
  return basis.slice(1)
}

const STEPS = 12

/** The input of the nearest point, from a start within a cell of it. */
const nearestFrom = (curve: MeanCurve, z: ArrayLike<number>, start: number, step: number): number => {
  const low = curve.inputs[0]
  const high = curve.inputs[curve.inputs.length - 1]
  let t = start
  for (let k = 0; k < STEPS; k++) {
    const { x, velocity, acceleration } = curve.at(t)
    const away = minus(z, x)
    const bend = dot(velocity, velocity) - dot(away, acceleration)
    const move = dot(away, velocity) / Math.max(bend, 1e-3 * dot(velocity, velocity))
    t = Math.min(high, Math.max(low, t + Math.min(step, Math.max(-step, move))))
    if (Math.abs(move) < 1e-9 * step) break
  }
  return t
}

/**
 * Coordinates along and across a curve: an isometry on the curve itself, and off it as far as the curve bends. Points
 * are told by the nearest point of the whole curve, so that where it crosses itself they land on the wrong part.
 */
export const tubeChart = ({ curve, tangents, sense, arc, kept }: OrientedCurve): TubeChart => {
  const { inputs, points } = curve
  const last = inputs.length - 1
  const step = inputs[1] - inputs[0]
  const frames: Frame[] = [acrossTangent(tangents[0])]
  for (let k = 1; k <= last; k++)
    frames.push(carried(frames[k - 1], points[k - 1], points[k], [tangents[k - 1], tangents[k]]))
  const ends = [
    [kept.reduce((best, k) => (arc[k] < arc[best] ? k : best)), -1],
    [kept.reduce((best, k) => (arc[k] > arc[best] ? k : best)), 1]
  ] as const

  /** Past the end `node`, along its tangent. */
  const beyond = (z: ArrayLike<number>, node: number): ChartPoint & { readonly squared: number } => {
    const away = minus(z, points[node].x)
    const offset = Float64Array.from(frames[node], (normal) => dot(away, normal))
    return { arc: arc[node] + dot(away, tangents[node]), offset, logDet: 0, squared: dot(offset, offset) }
  }

  const b = curve.dimension
  const speeds = points.map(({ velocity }) => Math.sqrt(dot(velocity, velocity)))
  const places = Float64Array.from(
    { length: b * points.length },
    (_, e) => points[Math.floor(e / b)].x[e % b]
  )
  const squaredDistance = (z: ArrayLike<number>, node: number): number => {
    let sum = 0
    for (let k = 0; k < b; k++) sum += (z[k] - places[node * b + k]) ** 2
    return sum
  }

  /** From a node to an input within half a cell of it, where the speed is known: Simpson's rule. */
  const arcFrom = (node: number, t: number, speed: number): number => {
    const middle = curve.at((inputs[node] + t) / 2).velocity
    return ((t - inputs[node]) / 6) * (speeds[node] + 4 * Math.sqrt(dot(middle, middle)) + speed)
  }

  const chartOf = (z: ArrayLike<number>, candidates: ReadonlyArray<number>): ChartPoint => {
    let best = candidates[0]
    let least = Infinity
    for (const node of candidates) {
      const squared = squaredDistance(z, node)
      if (squared < least) {
        best = node
        least = squared
      }
    }
    const t = nearestFrom(curve, z, inputs[best], step)
    const point = curve.at(t)
    const away = minus(z, point.x)
    const squared = dot(away, away)
    for (const [node, side] of ends) {
      if (!candidates.includes(node)) continue
      const outer = beyond(z, node)
      if (side * (outer.arc - arc[node]) > 0 && outer.squared <= squared) return outer
    }
    const node = Math.min(last, Math.max(0, Math.round((t - inputs[0]) / step)))
    const tangent = unit(point.velocity).map((x) => sense[node] * x)
    const frame = carried(frames[node], points[node], point, [tangents[node], tangent])
    const offset = Float64Array.from(frame, (normal) => dot(away, normal))
    // ⟨γ_ss, z − γ⟩: the curvature vector is the acceleration across the curve over the squared speed.
    const speed = dot(point.velocity, point.velocity)
    const along = dot(away, point.velocity) / speed
    const bend = (dot(away, point.acceleration) - along * dot(point.velocity, point.acceleration)) / speed
    return {
      arc: arc[node] + sense[node] * arcFrom(node, t, Math.sqrt(speed)),
      offset,
      logDet: -Math.log(Math.max(Math.abs(1 - bend), 1e-12))
    }
  }

  return {
    near: (t, reach) => {
      const { x } = curve.at(t)
      const candidates = kept.filter((k) => squaredDistance(x, k) <= 4 * reach * reach)
      const own = Math.round((t - inputs[0]) / step)
      return (point) => chartOf(point, candidates.length > 0 ? candidates : [own])
    }
  }
}
