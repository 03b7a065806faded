/** The verdict: were the learned latents what theory promised? */
import * as E from 'fp-ts/lib/Either.js'
import type { Comparison } from './comparison.js'
import { percent, testDoubt } from './doubts.js'
import type { Thresholds } from './options.js'
import { LEAST_TESTED, type PairEffect, type PromiseTest } from './promise-test.js'
import type { Theory } from './theory.js'

/** Why nothing can be said. */
export type Doubt =
  | 'no true graph'
  | 'influence not sufficient'
  | 'nothing promised'
  | 'hypothesis rejected'
  | 'no true latents'
  /** Also: intervals that reach over the margin. */
  | 'too few rows'
  /** Latents that are nearly copies of each other, so that no score shows a mixture of them; or that do not vary. */
  | 'latents alike'
  /** A latent is not known from its own block, and no other latent helps: information is lost, or the block is bent. */
  | 'latents unexplained'

export type Verdict =
  | {
      readonly _tag: 'Kept'
      /** What was assumed, not checked. */
      readonly supposes: readonly string[]
      readonly sentence: string
    }
  | {
      readonly _tag: 'Broken'
      /** True latents that need a forbidden one, or were not found; empty if only the graph is wrong. */
      readonly latents: readonly number[]
      /** The pairs [latent, other] where the learned latent of `other` is needed to predict `latent`, against the pattern. */
      readonly pairs: ReadonlyArray<readonly [latent: number, other: number]>
      readonly reasons: readonly string[]
      readonly supposes: readonly string[]
      readonly sentence: string
    }
  | { readonly _tag: 'CannotTell'; readonly doubt: Doubt; readonly sentence: string }

const doubtful = (doubt: Doubt, sentence: string): Verdict => ({ _tag: 'CannotTell', doubt, sentence })

const UNBACKED = doubtful(
  'influence not sufficient',
  'Sparsity promises nothing here: influence is not sufficient, or no theorem covers it. Whatever was found is no success of that theory.'
)

/**
 * What theory and hypothesis alone say, before any score; undefined where they let scores decide. Where influence is not
 * sufficient they may still decide against the latents: it is then the graph's pattern that these fall short of.
 */
const beforeScores = ({ promise, prediction }: Theory, hypothesisRejected: boolean): Verdict | undefined => {
  if (promise === 'not sufficient') {
    return hypothesisRejected || prediction.kind === 'none' ? UNBACKED : undefined
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
        'The data reject the hypothesis on which the search for the basis rests, so nothing is claimed.'
      )
    : undefined
}

/** A promise, and scores that a test can follow. */
export interface Testable {
  readonly theory: Theory
  readonly comparison: Comparison
}

/** What can be said before the test of pairs, or what that test has to decide. */
export const testable = (
  theory: Theory | undefined,
  comparison: Comparison | undefined,
  hypothesisRejected: boolean,
  { chance }: Thresholds
): E.Either<Verdict, Testable> => {
  if (theory === undefined) {
    return E.left(doubtful('no true graph', 'The true graph is not known, so there is no promise to check.'))
  }
  const doubt = beforeScores(theory, hypothesisRejected)
  if (doubt !== undefined) return E.left(doubt)
  // Without a test, what was not promised stays so, whatever the test lacks.
  const untested = (lack: Doubt, words: string): E.Either<Verdict, Testable> =>
    E.left(theory.promise === 'not sufficient' ? UNBACKED : doubtful(lack, words))
  if (comparison === undefined) {
    return untested(
      'no true latents',
      'The true latents are not known, so there is nothing to compare the learned ones with.'
    )
  }
  const { rows, mcc } = comparison
  if (mcc.chance > chance) {
    const reached = `unrelated latents would reach MCC ${mcc.chance.toFixed(2)}`
    return untested('too few rows', `${rows} rows are too few: ${reached}.`)
  }
  return rows < LEAST_TESTED
    ? untested('too few rows', `${rows} rows are too few: the test takes ${LEAST_TESTED} or more.`)
    : E.right({ theory, comparison })
}

const SUPPOSED = 'Influence is assumed to be sufficient, which a graph alone does not tell.'

const pairReason = ({ latent, other, share, interval, p }: PairEffect): string =>
  `z${latent} depends on the learned latent of z${other}, which the graph rules out: it adds ${percent(share)} of its variance (${percent(interval[0])} to ${percent(interval[1])}; p ${p < 0.001 ? '< .001' : `= ${p.toFixed(3)}`}).`

const lostReason = (latent: number, share: number): string =>
  `z${latent} is not known from the learned latents that it may depend on: ${percent(share)} of its variance stay open.`

const broken = (
  { assignment, graph, floor }: Comparison,
  { blocks, broken: pairs }: PromiseTest,
  thresholds: Thresholds
): Omit<Verdict & { readonly _tag: 'Broken' }, '_tag' | 'supposes' | 'sentence'> => {
  const without = assignment.flatMap((j, i) => (j < 0 ? [i] : []))
  const lost = blocks.filter(({ outcome }) => outcome === 'above')
  const hurt = new Set([
    ...without,
    ...lost.map(({ latent }) => latent),
    ...pairs.map(({ latent }) => latent)
  ])
  return {
    latents: assignment.flatMap((_, i) => (hurt.has(i) ? [i] : [])),
    pairs: pairs.map(({ latent, other }) => [latent, other] as const),
    reasons: [
      ...without.map((i) => `No learned latent is matched to z${i}.`),
      ...lost.map(({ latent, share }) => lostReason(latent, share)),
      ...(lost.length > 0 && floor !== undefined && floor < thresholds.correlation
        ? [`Noise alone limits R to ${floor.toFixed(4)}.`]
        : []),
      ...pairs.map(pairReason),
      ...(graph !== undefined && graph.shd > thresholds.shd
        ? [`The graph differs from the true one in ${graph.shd} edges; at most ${thresholds.shd} may differ.`]
        : [])
    ]
  }
}

const NOT_KEPT =
  'The promise was not fully kept in this run: theory is about the best fit, and training can stop short of it.'

const NOT_REACHED =
  'What the graph tells apart was not found in this run. Sparsity had promised nothing: influence is not sufficient, or no theorem covers it.'

const keptSentence = ({ promise }: Theory, { graph }: Comparison): string => {
  const [latents, it] =
    promise === 'complete'
      ? ['every latent found, one by one', 'it']
      : ['latents found up to what the graph leaves open', 'them']
  return `The promise was kept: ${latents}${graph === undefined ? '' : `, and the graph with ${it}`}.`
}

/** The verdict of a test on latents that were compared with true ones. */
export const verdictOf = (
  { theory, comparison }: Testable,
  test: PromiseTest,
  thresholds: Thresholds
): Verdict => {
  const supposes = theory.influence === 'supposed' ? [SUPPOSED] : []
  const unbacked = theory.promise === 'not sufficient'
  const found = broken(comparison, test, thresholds)
  if (found.reasons.length > 0) {
    return { _tag: 'Broken', ...found, supposes, sentence: unbacked ? NOT_REACHED : NOT_KEPT }
  }
  // Latents that are right by luck, or by something other than sparsity, keep no promise of it.
  if (unbacked) return UNBACKED
  const doubt = testDoubt(test)
  return doubt === undefined
    ? { _tag: 'Kept', supposes, sentence: keptSentence(theory, comparison) }
    : doubtful(...doubt)
}
