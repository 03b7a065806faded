/** The verdict: were the learned latents what theory promised? */
import type { Comparison } from './comparison.js'
import type { Thresholds } from './options.js'
import type { Theory } from './theory.js'

/** Why nothing can be said. */
export type Doubt =
  | 'no true graph'
  | 'influence not sufficient'
  | 'nothing promised'
  | 'hypothesis rejected'
  | 'no true latents'
  | 'too few rows'

export type Verdict =
  | {
      readonly _tag: 'Kept'
      /** What was assumed, not checked. */
      readonly supposes: readonly string[]
      readonly sentence: string
    }
  | {
      readonly _tag: 'Broken'
      /** True latents that were not found, or not well enough; empty if only the graph is wrong. */
      readonly latents: readonly number[]
      readonly reasons: readonly string[]
      readonly supposes: readonly string[]
      readonly sentence: string
    }
  | { readonly _tag: 'CannotTell'; readonly doubt: Doubt; readonly sentence: string }

const doubtful = (doubt: Doubt, sentence: string): Verdict => ({ _tag: 'CannotTell', doubt, sentence })

/** What theory and hypothesis alone say, before any score; undefined where they let scores decide. */
const beforeScores = ({ promise }: Theory, hypothesisRejected: boolean): Verdict | undefined => {
  if (promise === 'not sufficient') {
    return doubtful(
      'influence not sufficient',
      'Sparsity promises nothing here: influence is not sufficient, or no theorem covers it. Whatever was found is no success of that theory.'
    )
  }
  if (promise === 'none') {
    return doubtful(
      'nothing promised',
      'The graph leaves all latents mixed, so there was no promise to keep.'
    )
  }
  return hypothesisRejected
    ? doubtful(
        'hypothesis rejected',
        'The data reject the additive hypothesis, on which the search for the basis rests, so nothing is claimed.'
      )
    : undefined
}

const SUPPOSED = 'Influence is assumed to be sufficient, which a graph alone does not tell.'

/** The score that a promise is held to. */
const judgedScore = ({ promise }: Theory, { mcc, rCon }: Comparison) =>
  promise === 'complete' ? { name: 'MCC', score: mcc } : { name: 'R_con', score: rCon ?? mcc }

const broken = (
  theory: Theory,
  comparison: Comparison,
  thresholds: Thresholds
): Pick<Verdict & { readonly _tag: 'Broken' }, 'latents' | 'reasons'> => {
  const { assignment, rCon, graph, floor } = comparison
  const { name, score } = judgedScore(theory, comparison)
  const without = assignment.flatMap((j, i) => (j < 0 ? [i] : []))
  const low = score.value < thresholds.correlation
  const latents = assignment.flatMap((j, i) =>
    j < 0 || (low && (rCon?.perLatent[i] ?? 0) < thresholds.correlation) ? [i] : []
  )
  return {
    latents,
    reasons: [
      ...without.map((i) => `No learned latent is matched to z${i}.`),
      ...(low ? [`${name} is ${score.value.toFixed(4)}, below ${thresholds.correlation}.`] : []),
      ...(low && floor !== undefined && floor < thresholds.correlation
        ? [`Noise alone limits R to ${floor.toFixed(4)}.`]
        : []),
      ...(graph !== undefined && graph.shd > thresholds.shd
        ? [`The graph differs from the true one in ${graph.shd} edges; at most ${thresholds.shd} may differ.`]
        : [])
    ]
  }
}

const keptSentence = ({ promise }: Theory, { graph }: Comparison): string => {
  const [latents, it] =
    promise === 'complete'
      ? ['every latent found, one by one', 'it']
      : ['latents found up to what the graph leaves open', 'them']
  return `The promise was kept: ${latents}${graph === undefined ? '' : `, and the graph with ${it}`}.`
}

/** The verdict on latents that may have been compared with true ones. */
export const verdictOf = (
  theory: Theory | undefined,
  comparison: Comparison | undefined,
  hypothesisRejected: boolean,
  thresholds: Thresholds
): Verdict => {
  if (theory === undefined) {
    return doubtful('no true graph', 'The true graph is not known, so there is no promise to check.')
  }
  const doubt = beforeScores(theory, hypothesisRejected)
  if (doubt !== undefined) return doubt
  if (comparison === undefined) {
    return doubtful(
      'no true latents',
      'The true latents are not known, so there is nothing to compare the learned ones with.'
    )
  }
  const { name, score } = judgedScore(theory, comparison)
  if (score.chance > thresholds.chance) {
    const words = `${comparison.rows} rows are too few: unrelated latents would reach ${name} ${score.chance.toFixed(2)}.`
    return doubtful('too few rows', words)
  }
  const supposes = theory.influence === 'supposed' ? [SUPPOSED] : []
  const { latents, reasons } = broken(theory, comparison, thresholds)
  return reasons.length === 0
    ? { _tag: 'Kept', supposes, sentence: keptSentence(theory, comparison) }
    : {
        _tag: 'Broken',
        latents,
        reasons,
        supposes,
        sentence:
          'The promise was not fully kept in this run: theory is about the best fit, and training can stop short of it.'
      }
}
