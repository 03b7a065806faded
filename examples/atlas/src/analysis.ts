/** What theory says of an entry. */
import {
  type Design,
  design,
  findWitness,
  type GraphError,
  type GraphEvidence,
  graphPanels,
  identifyingSets,
  type PicturePanel,
  type Prediction,
  predict,
  type SufficientInfluence,
  sufficientInfluence,
  type WitnessAnswer
} from '@mechid/causal-graph'
import { orThrow } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { Entry } from './entry.js'

/**
 * `identified`: no other model exists. `mixed`: another model was found. `open`: neither was shown. Of a graph alone:
 * `promised` or `not promised`, should influence suffice.
 */
export type Verdict = 'identified' | 'mixed' | 'open' | 'promised' | 'not promised'

/** What one kind of evidence promises by itself, its own edges counted, where the other's influence does not suffice. */
export interface Backed {
  readonly by: 'the actions' | 'the past'
  readonly prediction: Prediction
}

export interface Analysis {
  readonly entry: Entry
  readonly prediction: Prediction
  /** For each latent that the graph identifies, what no other latent has all of. */
  readonly evidence: ReadonlyArray<GraphEvidence | undefined>
  readonly panels: ReadonlyArray<PicturePanel>
  /** Where there is a kernel. */
  readonly influence?: SufficientInfluence
  readonly witness?: WitnessAnswer
  /** Where influence does not suffice as a whole. */
  readonly backed?: Backed
  readonly remedy: E.Either<GraphError, Design>
  readonly verdict: Verdict
}

const backedBy = ({ graph }: Entry, { verdict, parts }: SufficientInfluence): Backed | undefined => {
  if (verdict === 'sufficient') return undefined
  const suffices = (kind: 'action' | 'time'): boolean =>
    parts.every((part) => part.subject.kind !== kind || part.verdict === 'sufficient')
  const { actions, latents } = graph
  if (actions !== undefined && suffices('action'))
    return { by: 'the actions', prediction: orThrow(predict({ actions })) }
  if (latents !== undefined && suffices('time'))
    return { by: 'the past', prediction: orThrow(predict({ latents })) }
  return undefined
}

const verdictOf = (
  prediction: Prediction,
  witness: WitnessAnswer | undefined,
  backed: Backed | undefined
): Verdict => {
  if (witness === undefined) return prediction.kind === 'complete' ? 'promised' : 'not promised'
  if (witness._tag === 'Unknown') return backed?.prediction.kind === 'complete' ? 'identified' : 'open'
  return witness._tag === 'None' ? 'identified' : 'mixed'
}

/** Seconds at most for 10 latents; most entries take a tenth. */
export const analyse = (entry: Entry, seed: number): Analysis => {
  const { graph, kernel, title } = entry
  const prediction = orThrow(predict(graph))
  const influence = kernel === undefined ? undefined : orThrow(sufficientInfluence(kernel, { seed }))
  const witness = kernel === undefined ? undefined : orThrow(findWitness(kernel, { seed }))
  const backed = influence === undefined ? undefined : backedBy(entry, influence)
  return {
    entry,
    prediction,
    evidence: orThrow(identifyingSets(graph)),
    panels: orThrow(graphPanels(graph, { title })),
    ...(influence === undefined ? {} : { influence }),
    ...(witness === undefined ? {} : { witness }),
    ...(backed === undefined ? {} : { backed }),
    remedy: design(graph),
    verdict: verdictOf(prediction, witness, backed)
  }
}

/** What would make the graph's promise complete, in a sentence. */
export const remedyText = ({ remedy }: Analysis): string =>
  E.match(
    ({ message }: GraphError) => message,
    ({ explanation }: Design) => explanation
  )(remedy)
