/** Which features each learned latent drives, as the report shows it. */
import type { Engine } from '@mechid/engine'
import { decodeRows, type Model } from '@mechid/estimator'
import { orFail } from '@mechid/example-terminal'
import { type FeatureResponses, featureResponses } from '@mechid/metrics'
import type { SensorMap } from '@mechid/report'
import { type Samples, takeRows } from '@mechid/values'
import type { Prepared } from './data.js'

/**
 * Responses on held-out rows, features and latents in the order of the model. None of frames, whose thousands of pixels no
 * table shows, nor of what is not in memory.
 */
export const responsesOf = async (
  engine: Engine,
  model: Model,
  { x, frames, testLines }: Prepared,
  zHat: Samples
): Promise<FeatureResponses | undefined> =>
  x === undefined || frames !== undefined
    ? undefined
    : orFail(
        await featureResponses((rows) => decodeRows(engine, model, rows), zHat, takeRows(x, testLines))()
      )

/** Latents that may be mixed stand side by side. */
export const groupedLatents = (entangledWith: ReadonlyArray<ReadonlyArray<number>>): number[] => {
  const order: number[] = []
  const visit = (i: number): void => {
    if (order.includes(i)) return
    order.push(i)
    for (const [j, others] of entangledWith.entries())
      if (others.includes(i) || entangledWith[i].includes(j)) visit(j)
  }
  for (const i of entangledWith.keys()) visit(i)
  return order
}

/** Features by the latent that drives them most, in the order of `latents`; within, the most driven first. */
export const featuresByLatent = (
  slope: FeatureResponses['slope'],
  latents: readonly number[]
): readonly number[] => {
  const strongest = slope.map((row) =>
    latents.reduce((best, i) => (row[i] > row[best] ? i : best), latents[0])
  )
  const place = new Map(latents.map((latent, k) => [latent, k]))
  const placeOf = (f: number): number => place.get(strongest[f]) ?? 0
  return slope
    .map((_, f) => f)
    .sort((p, q) => placeOf(p) - placeOf(q) || slope[q][strongest[q]] - slope[p][strongest[p]] || p - q)
}

/** The features that go most with a latent, the first one most. */
export const nearestFeatures = (
  { share }: FeatureResponses,
  latent: number,
  count: number
): readonly number[] =>
  share
    .map((_, f) => f)
    .sort((p, q) => share[q][latent] - share[p][latent] || p - q)
    .slice(0, count)

/** `states`: what each latent is, in the order of the model. */
export const sensorMapOf = (
  responses: FeatureResponses,
  featureNames: readonly string[],
  latentNames: readonly string[],
  states: SensorMap['states'],
  entangledWith: ReadonlyArray<ReadonlyArray<number>>
): SensorMap => {
  const latents = groupedLatents(entangledWith)
  const features = featuresByLatent(responses.slope, latents)
  const arranged = (table: FeatureResponses['slope']): number[][] =>
    features.map((f) => latents.map((i) => table[f][i]))
  return {
    features: features.map((f) => featureNames[f]),
    latents: latents.map((i) => latentNames[i]),
    slope: arranged(responses.slope),
    share: arranged(responses.share),
    states: latents.map((i) => states[i])
  }
}
