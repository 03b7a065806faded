/** Whether learned latents are what theory promised. */
import type { Prediction } from '@mechid/causal-graph'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type Comparison, compared } from './comparison.js'
import type { EvaluationError } from './errors.js'
import { checkedPair, checkedPrediction, checkedTheory, type EvaluationInput } from './input.js'
import { type LatentEvaluation, latentsOf } from './latents.js'
import { type EvaluationOptions, settingsOf, type Thresholds } from './options.js'
import type { Theory } from './theory.js'
import { type Verdict, verdictOf } from './verdict.js'

/** The answer as plain data, which JSON can hold. */
export interface Evaluation {
  readonly rows: number
  /** What is promised of the true graph, where one is given. */
  readonly theory?: Theory
  /** What the learned graph would identify if it were the true one; its latents are those of `zHat`. */
  readonly learnedPrediction?: Prediction
  /** Scores, where true latents are given. */
  readonly comparison?: Comparison
  /** One entry for each true latent, where these are given. */
  readonly latents: readonly LatentEvaluation[]
  readonly verdict: Verdict
  /** The thresholds that decided the verdict. */
  readonly thresholds: Thresholds
}

const WHERE = 'evaluate'

const comparisonOf = (
  input: EvaluationInput,
  prediction: Prediction | undefined,
  settings: Parameters<typeof compared>[3]
): E.Either<EvaluationError, Comparison | undefined> =>
  input.z === undefined ? E.right(undefined) : compared(WHERE, { ...input, z: input.z }, prediction, settings)

/**
 * Compares learned latents [n, k], of any encoder, with the true ones [n, d] and with what theory promises of the true
 * graph. Answers scores with intervals and chance levels, what became of each latent, and a verdict. A complete promise
 * is kept at MCC ≥ .9, a partial one at R_con ≥ .9, both at SHD ≤ 1 where a learned graph is given. Where the graph
 * leaves all latents mixed, influence is not sufficient, or data reject the hypothesis, there is no promise to keep.
 *
 * Use it at the end of an experiment with known truth, on rows that no training saw. During training use `pointScores`.
 * It takes about ten seconds for 25,000 rows of ten latents, most of that for the kernel regression, which
 * `kernel: { rows: 0 }` leaves out.
 *
 * Errors: `ShapeMismatch` (samples and graphs that do not fit each other), `TooFewRows` (4 are needed), `NotFinite`,
 * `NotBinary`, `InvalidOption`.
 *
 * @example
 * const { verdict } = orThrow(evaluate({ z, zHat, graph: kernel, learned: { actions: [[1, 0], [0, 1]] } }))
 */
export const evaluate = (
  input: EvaluationInput,
  options: EvaluationOptions = {}
): E.Either<EvaluationError, Evaluation> => {
  const { z, zHat, learned, hypothesisRejected = false } = input
  return pipe(
    E.Do,
    E.bind('settings', () => settingsOf(WHERE, options)),
    E.bind('sound', () => checkedPair(WHERE, z, zHat)),
    E.bind('theory', () => checkedTheory(WHERE, input)),
    E.bind('alone', () => checkedPrediction(WHERE, 'the learned graph', learned, 'zHat', zHat)),
    E.bind('comparison', ({ theory, settings }) => comparisonOf(input, theory?.prediction, settings)),
    E.map(({ settings: { thresholds }, theory, alone, comparison }) => {
      const verdict = verdictOf(theory, comparison, hypothesisRejected, thresholds)
      const judged = verdict._tag !== 'CannotTell'
      return {
        rows: zHat.shape[0],
        ...(theory === undefined ? {} : { theory }),
        ...(alone === undefined ? {} : { learnedPrediction: alone }),
        ...(comparison === undefined ? {} : { comparison }),
        latents: comparison === undefined ? [] : latentsOf(comparison, theory, judged, thresholds),
        verdict,
        thresholds
      }
    })
  )
}
