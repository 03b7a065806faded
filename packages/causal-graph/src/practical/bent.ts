/** Rivals that bend the curve of means a little instead of unrolling it: the cheapest bend that is seen as a misfit. */
import type { CurvePoint, MeanCurve } from './internal/mean-curve.js'

export interface BentRival {
  /** Expected log p − log p̂ a row, in nats, of the cheapest bend with this misfit; to second order in the bend. */
  readonly logRatio: number
  /** The share of the latents' variance that a linear map leaves unexplained, mean over latents. */
  readonly unexplained: number
  /** How often the curve crosses itself: there both branches have to move and turn alike. */
  readonly crossings: number
}

type Vector = Float64Array

const CELLS = 160
const ITERATIONS = 80

const dot = (x: Vector, y: Vector): number => {
  let sum = 0
  for (let k = 0; k < x.length; k++) sum += x[k] * y[k]
  return sum
}

/** x without its parts along orthonormal vectors; twice, against rounding. */
const without = (x: Vector, basis: ReadonlyArray<Vector>): Vector => {
  const out = x.slice()
  for (let twice = 0; twice < 2; twice++)
    for (const b of basis) {
      const share = dot(out, b)
      for (let k = 0; k < out.length; k++) out[k] -= share * b[k]
    }
  return out
}

const orthonormalized = (vectors: ReadonlyArray<Vector>): Vector[] => {
  const basis: Vector[] = []
  for (const v of vectors) {
    const rest = without(v, basis)
    const size = Math.sqrt(dot(rest, rest))
    if (size > 1e-9 * Math.sqrt(dot(v, v))) basis.push(rest.map((x) => x / size))
  }
  return basis
}

/** Pairs of cells whose chords cross. */
const crossingsOf = (points: ReadonlyArray<CurvePoint>): (readonly [number, number])[] => {
  const found: (readonly [number, number])[] = []
  for (let i = 0; i + 1 < points.length; i++)
    for (let j = i + 2; j + 1 < points.length; j++) {
      const [p, q] = [points[i].x, points[j].x]
      const [rx, ry] = [points[i + 1].x[0] - p[0], points[i + 1].x[1] - p[1]]
      const [sx, sy] = [points[j + 1].x[0] - q[0], points[j + 1].x[1] - q[1]]
      const area = rx * sy - ry * sx
      const along = ((q[0] - p[0]) * sy - (q[1] - p[1]) * sx) / area
      const other = ((q[0] - p[0]) * ry - (q[1] - p[1]) * rx) / area
      if (along >= 0 && along < 1 && other >= 0 && other < 1) found.push([i, j])
    }
  return found
}

/** What a unit bend of each cell does to the direction of each cell and to the place of each node. */
interface Response {
  readonly turned: Vector
  readonly moved: readonly [Vector, Vector]
}

const responsesOf = (points: ReadonlyArray<CurvePoint>): Response[] => {
  const cells = points.length - 1
  const chords = Array.from({ length: cells }, (_, k) => [
    points[k + 1].x[0] - points[k].x[0],
    points[k + 1].x[1] - points[k].x[1]
  ])
  const lengths = chords.map(([x, y]) => Math.hypot(x, y))
  return chords.map((_, bent) => {
    const turned = new Float64Array(cells)
    const moved = [new Float64Array(cells + 1), new Float64Array(cells + 1)] as const
    for (let k = 0; k < cells; k++) {
      turned[k] = k < bent ? 0 : k === bent ? lengths[bent] / 2 : lengths[bent]
      moved[0][k + 1] = moved[0][k] - turned[k] * chords[k][1]
      moved[1][k + 1] = moved[1][k] + turned[k] * chords[k][0]
    }
    return { turned, moved }
  })
}

/**
 * Of all isometric bends of a plane curve, by b(s) more curvature (s in units of the noise), the one that costs least for its
 * misfit. A bend costs b²/4 a row where it is, as unrolling does with b = −κ; its misfit is what a linear map leaves of the
 * displacement. Both are quadratic in b, so the best bend is a leading singular vector. Where the curve crosses
 * itself one map has to serve both branches: they move and turn alike.
 *
 * @param density how often the input is near a value, up to a factor
 */
export const bentRival = (
  curve: MeanCurve,
  [low, high]: readonly [number, number],
  density: (input: number) => number,
  unexplained: number
): BentRival => {
  const inputs = Array.from({ length: CELLS + 1 }, (_, k) => low + ((high - low) * k) / CELLS)
  const points = inputs.map(curve.at)
  const raw = Array.from({ length: CELLS }, (_, k) => density((inputs[k] + inputs[k + 1]) / 2))
  const total = raw.reduce((sum, w) => sum + w, 0)
  const weights = raw.map((w) => w / total)
  const roots = Float64Array.from(inputs, (_, k) =>
    Math.sqrt(((weights[k - 1] ?? weights[0]) + (weights[k] ?? weights[CELLS - 1])) / 2)
  )
  const weighted = (values: Vector): Vector => values.map((x, k) => x * roots[k])
  const places = [0, 1].map((c) => Float64Array.from(points, ({ x }) => x[c]))
  const linear = orthonormalized([roots, ...places.map(weighted)])
  const [constant] = linear
  const deviations = places.map((x) => {
    const rest = without(weighted(x), [constant])
    return Math.sqrt(dot(rest, rest))
  })
  const responses = responsesOf(points)
  // In coordinates in which the cost is |y|².
  const scale = weights.map((w) => 2 / Math.sqrt(Math.max(w, 1e-12)))
  const misfits = responses.map(({ moved }, k) =>
    moved.map((u, c) =>
      without(weighted(u), linear).map((x) => (x * scale[k]) / (deviations[c] * Math.SQRT2))
    )
  )
  const crossings = crossingsOf(points)
  const constraint = (of: (response: Response) => number): Vector =>
    Float64Array.from(responses, (response, k) => scale[k] * of(response))
  const held = orthonormalized(
    crossings.flatMap(([i, j]) => [
      constraint(({ turned }) => turned[j] - turned[i]),
      constraint(({ moved }) => moved[0][j] - moved[0][i]),
      constraint(({ moved }) => moved[1][j] - moved[1][i])
    ])
  )
  let y = without(
    Float64Array.from(misfits, (_, k) => Math.sin(1 + 3 * k) + 0.5),
    held
  )
  let gain = 0
  for (let step = 0; step < ITERATIONS; step++) {
    const image = [0, 1].map((c) => {
      const sum = new Float64Array(CELLS + 1)
      misfits.forEach((m, k) => {
        for (let e = 0; e <= CELLS; e++) sum[e] += y[k] * m[c][e]
      })
      return sum
    })
    const back = without(
      Float64Array.from(misfits, (m) => dot(m[0], image[0]) + dot(m[1], image[1])),
      held
    )
    const size = Math.sqrt(dot(back, back))
    gain = size / Math.sqrt(dot(y, y))
    y = back.map((x) => x / size)
  }
  return { logRatio: unexplained / gain, unexplained, crossings: crossings.length }
}
