/** What theory says before any training, with what noise leaves open. */
import {
  type ActionInfluence,
  hiddenInfluence,
  identifiedBy,
  type PracticalRival,
  practicalRivals
} from '@mechid/causal-graph'
import { causalGraph, type Kernel } from '@mechid/mechanisms'
import { orThrow } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { edgeCount } from './edges.js'
import { type Promised, type Theory, theory } from './theory.js'

export interface Forecast extends Theory {
  /** Actions whose influence noise hides in part. */
  readonly hidden: readonly ActionInfluence[]
  /** Other latents that noise hardly distinguishes from the true ones. */
  readonly rivals: readonly PracticalRival[]
  /** Sentences: what sparsity promises and why, which assumption identifies each latent, what noise leaves open. */
  readonly lines: readonly string[]
}

/** Places at which the means of a block are followed: enough to tell tenths of a nat from hundredths. */
const PLACES = 200

/** How precise latents of a good encoder are, at observation noise .01. */
const IMPRECISION = 0.02

const promiseLine = (promise: Promised, edges: number): string =>
  promise === 'not sufficient'
    ? 'Influence is not sufficient, or no theorem covers it: sparsity promises nothing here, whatever the graph.'
    : promise === 'none'
      ? `Mechanism sparsity with ${edges} edges: the graph leaves all latents mixed with each other.`
      : `Mechanism sparsity with ${edges} edges, and influence is sufficient: ${promise} disentanglement.`

/**
 * Actions whose influence noise hides in part, if latents are as precise as those of a good encoder (a standard
 * deviation of .02). What theory promises of the latents that they act on is open in practice.
 */
export const hiddenActions = (kernel: Kernel): readonly ActionInfluence[] => {
  const influence = hiddenInfluence(kernel, { imprecision: IMPRECISION })
  return E.isRight(influence) ? influence.right.filter(({ hidden }) => hidden > 0) : []
}

/**
 * What theory says of a kernel before any training: what sparsity promises, which assumption identifies each latent,
 * and what noise leaves open. Takes seconds for ten latents.
 *
 * Use it to decide whether a training is worth its time. It needs the true kernel, so it is for simulations and
 * designs; for a graph alone use `theory`.
 */
export const forecast = (kernel: Kernel): Forecast => {
  const promised = orThrow(theory(kernel))
  const assumptions = identifiedBy(kernel)
  const found = practicalRivals(kernel, { places: PLACES })
  const rivals = E.isRight(found) ? found.right.filter(({ verdict }) => verdict !== 'none') : []
  const hidden = hiddenActions(kernel)
  return {
    ...promised,
    hidden,
    rivals,
    lines: [
      promiseLine(promised.promise, edgeCount(causalGraph(kernel)).edges),
      ...promised.prediction.explanation,
      ...(E.isRight(assumptions) ? assumptions.right.explanation : []),
      ...rivals.map(({ explanation }) => explanation),
      ...hidden.map(({ explanation }) => explanation)
    ]
  }
}
