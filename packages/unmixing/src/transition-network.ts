/**
 * Part of a transition in which all past latents may interact: one hidden layer that reads them together, and its slopes.
 * It is computed as a chart is, for many rows at once.
 */
import type { Generator } from '@mechid/random'
import { chartBatch, chartLayout, drawChart } from './chart.js'

/** Parameters of a network of `width` hidden units. */
export const networkCount = (latents: number, width: number): number => chartLayout({ latents, width }).count

/** A network that adds nothing yet: the identity, which a chart starts from, is taken off. */
export const drawNetwork = (
  latents: number,
  width: number,
  parameters: Float64Array,
  random: Generator
): void => {
  const size = { latents, width }
  drawChart(size, parameters, random)
  const { linear } = chartLayout(size)
  for (let i = 0; i < latents; i++) parameters[linear + i * (latents + 1)] = -1
}

/** A network at a batch of rows. */
export interface TransitionNetwork {
  /** What it adds to means, [rows, d], and to the Jacobian of the transition, [rows, d, d]. */
  readonly means: Float64Array
  readonly slopes: Float64Array
  /** Derivatives by both, for `pullBack`; `apply` sets them to zero. */
  readonly byMeans: Float64Array
  readonly bySlopes: Float64Array
  /** Computes `means` and `slopes` at past latents [rows, d]. */
  readonly apply: (parameters: Float64Array, past: Float64Array) => void
  /** Adds what derivatives come to in parameters to `gradient`, and in past latents to `byPast` [rows, d]. */
  readonly pullBack: (parameters: Float64Array, gradient: Float64Array, byPast: Float64Array) => void
}

/** Arrays for batches of `rows` rows, a multiple of eight. */
export const transitionNetwork = (latents: number, width: number, rows: number): TransitionNetwork => {
  const chart = chartBatch({ latents, width }, rows)
  const byMeans = new Float64Array(rows * latents)
  const bySlopes = new Float64Array(rows * latents * latents)
  return {
    means: chart.values,
    slopes: chart.jacobians,
    byMeans,
    bySlopes,
    apply: (parameters, past) => {
      chart.apply(parameters, past)
      byMeans.fill(0)
      bySlopes.fill(0)
    },
    pullBack: (parameters, gradient, byPast) =>
      chart.pullBack(parameters, byMeans, bySlopes, gradient, byPast)
  }
}
