/** What a graph promises, in the words of the page. */
import { type GraphError, identifyingSets, type Prediction, predict } from '@mechid/causal-graph'
import { reasonText } from '@mechid/example-gallery'
import type { CausalGraph } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

export interface LatentLine {
  readonly latent: number
  readonly alone: boolean
  /** The others that it may stay mixed with. */
  readonly mixedWith: ReadonlyArray<number>
  readonly reason: string
}

export interface GraphPromise {
  readonly kind: Prediction['kind']
  /** All in one sentence, for those who hear it. */
  readonly sentence: string
  readonly latents: ReadonlyArray<LatentLine>
}

/** More names than this in one list are counted instead. */
const SHOWN = 12

export const listed = (latents: ReadonlyArray<number>): string =>
  latents.length <= SHOWN
    ? latents.map((i) => `z${i}`).join(', ')
    : `${latents
        .slice(0, SHOWN)
        .map((i) => `z${i}`)
        .join(', ')} and ${latents.length - SHOWN} more`

const isAre = (latents: ReadonlyArray<number>): string => (latents.length === 1 ? 'is' : 'are')

const blockClauses = ({ blocks, entangledWith }: Prediction): string[] =>
  blocks.flatMap((block) => {
    const others = entangledWith[block[0]].filter((j) => !block.includes(j))
    return [
      ...(block.length > 1 ? [`${listed(block)} stay mixed with each other`] : []),
      ...(others.length > 0 ? [`${listed(block)} may stay mixed with ${listed(others)}, one way`] : [])
    ]
  })

const MOST_CLAUSES = 4

const sentenceOf = (prediction: Prediction): string => {
  const { kind, complete, pattern } = prediction
  const d = pattern.length
  if (kind === 'complete')
    return d === 1
      ? 'Complete: the one latent is identified.'
      : `Complete: each of the ${d} latents is identified by itself.`
  if (kind === 'none') return `None: all ${d} latents form one block, and none is identified by itself.`
  const clauses = blockClauses(prediction)
  const told = [
    complete.length === 0
      ? 'no latent is identified by itself'
      : `${listed(complete)} ${isAre(complete)} identified ${complete.length === 1 ? 'by itself' : 'one by one'}`,
    ...clauses.slice(0, MOST_CLAUSES),
    ...(clauses.length > MOST_CLAUSES ? [`and so on in ${clauses.length - MOST_CLAUSES} more ways`] : [])
  ]
  return `Partial: ${told.join('; ')}.`
}

/** Errors: those of `predict`. */
export const promiseOf = (graph: CausalGraph): E.Either<GraphError, GraphPromise> =>
  pipe(
    E.Do,
    E.bind('prediction', () => predict(graph)),
    E.bind('evidence', () => identifyingSets(graph)),
    E.map(({ prediction, evidence }) => ({
      kind: prediction.kind,
      sentence: sentenceOf(prediction),
      latents: prediction.reasons.map((reason) => ({
        latent: reason.latent,
        alone: reason.identified,
        mixedWith: prediction.entangledWith[reason.latent],
        reason: reasonText(graph, evidence, reason)
      }))
    }))
  )
