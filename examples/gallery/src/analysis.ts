/** Analyses an entry: prediction, influence, witness, design, and a verdict. */
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
  sufficientPart,
  type WitnessAnswer
} from '@mechid/causal-graph'
import { orThrow } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { Entry } from './entry.js'

/**
 * Of a kernel: `identified`: there is no other model; `mixed`: another model was found; `open`: neither was shown. Of a graph
 * alone: `promised` or `not promised`, if influence suffices.
 */
export type Verdict = 'identified' | 'mixed' | 'open' | 'promised' | 'not promised'

/** What actions alone, or the past alone, promise where the influence of the other does not suffice. */
export interface Backed {
  readonly by: 'the actions' | 'the past'
  readonly prediction: Prediction
}

export interface Analysis {
  readonly entry: Entry
  readonly prediction: Prediction
  /** For each latent that the graph identifies: actions and edges that no other latent has all of. */
  readonly evidence: ReadonlyArray<GraphEvidence | undefined>
  readonly panels: ReadonlyArray<PicturePanel>
  /** Present if there is a kernel; so is `witness`. */
  readonly influence?: SufficientInfluence
  readonly witness?: WitnessAnswer
  /** Present if influence does not suffice as a whole, but that of actions or of the past does. */
  readonly backed?: Backed
  readonly remedy: E.Either<GraphError, Design>
  readonly verdict: Verdict
}

const backedBy = ({ graph }: Entry, { verdict, parts }: SufficientInfluence): Backed | undefined => {
  const part = verdict === 'sufficient' ? undefined : sufficientPart(graph, parts)
  return part === undefined
    ? undefined
    : { by: part.actions === undefined ? 'the past' : 'the actions', prediction: orThrow(predict(part)) }
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

/** Takes at most seconds for 10 latents, and a tenth of a second for most entries. */
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

/** What would make the graph's promise complete, or why nothing can. */
export const remedyText = ({ remedy }: Analysis): string =>
  E.match(
    ({ message }: GraphError) => message,
    ({ explanation }: Design) => explanation
  )(remedy)
