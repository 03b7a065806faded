/** The verdict on two models of the same data: is each a graph-preserving map of the other? */
import type { Prediction } from '@mechid/causal-graph'
import {
  type Assignment,
  graphAfterAssignment,
  type MetricError,
  mcc,
  shdAfterAssignment
} from '@mechid/metrics'
import { type CausalGraph, type Samples, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { percent, testDoubt } from './doubts.js'
import type { EvaluationError } from './errors.js'
import { checkedPair, checkedPrediction } from './input.js'
import {
  type EvaluationOptions,
  settingsOf,
  type TestSettings,
  type Thresholds,
  testSettings
} from './options.js'
import { LEAST_TESTED, type PairEffect, type PromiseTest, promiseTest } from './promise-test.js'
import { predictionOf, type Theory, type TheoryOptions } from './theory.js'

/** Learned latents [n, k] and the learned graph of one model. */
export interface LearnedModel extends TheoryOptions {
  readonly zHat: Samples
  readonly learned: CausalGraph
  /** Whether data reject the hypothesis on which the search for this model's basis rests. Default: no. */
  readonly hypothesisRejected?: boolean
}

export interface AgreementOptions extends EvaluationOptions {
  /**
   * Whether influence is sufficient in the data, where that is known: from `theory` of a kernel, or because mechanisms are known to be
   * linear. Where it is not `sufficient`, nothing was promised, and no agreement is called kept. Default: `supposed`.
   */
  readonly influence?: Theory['influence']
}

export type SeedVerdict =
  | {
      readonly _tag: 'Kept'
      /** What was assumed, not checked. */
      readonly supposes: readonly string[]
      readonly sentence: string
    }
  | {
      readonly _tag: 'Broken'
      /** Pairs of latents, counted as those of the first model, that one model mixes against the other's graph. */
      readonly pairs: ReadonlyArray<readonly [latent: number, other: number]>
      readonly reasons: readonly string[]
      readonly sentence: string
    }
  | {
      readonly _tag: 'CannotTell'
      readonly doubt:
        | 'nothing promised'
        | 'influence not sufficient'
        | 'hypothesis rejected'
        | 'too few rows'
        | 'latents alike'
        | 'latents unexplained'
      readonly sentence: string
    }

export interface SeedAnswer {
  readonly verdict: SeedVerdict
  /** The latent of the second model that is matched to each of the first. */
  readonly assignment: Assignment
  /** Edges in which the graphs differ. */
  readonly edgesApart: number
  /** The first model's latents from the second's, and the other way round, all in the order of the first. */
  readonly tests: readonly [first: PromiseTest, second: PromiseTest]
}

const pairReason = (which: string, { latent, other, share, interval: [low, high] }: PairEffect): string =>
  `Latent ${latent} of the ${which} model needs latent ${other} of the other one against its own graph: ${percent(share)} of its variance (${percent(low)} to ${percent(high)}).`

const lostReasons = (which: string, { blocks }: PromiseTest): string[] =>
  blocks
    .filter(({ outcome }) => outcome === 'above')
    .map(
      ({ latent, share }) =>
        `Latent ${latent} of the ${which} model is not known from the other one: ${percent(share)} of its variance stay open.`
    )

type Doubted = SeedVerdict & { readonly _tag: 'CannotTell' }

const doubtful = (doubt: Doubted['doubt'], sentence: string): SeedVerdict => ({
  _tag: 'CannotTell',
  doubt,
  sentence
})

/** What agreement of two models does not show. */
const SUPPOSED = 'The models are assumed not to be wrong alike.'
const INFLUENCE = 'Influence is assumed to be sufficient.'

/** What is promised of the two models, before any test. */
interface Grounds {
  /** Whether both graphs tell some latents apart. */
  readonly promised: boolean
  readonly hypothesisRejected: boolean
  readonly influence: Theory['influence']
}

/** What two models are called that agree: without a promise, agreement keeps none. */
const agreeing = ({ hypothesisRejected, influence }: Grounds): SeedVerdict => {
  if (hypothesisRejected) {
    return doubtful(
      'hypothesis rejected',
      'The two models agree, but data reject the hypothesis on which the search for a basis rests, so nothing is claimed.'
    )
  }
  if (influence !== 'sufficient' && influence !== 'supposed') {
    return doubtful(
      'influence not sufficient',
      'The two models agree, but sparsity promises nothing here: influence is not sufficient, or no theorem covers it.'
    )
  }
  return {
    _tag: 'Kept',
    supposes: influence === 'supposed' ? [INFLUENCE, SUPPOSED] : [SUPPOSED],
    sentence: 'Each model is the other one, up to what their graphs leave open.'
  }
}

const verdictOf = (
  tests: SeedAnswer['tests'],
  edgesApart: number,
  grounds: Grounds,
  { shd }: Thresholds
): SeedVerdict => {
  if (!grounds.promised) {
    return doubtful(
      'nothing promised',
      'The learned graphs leave all latents mixed, so any two models agree.'
    )
  }
  const names = ['first', 'second'] as const
  const reasons = [
    ...(edgesApart > shd ? [`The graphs differ in ${edgesApart} edges; at most ${shd} may differ.`] : []),
    ...tests.flatMap((test, m) => [
      ...lostReasons(names[m], test),
      ...test.broken.map((effect) => pairReason(names[m], effect))
    ])
  ]
  if (reasons.length > 0) {
    const pairs = tests.flatMap(({ broken }) => broken.map(({ latent, other }) => [latent, other] as const))
    return {
      _tag: 'Broken',
      pairs,
      reasons,
      sentence: 'The two models found different latents: at least one of them is not what its graph promises.'
    }
  }
  const doubt = testDoubt(tests[0]) ?? testDoubt(tests[1])
  return doubt === undefined ? agreeing(grounds) : doubtful(...doubt)
}

/** The columns of latents in the order of an assignment. */
const reordered = (
  { data, shape: [rows, width] }: Samples,
  assignment: Assignment
): Samples<Float64Array> => {
  const out = new Float64Array(rows * assignment.length)
  for (let i = 0, to = 0; i < rows; i++) for (const j of assignment) out[to++] = data[i * width + j]
  return { data: out, shape: [rows, assignment.length] }
}

const WHERE = 'verdictBetween'

/** Both models are sound, with the same rows and equally many latents. */
const checkedModels = (first: LearnedModel, second: LearnedModel): E.Either<EvaluationError, unknown> => {
  const [k, other] = [first.zHat.shape[1], second.zHat.shape[1]]
  return pipe(
    checkedPair(WHERE, first.zHat, second.zHat, LEAST_TESTED),
    E.flatMap(() =>
      checkedPrediction(WHERE, "the first model's graph", first.learned, 'its zHat', first.zHat, first)
    ),
    E.flatMap(() =>
      checkedPrediction(WHERE, "the second model's graph", second.learned, 'its zHat', second.zHat, second)
    ),
    E.flatMap(
      (sound): E.Either<EvaluationError, unknown> =>
        k === other
          ? E.right(sound)
          : E.left(shapeMismatch(WHERE, 'the latents of the second model', other, `${k}, as the first has`))
    )
  )
}

interface Sides {
  readonly one: Prediction
  readonly other: Prediction
  readonly edgesApart: number
}

/** What the graphs promise, and in how many edges they differ, with the second's latents renamed as the first's. */
const sidesOf = (
  first: LearnedModel,
  second: LearnedModel,
  assignment: Assignment
): E.Either<EvaluationError, Sides> =>
  pipe(
    E.Do,
    E.bind('one', () => predictionOf(WHERE, first.learned, first)),
    E.bind('other', () => predictionOf(WHERE, graphAfterAssignment(second.learned, assignment), second)),
    E.bindW('apart', () => shdAfterAssignment(first.learned, second.learned, assignment)),
    E.map(({ one, other, apart }) => ({ one, other, edgesApart: apart.shd }))
  )

/** Either model in place of the truth, the second's latents in the order of the first's. */
const testsOf = (
  a: Samples,
  b: Samples,
  { one, other }: Sides,
  settings: TestSettings
): E.Either<MetricError, SeedAnswer['tests']> => {
  const same = one.pattern.map((_, i) => i)
  return pipe(
    promiseTest(a, b, one.pattern, same, 0, settings),
    E.flatMap((forth) =>
      E.map((back: PromiseTest) => [forth, back] as const)(
        promiseTest(b, a, other.pattern, same, 0, settings)
      )
    )
  )
}

/**
 * Whether two models of the same rows, say of two seeds, are graph-preserving maps of each other: the test of `evaluate`, with
 * either model in place of the truth and its learned graph in place of the true one. Both have equally many latents.
 *
 * Use it without truth. Models that agree can be wrong alike, so it can refute, not prove; models that differ show that one of
 * them is wrong, not which. Where data reject a model's hypothesis, or influence is known not to be sufficient (`influence`), models that
 * differ are still called broken, but none that agree are called kept.
 *
 * Errors: `ShapeMismatch`, `TooFewRows` (40 are needed), `NotFinite`, `NotBinary`, `InvalidOption`.
 *
 * @example
 * const { verdict } = orThrow(verdictBetween({ zHat: one, learned }, { zHat: other, learned: otherGraph }))
 */
export const verdictBetween = (
  first: LearnedModel,
  second: LearnedModel,
  { influence = 'supposed', ...options }: AgreementOptions = {}
): E.Either<EvaluationError, SeedAnswer> =>
  pipe(
    E.Do,
    E.bind('settings', () => settingsOf(WHERE, options)),
    E.bind('sound', () => checkedModels(first, second)),
    E.bindW('matched', () => mcc(first.zHat, second.zHat)),
    E.bindW('sides', ({ matched: { assignment } }) => sidesOf(first, second, assignment)),
    E.bindW('tests', ({ settings, matched: { assignment }, sides }) =>
      testsOf(first.zHat, reordered(second.zHat, assignment), sides, testSettings(settings))
    ),
    E.map(
      ({ settings: { thresholds }, matched: { assignment }, sides: { one, other, edgesApart }, tests }) => ({
        verdict: verdictOf(
          tests,
          edgesApart,
          {
            promised: one.kind !== 'none' && other.kind !== 'none',
            hypothesisRejected: [first, second].some(({ hypothesisRejected }) => hypothesisRejected === true),
            influence
          },
          thresholds
        ),
        assignment,
        edgesApart,
        tests
      })
    )
  )
