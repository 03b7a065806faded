/** Whether learned latents are what theory promised. */
import type { Prediction } from '@mechid/causal-graph'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type Comparison, compared } from './comparison.js'
import type { EvaluationError } from './errors.js'
import { checkedPair, checkedPrediction, checkedTheory, type EvaluationInput } from './input.js'
import { type LatentEvaluation, latentsOf } from './latents.js'
import {
  type EvaluationOptions,
  type Settings,
  settingsOf,
  type Thresholds,
  testSettings
} from './options.js'
import { type PromiseTest, promiseTest } from './promise-test.js'
import type { Theory } from './theory.js'
import { type Testable, testable, type Verdict, verdictOf } from './verdict.js'

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
  /** What decided the verdict, where there was a promise to test. */
  readonly test?: PromiseTest
  /** The thresholds that decided the verdict. */
  readonly thresholds: Thresholds
}

const WHERE = 'evaluate'

const comparisonOf = (
  input: EvaluationInput,
  prediction: Prediction | undefined,
  settings: Settings
): E.Either<EvaluationError, Comparison | undefined> =>
  input.z === undefined ? E.right(undefined) : compared(WHERE, { ...input, z: input.z }, prediction, settings)

/** The verdict, with the test that it rests on where there is one. */
const judged = (
  theory: Theory | undefined,
  comparison: Comparison | undefined,
  { z, zHat, hypothesisRejected = false, floor = 1 }: EvaluationInput,
  settings: Settings
): E.Either<EvaluationError, Pick<Evaluation, 'verdict' | 'test'>> => {
  const { thresholds } = settings
  return E.match(
    (verdict: Verdict): E.Either<EvaluationError, Pick<Evaluation, 'verdict' | 'test'>> =>
      E.right({ verdict }),
    (known: Testable) => {
      const { pattern } = known.theory.prediction
      const { assignment } = known.comparison
      return E.map((test: PromiseTest) => ({ verdict: verdictOf(known, test, thresholds), test }))(
        // There is a comparison only where there are true latents.
        promiseTest(z ?? zHat, zHat, pattern, assignment, 1 - floor ** 2, testSettings(settings))
      )
    }
  )(testable(theory, comparison, hypothesisRejected, thresholds))
}

/**
 * Compares learned latents [n, k], of any encoder, with the true ones [n, d] and with what theory promises of the true
 * graph. Answers scores with intervals and chance levels, what became of each latent, and a verdict. The promise is kept if no
 * true latent surely or possibly needs a learned one that the graph forbids (`PromiseTest`), each is known from those that it
 * may depend on (√R² ≥ .9), and SHD ≤ 1 where a learned graph is given. Where the graph leaves all latents mixed, influence is
 * not sufficient, or data reject the hypothesis, there is no promise to keep. Where it is influence that lacks, latents that
 * surely miss the graph's pattern are called broken all the same; none are called kept.
 *
 * Use it at the end of an experiment with known truth, on rows that no training saw. During training use `pointScores`.
 * It takes less than half a minute of a core for 25,000 rows of ten latents: most for the test, which `test: { rows }` shortens,
 * and for the kernel regression, which `kernel: { rows: 0 }` leaves out.
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
  const { z, zHat, learned } = input
  return pipe(
    E.Do,
    E.bind('settings', () => settingsOf(WHERE, options)),
    E.bind('sound', () => checkedPair(WHERE, z, zHat)),
    E.bind('theory', () => checkedTheory(WHERE, input)),
    E.bind('alone', () => checkedPrediction(WHERE, 'the learned graph', learned, 'zHat', zHat, input)),
    E.bind('comparison', ({ theory, settings }) => comparisonOf(input, theory?.prediction, settings)),
    E.bind('answer', ({ theory, comparison, settings }) => judged(theory, comparison, input, settings)),
    E.map(({ settings: { thresholds }, theory, alone, comparison, answer }) => ({
      rows: zHat.shape[0],
      ...(theory === undefined ? {} : { theory }),
      ...(alone === undefined ? {} : { learnedPrediction: alone }),
      ...(comparison === undefined ? {} : { comparison }),
      latents:
        comparison === undefined
          ? []
          : latentsOf(comparison, theory, answer.verdict._tag !== 'CannotTell', thresholds),
      ...answer,
      thresholds
    }))
  )
}
