/** The input of an evaluation, and its checks. */
import type { GraphSource, Prediction } from '@mechid/causal-graph'
import {
  type CausalGraph,
  checkFinite,
  checkShape,
  type Samples,
  shapeMismatch,
  showShape,
  tooFewRows
} from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { EvaluationError } from './errors.js'
import { predictionOf, type Theory, type TheoryOptions, theoryFor } from './theory.js'

export interface EvaluationInput extends TheoryOptions {
  /** True latents [n, d], of rows that no training saw. Without them only theory is answered. */
  readonly z?: Samples
  /** Learned latents [n, k] of the same rows, from any encoder. */
  readonly zHat: Samples
  /**
   * The true kernel, whose influence is checked, or the true causal graph, whose influence is supposed to be
   * sufficient.
   */
  readonly graph?: GraphSource
  /** The learned graph; its latents are the columns of `zHat`. */
  readonly learned?: CausalGraph
  /** Whether data reject what the method assumes of mechanisms, such as `unmix`'s additivity (default: no). */
  readonly hypothesisRejected?: boolean
  /** The greatest R that noise allows, in [0, 1], such as that of `noiseFloor`. It is given beside R. */
  readonly floor?: number
}

/** As `EvaluationInput`, where the true latents are known. */
export type ComparableInput = EvaluationInput & { readonly z: Samples }

/** Held-out halves of the kernel regression have two rows each. */
const LEAST_ROWS = 4

const checkedSamples = (
  where: string,
  name: string,
  samples: Samples,
  least: number
): E.Either<EvaluationError, Samples> =>
  pipe(
    checkShape(where, name, samples, [2]),
    E.flatMap((sound) =>
      sound.shape[0] < least
        ? E.left<EvaluationError, Samples>(tooFewRows(where, sound.shape[0], least))
        : checkFinite(where, name, sound)
    )
  )

/** Both are sound, with the same rows, `least` or more. */
export const checkedPair = (
  where: string,
  z: Samples | undefined,
  zHat: Samples,
  least: number = LEAST_ROWS
): E.Either<EvaluationError, unknown> =>
  pipe(
    checkedSamples(where, 'zHat', zHat, least),
    E.flatMap(() => (z === undefined ? E.right(zHat) : checkedSamples(where, 'z', z, least))),
    E.flatMap((sound) =>
      sound.shape[0] === zHat.shape[0]
        ? E.right<EvaluationError, unknown>(sound)
        : E.left(shapeMismatch(where, 'zHat', showShape(zHat.shape), `${sound.shape[0]} rows, as z has`))
    )
  )

const asWide = (
  where: string,
  what: string,
  { pattern }: Prediction,
  name: string,
  samples: Samples | undefined
): E.Either<EvaluationError, unknown> =>
  samples === undefined || pattern.length === samples.shape[1]
    ? E.right(pattern)
    : E.left(
        shapeMismatch(
          where,
          `the size of ${what}`,
          pattern.length,
          `${samples.shape[1]}, as ${name} has columns`
        )
      )

/** The theory of the true graph, where one is given. */
export const checkedTheory = (
  where: string,
  input: EvaluationInput
): E.Either<EvaluationError, Theory | undefined> =>
  input.graph === undefined
    ? E.right(undefined)
    : pipe(
        theoryFor(where, input.graph, input),
        E.tap(({ prediction }) => asWide(where, 'the true graph', prediction, 'z', input.z))
      )

/** What a graph identifies, if one is given; influence is not checked. */
export const checkedPrediction = (
  where: string,
  what: string,
  graph: GraphSource | undefined,
  name: string,
  samples: Samples | undefined,
  options: TheoryOptions = {}
): E.Either<EvaluationError, Prediction | undefined> =>
  graph === undefined
    ? E.right(undefined)
    : pipe(
        predictionOf(`${where}: ${what}`, graph, options),
        E.tap((prediction) => asWide(where, what, prediction, name, samples))
      )
