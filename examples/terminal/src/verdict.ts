/** What theory promises of a problem before a training, and whether the training kept it. */
import {
  type ActionInfluence,
  hiddenInfluence,
  identifiedBy,
  type Prediction,
  practicalRivals,
  predictKernel,
  sufficientInfluence
} from '@mechid/causal-graph'
import type { Trained } from '@mechid/estimator'
import type { Kernel } from '@mechid/mechanisms'
import type { Unmixed } from '@mechid/unmixing'
import * as E from 'fp-ts/lib/Either.js'
import type { Comparison } from './scores.js'

/**
 * What sparsity promises where influence is sufficient: `none` if the graph leaves all latents mixed; `not sufficient`:
 * influence is not sufficient or no theorem covers it, so nothing is promised whatever the graph.
 */
export type Promised = 'complete' | 'partial' | 'none' | 'not sufficient'

export interface Forecast {
  readonly promise: Promised
  readonly prediction: Prediction
  /** For people: what sparsity promises and why, which assumption identifies each latent, what noise leaves open. */
  readonly lines: readonly string[]
}

export interface Verdict {
  readonly kept: boolean
  /** For people. */
  readonly sentence: string
}

/** What counts as a kept promise. */
const ENOUGH = { correlation: 0.9, shd: 1 }
/** Places at which the means of a block are followed: enough to tell tenths of a nat from hundredths, and quick. */
const PLACES = 200

/** The promise alone. */
export const promiseOf = (kernel: Kernel): Promised => {
  const { kind } = predictKernel(kernel)
  const influence = sufficientInfluence(kernel)
  return E.isRight(influence) && influence.right.verdict === 'sufficient' ? kind : 'not sufficient'
}

const promiseLine = (promise: Promised, edges: number): string =>
  promise === 'not sufficient'
    ? 'Sufficient influence is not met, or no theorem covers it: sparsity promises nothing here, whatever the graph.'
    : promise === 'none'
      ? `Mechanism sparsity with ${edges} edges: the graph leaves all latents mixed with each other.`
      : `Mechanism sparsity with ${edges} edges, and influence is sufficient: ${promise} disentanglement.`

/** How precise latents of a good encoder are, at observation noise .01. */
const IMPRECISION = 0.02

/** Actions some of whose influence noise hides. */
export const hiddenBy = (kernel: Kernel): readonly ActionInfluence[] => {
  const influence = hiddenInfluence(kernel, { imprecision: IMPRECISION })
  return E.isRight(influence) ? influence.right.filter(({ hidden }) => hidden > 0) : []
}

/** What theory says before any training, of a kernel with so many edges. */
export const forecast = (kernel: Kernel, edges: number): Forecast => {
  const prediction = predictKernel(kernel)
  const promise = promiseOf(kernel)
  const assumptions = identifiedBy(kernel)
  const rivals = practicalRivals(kernel, { places: PLACES })
  const hidden = hiddenBy(kernel)
  const open = E.isRight(rivals) ? rivals.right.filter(({ verdict }) => verdict !== 'none') : []
  return {
    promise,
    prediction,
    lines: [
      promiseLine(promise, edges),
      ...prediction.explanation,
      ...(E.isRight(assumptions) ? assumptions.right.explanation : []),
      ...open.map(({ explanation }) => explanation),
      ...hidden.map(({ explanation }) => explanation)
    ]
  }
}

/** What the last unmixing of a training in stages said. */
export const lastUnmixed = ({ stages = [] }: Trained): Unmixed | undefined =>
  stages.flatMap(({ unmixed }) => (unmixed === undefined ? [] : [unmixed])).pop()

/** What straightening gained, in a line; none where there was no such stage. */
export const straighteningLines = ({ stages = [] }: Trained): string[] =>
  stages.flatMap(({ straightened }) => {
    if (straightened === undefined) return []
    if (straightened.length === 0) {
      return [
        'Codes were not straightened: mechanisms do not look additive, or held-out codes got no likelier.'
      ]
    }
    const gains = straightened.map(({ before, after }) => (after - before).toFixed(2)).join(' and then ')
    return [`Straightening made held-out codes likelier by ${gains} nats a row.`]
  })

/** The verdict after training. */
export const verdictOf = (promise: Promised, { rCon, mcc, graph }: Comparison, trained: Trained): Verdict => {
  const unmixed = lastUnmixed(trained)
  const nothing = (sentence: string): Verdict => ({ kept: false, sentence })
  if (promise === 'not sufficient') {
    return nothing(
      'Sparsity promises nothing here: sufficient influence is not met, or no theorem covers it. Whatever was found is no success of that theory.'
    )
  }
  if (promise === 'none') {
    return nothing('The graph leaves all latents mixed, so there was no promise that this run could keep.')
  }
  if (unmixed?.hypothesis === 'additive' && unmixed.additivity.rejected) {
    return nothing(
      'The data reject the additive hypothesis, on which the search for the basis rests: nothing is claimed.'
    )
  }
  const score = promise === 'complete' ? mcc.value : (rCon?.value ?? 0)
  if (score < ENOUGH.correlation || (graph?.shd ?? 0) > ENOUGH.shd) {
    return nothing(
      'The promise was not fully kept in this run: theory speaks of the best fit, and training can stop short of it.'
    )
  }
  const what =
    promise === 'complete'
      ? 'every latent found, one by one, and the graph with it'
      : 'latents found up to what the graph leaves open, and the graph with them'
  return { kept: true, sentence: `The promise was kept: ${what}.` }
}
