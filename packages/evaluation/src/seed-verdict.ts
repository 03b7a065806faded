/** The verdict on two models of the same data: is each a graph-preserving map of the other? */
import { type Assignment, graphAfterAssignment, mcc, shdAfterAssignment } from '@mechid/metrics'
import { type CausalGraph, type Samples, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { percent, testDoubt } from './doubts.js'
import type { EvaluationError } from './errors.js'
import { checkedPair, checkedPrediction } from './input.js'
import { type EvaluationOptions, settingsOf, type Thresholds, testSettings } from './options.js'
import { LEAST_TESTED, type PairEffect, type PromiseTest, promiseTest } from './promise-test.js'

/** Learned latents [n, k] and the learned graph of one model. */
export interface LearnedModel {
  readonly zHat: Samples
  readonly learned: CausalGraph
}

export type SeedVerdict =
  | { readonly _tag: 'Kept'; readonly sentence: string }
  | {
      readonly _tag: 'Broken'
      /** Pairs of latents, counted as those of the first model, that one model mixes against the other's graph. */
      readonly pairs: ReadonlyArray<readonly [latent: number, other: number]>
      readonly reasons: readonly string[]
      readonly sentence: string
    }
  | {
      readonly _tag: 'CannotTell'
      readonly doubt: 'nothing promised' | 'too few rows' | 'latents alike' | 'latents unexplained'
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

const verdictOf = (
  tests: SeedAnswer['tests'],
  edgesApart: number,
  promised: boolean,
  { shd }: Thresholds
): SeedVerdict => {
  if (!promised) {
    return {
      _tag: 'CannotTell',
      doubt: 'nothing promised',
      sentence: 'The learned graphs leave all latents mixed, so any two models agree.'
    }
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
  return doubt === undefined
    ? { _tag: 'Kept', sentence: 'Each model is the other one, up to what their graphs leave open.' }
    : { _tag: 'CannotTell', doubt: doubt[0], sentence: doubt[1] }
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

const sameWidth = (first: LearnedModel, second: LearnedModel): E.Either<EvaluationError, number> => {
  const [k, other] = [first.zHat.shape[1], second.zHat.shape[1]]
  return k === other
    ? E.right(k)
    : E.left(shapeMismatch(WHERE, 'the latents of the second model', other, `${k}, as the first has`))
}

/**
 * Whether two models of the same rows, say of two seeds, are graph-preserving maps of each other: the test of `evaluate`, with
 * either model in place of the truth and its learned graph in place of the true one. Both have equally many latents.
 *
 * Use it without truth. Models that agree can be wrong alike, so it can refute, not prove; models that differ show that one of
 * them is wrong, not which.
 *
 * Errors: `ShapeMismatch`, `TooFewRows` (40 are needed), `NotFinite`, `NotBinary`, `InvalidOption`.
 *
 * @example
 * const { verdict } = orThrow(verdictBetween({ zHat: one, learned }, { zHat: other, learned: otherGraph }))
 */
export const verdictBetween = (
  first: LearnedModel,
  second: LearnedModel,
  options: EvaluationOptions = {}
): E.Either<EvaluationError, SeedAnswer> =>
  pipe(
    E.Do,
    E.bind('settings', () => settingsOf(WHERE, options)),
    E.bind('sound', () => checkedPair(WHERE, first.zHat, second.zHat, LEAST_TESTED)),
    E.bind('one', () =>
      checkedPrediction(WHERE, "the first model's graph", first.learned, 'its zHat', first.zHat)
    ),
    E.bind('other', () =>
      checkedPrediction(WHERE, "the second model's graph", second.learned, 'its zHat', second.zHat)
    ),
    E.bind('wide', () => sameWidth(first, second)),
    E.bindW('matched', () => mcc(first.zHat, second.zHat)),
    E.bindW('apart', ({ matched: { assignment } }) =>
      shdAfterAssignment(first.learned, second.learned, assignment)
    ),
    E.bindW('renamed', ({ matched: { assignment } }) =>
      checkedPrediction(
        WHERE,
        "the second model's graph",
        graphAfterAssignment(second.learned, assignment),
        'zHat',
        first.zHat
      )
    ),
    E.bindW('tests', ({ settings, matched: { assignment }, one, renamed }) => {
      const [a, b] = [first.zHat, reordered(second.zHat, assignment)]
      const same = assignment.map((_, i) => i)
      return pipe(
        E.Do,
        E.bind('forth', () => promiseTest(a, b, one?.pattern ?? [], same, 0, testSettings(settings))),
        E.bind('back', () => promiseTest(b, a, renamed?.pattern ?? [], same, 0, testSettings(settings))),
        E.map(({ forth, back }) => [forth, back] as const)
      )
    }),
    E.map(({ settings, matched: { assignment }, apart, one, other, tests }) => ({
      verdict: verdictOf(
        tests,
        apart.shd,
        one?.kind !== 'none' && other?.kind !== 'none',
        settings.thresholds
      ),
      assignment,
      edgesApart: apart.shd,
      tests
    }))
  )
