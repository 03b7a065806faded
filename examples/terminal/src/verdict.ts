/** What theory promises of a problem, and whether a run kept it. */
import {
  orThrow as definiteGraph,
  graphFromRows,
  type Prediction,
  predict,
  sufficientInfluence
} from '@mechid/causal-graph'
import type { Trained } from '@mechid/estimator'
import type { Kernel } from '@mechid/mechanisms'
import { trueGraphs } from './experiment.js'
import type { Comparison } from './scores.js'

export interface Verdict {
  /** What sparsity promises where influence is sufficient; `not sufficient`: nothing. */
  readonly promise: 'complete' | 'partial' | 'not sufficient'
  readonly prediction: Prediction
  readonly kept: boolean
  /** For people. */
  readonly sentence: string
}

/** What counts as a kept promise. */
const ENOUGH = { correlation: 0.9, shd: 1 }

/** The promise, before training. */
export const promiseOf = (kernel: Kernel): Pick<Verdict, 'promise' | 'prediction'> => {
  const prediction = predict(definiteGraph(graphFromRows(trueGraphs(kernel))))
  const influence = sufficientInfluence(kernel)
  const holds = influence._tag === 'Right' && influence.right.verdict === 'sufficient'
  const promise = !holds ? 'not sufficient' : prediction.kind === 'complete' ? 'complete' : 'partial'
  return { promise, prediction }
}

/** The verdict after training. */
export const verdictOf = (kernel: Kernel, { rCon, mcc, graph }: Comparison, trained: Trained): Verdict => {
  const { promise, prediction } = promiseOf(kernel)
  const unmixed = trained.stages?.[trained.stages.length - 1]?.unmixed
  const score = promise === 'complete' ? mcc.value : (rCon?.value ?? 0)
  const reached = score >= ENOUGH.correlation && (graph?.shd ?? 0) <= ENOUGH.shd
  if (promise === 'not sufficient') {
    const sentence =
      'Theory promises nothing here: sufficient influence is not met, or no theorem covers it. Whatever was found is no success of theory.'
    return { promise, prediction, kept: false, sentence }
  }
  if (unmixed?.additivity.rejected === true) {
    const sentence =
      'The data reject the additive hypothesis, on which the search for the basis rests: nothing is claimed.'
    return { promise, prediction, kept: false, sentence }
  }
  const what =
    promise === 'complete'
      ? 'every latent found, one by one, and the graph with it'
      : 'latents found up to what the graph leaves open, and the graph with them'
  return {
    promise,
    prediction,
    kept: reached,
    sentence: reached
      ? `The promise was kept: ${what}.`
      : 'The promise was not fully kept in this run: theory speaks of the best fit, and training can stop short of it.'
  }
}
