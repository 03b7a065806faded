/** What became of each learned latent: what its graph promises of it, and its scores. */
import type { FeatureResponses } from '@mechid/metrics'
import type { LatentRow } from '@mechid/report'
import type { Fit } from './fit.js'
import type { Agreement } from './seeds.js'
import { latentName } from './sentences.js'

/** A state and its colour. */
export type LatentState = Pick<LatentRow, 'state' | 'tone'>

/** What the learned graph promises of each latent, if it is the true one. */
export const latentStates = ({ trained, evaluation }: Fit): readonly LatentState[] => {
  const { told, unused, learnedPrediction } = evaluation
  return Array.from({ length: trained.model.shape.latents }, (_, i): LatentState => {
    if (unused.includes(i)) return { state: 'not used', tone: 'bad' }
    if (!told.anything) return { state: 'nothing learned of its mechanism', tone: 'bad' }
    const others = learnedPrediction?.entangledWith[i] ?? []
    return others.length === 0
      ? { state: 'identified, up to a map of its own', tone: 'good' }
      : { state: `mixed with ${others.map(latentName).join(', ')}`, tone: 'open' }
  })
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** One row for each learned latent, in the order of the model. */
export const latentRows = (
  fit: Fit,
  responses: FeatureResponses | undefined,
  agreement: Agreement | undefined
): readonly LatentRow[] => {
  const { prepared, evaluation } = fit
  const { comparison } = evaluation
  return latentStates(fit).map(({ state, ...rest }, i) => {
    const truth = comparison?.assignment.indexOf(i) ?? -1
    const of = <A>(values: readonly A[] | undefined): A | undefined =>
      truth < 0 ? undefined : values?.[truth]
    const correlation = of(comparison?.correlation)?.[truth]
    const matched = truth < 0 ? '' : `; matched with ${prepared.latentNames[truth]}`
    return {
      name: latentName(i),
      state: `${state}${matched}`,
      ...rest,
      scores: {
        ...(responses === undefined
          ? {}
          : { 'variance of features': mean(responses.share.map((row) => row[i])) }),
        ...(agreement === undefined ? {} : { 'agreement of seeds': agreement.perLatent[i] }),
        ...(comparison === undefined
          ? {}
          : { '|correlation|': correlation === undefined ? undefined : Math.abs(correlation) }),
        ...(comparison?.rCon === undefined ? {} : { R_con: of(comparison.rCon.perLatent) }),
        ...(comparison?.kernelRCon === undefined
          ? {}
          : { 'R_con, kernel': of(comparison.kernelRCon.perLatent) })
      }
    }
  })
}
