/** What the unrolled curve costs: the expected log-likelihood ratio between the truth and that other model. */
import { gaussHermite, productRule } from '../quadrature/gauss-hermite.js'
import type { MeanCurve } from './internal/mean-curve.js'
import { orientedCurve } from './internal/oriented-curve.js'
import { tubeChart } from './internal/tube-chart.js'

/** Where the input is, and how often. */
export interface InputLaw {
  readonly inputs: ReadonlyArray<number>
  readonly weights: ReadonlyArray<number>
}

export interface UnrolledRival {
  /** Expected log p(z | input) − log p̂(z | input) a row, in nats. */
  readonly logRatio: number
  /** Share of rows that the chart puts on another part of the curve, where it crosses or nears itself. */
  readonly misplaced: number
  /** Mean correlation of the latents with the arc length: what a linear score gives the other model. */
  readonly linearR: number
  /** The curve's length, and how far its tangent turns in all, in radians. */
  readonly length: number
  readonly turning: number
}

/** Nodes a dimension: enough for the polynomials of second order in curvature, and more where they are cheap. */
const NODES: Readonly<Record<number, number>> = { 2: 7, 3: 5, 4: 5 }

export const MOST_DIMENSIONS = 4

/** Further than this along the curve from where a row belongs, in noise: another part of it. */
const ELSEWHERE = 12

/** Mean and variance of one coordinate under a weighted rule. */
const moments = (
  values: ReadonlyArray<number>,
  weights: ReadonlyArray<number>
): readonly [number, number] => {
  const mean = values.reduce((sum, x, k) => sum + weights[k] * x, 0)
  return [mean, values.reduce((sum, x, k) => sum + weights[k] * (x - mean) ** 2, 0)]
}

const correlation = (
  x: ReadonlyArray<number>,
  y: ReadonlyArray<number>,
  weights: ReadonlyArray<number>
): number => {
  const [mx, vx] = moments(x, weights)
  const [my, vy] = moments(y, weights)
  if (vx === 0 || vy === 0) return 0
  return (
    Math.abs(x.reduce((sum, value, k) => sum + weights[k] * (value - mx) * (y[k] - my), 0)) /
    Math.sqrt(vx * vy)
  )
}

/**
 * The other model: latents are the arc length along the curve and the offset across it, each Gaussian of constant
 * variance, with any function of the input as its mean; so it has the same edges. With its means and variances at their
 * best, the expected ratio is `½ Σ_c log v_c − E log |det DΦ|` in units of the noise, v_c the mean conditional variance of
 * coordinate c: quadrature over the input's law and over noise.
 */
export const unrolledRival = (curve: MeanCurve, law: InputLaw): UnrolledRival => {
  const b = curve.dimension
  const rule = productRule(gaussHermite(NODES[b] ?? 3), b)
  const ruleWeights = rule.map(({ weight }) => weight)
  const reach = Math.max(...rule.map(({ x }) => Math.hypot(...x)))
  const oriented = orientedCurve(curve)
  const { arc: along, turning } = oriented
  const chart = tubeChart(oriented)
  const variances = new Float64Array(b)
  let [logDet, misplaced] = [0, 0]
  const means: number[][] = Array.from({ length: b }, () => [])
  const arcs: number[] = []
  const step = curve.inputs[1] - curve.inputs[0]
  const nodes = law.inputs.map((t) => Math.round((t - curve.inputs[0]) / step))
  law.inputs.forEach((t, k) => {
    const weight = law.weights[k]
    const { x: centre } = curve.at(t)
    const place = chart.near(t, reach)
    const placed = rule.map(({ x }) => place(Float64Array.from(centre, (c, e) => c + x[e])))
    const node = nodes[k]
    const own = place(centre).arc
    const spacing = Math.abs(along[node] - along[Math.max(0, node - 1)])
    const expected = Math.abs(own - along[node]) > Math.max(ELSEWHERE, 2 * spacing) ? along[node] : own
    for (let c = 0; c < b; c++) {
      const values = placed.map(({ arc, offset }) => (c === 0 ? arc : offset[c - 1]))
      variances[c] += weight * moments(values, ruleWeights)[1]
      means[c].push(centre[c])
    }
    placed.forEach((point, r) => {
      logDet += weight * ruleWeights[r] * point.logDet
      if (Math.abs(point.arc - expected) > ELSEWHERE) misplaced += weight * ruleWeights[r]
    })
    arcs.push(along[node])
  })
  const [first, last] = [nodes[0], nodes[nodes.length - 1]]
  return {
    logRatio: Math.max(0, variances.reduce((sum, v) => sum + 0.5 * Math.log(v), 0) - logDet),
    misplaced,
    linearR: means.reduce((sum, mean) => sum + correlation(mean, arcs, law.weights), 0) / b,
    length: Math.max(...arcs) - Math.min(...arcs),
    turning: turning[last] - turning[first]
  }
}
