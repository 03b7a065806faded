/** The curve that the means of some latents run along as one input moves, in units of their noise. */
import { dual, type Kernel, number } from '@mechid/mechanisms'
import type { Condition } from '../../influence/scores.js'

/** A point of the curve with its derivatives by the input, b entries each. */
export interface CurvePoint {
  readonly x: Float64Array
  readonly velocity: Float64Array
  readonly acceleration: Float64Array
}

export interface MeanCurve {
  readonly dimension: number
  /** Ascending, evenly spaced. */
  readonly inputs: Float64Array
  readonly points: ReadonlyArray<CurvePoint>
  /** Arc length from the first point. */
  readonly arc: Float64Array
  readonly at: (input: number) => CurvePoint
}

export const dot = (x: ArrayLike<number>, y: ArrayLike<number>): number => {
  let sum = 0
  for (let k = 0; k < x.length; k++) sum += x[k] * y[k]
  return sum
}

/** Values and first two derivatives of a function on [0, 1] from those at both ends, by a polynomial of degree 5. */
const quintic = (
  u: number,
  h: number,
  from: CurvePoint,
  to: CurvePoint,
  k: number
): readonly [number, number, number] => {
  const [p, v, a] = [from.x[k], from.velocity[k] * h, from.acceleration[k] * h * h]
  const [q, w, b] = [to.x[k], to.velocity[k] * h, to.acceleration[k] * h * h]
  const d = q - p - v - a / 2
  const e = w - v - a
  const f = b - a
  const [c3, c4, c5] = [10 * d - 4 * e + f / 2, -15 * d + 7 * e - f, 6 * d - 3 * e + f / 2]
  return [
    p + u * (v + u * (a / 2 + u * (c3 + u * (c4 + u * c5)))),
    (v + u * (a + u * (3 * c3 + u * (4 * c4 + u * 5 * c5)))) / h,
    (a + u * (6 * c3 + u * (12 * c4 + u * 20 * c5))) / (h * h)
  ]
}

/** Nodes and weights of Gauss and Legendre on [0, 1], exact to degree 9. */
const LEGENDRE = [
  [0.5, 0.2844444444444444],
  [0.2307653449471585, 0.2393143352496832],
  [0.7692346550528415, 0.2393143352496832],
  [0.0469100770306681, 0.1184634425280946],
  [0.9530899229693319, 0.1184634425280946]
] as const

/** The length of the curve between two inputs that are close. */
const arcBetween = (curve: Pick<MeanCurve, 'at'>, from: number, to: number): number =>
  LEGENDRE.reduce((sum, [node, weight]) => {
    const { velocity } = curve.at(from + node * (to - from))
    return sum + weight * Math.sqrt(dot(velocity, velocity))
  }, 0) *
  (to - from)

/**
 * The curve of the means of `latents`, each over its noise's standard deviation, as input m of (past, actions) runs
 * over [low, high], from exact derivatives at `count` inputs.
 */
export const meanCurve = (
  kernel: Kernel,
  latents: ReadonlyArray<number>,
  deviations: ReadonlyArray<number>,
  base: Condition,
  m: number,
  [low, high]: readonly [number, number],
  count: number
): MeanCurve => {
  const D = dual(number)
  const D2 = dual(D)
  const step = (high - low) / (count - 1)
  const cut = base.past.length
  const inputs = Float64Array.from({ length: count }, (_, k) => low + k * step)
  const points = Array.from(inputs, (t): CurvePoint => {
    const moved = { value: { value: t, tangents: [1] }, tangents: [D.one] }
    const means = kernel.location(
      D2,
      base.past.map((x, at) => (at === m ? moved : D2.lit(x))),
      base.a.map((x, l) => (cut + l === m ? moved : D2.lit(x)))
    )
    const over = (read: (mean: (typeof means)[number]) => number): Float64Array =>
      Float64Array.from(latents, (i, k) => read(means[i]) / deviations[k])
    return {
      x: over(({ value }) => value.value),
      velocity: over(({ tangents }) => tangents[0]?.value ?? 0),
      acceleration: over(({ tangents }) => tangents[0]?.tangents[0] ?? 0)
    }
  })
  const at = (t: number): CurvePoint => {
    const cell = Math.min(count - 2, Math.max(0, Math.floor((t - low) / step)))
    const u = (t - inputs[cell]) / step
    const parts = latents.map((_, k) => quintic(u, step, points[cell], points[cell + 1], k))
    return {
      x: Float64Array.from(parts, ([x]) => x),
      velocity: Float64Array.from(parts, ([, v]) => v),
      acceleration: Float64Array.from(parts, ([, , a]) => a)
    }
  }
  const arc = new Float64Array(count)
  for (let k = 1; k < count; k++) arc[k] = arc[k - 1] + arcBetween({ at }, inputs[k - 1], inputs[k])
  return { dimension: latents.length, inputs, points, arc, at }
}
