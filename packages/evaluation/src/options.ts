/** Options of an evaluation. */
import { invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { EvaluationError } from './errors.js'

/** What counts as a kept promise, and as enough rows. */
export interface Thresholds {
  /** The least √R² of a latent by a smooth function of the learned ones that it may depend on. Default: .9. */
  readonly correlation: number
  /** The most edges in which the graph may differ from the true one. Default: 1. */
  readonly shd: number
  /** The most that unrelated latents may score; above it there are too few rows. Default: .5. */
  readonly chance: number
  /**
   * The share of a latent's variance that a forbidden latent may add without harm. Default: .01, what a turn of two
   * independent latents by 6° mixes in, and about what training leaves at an MCC of .995.
   */
  readonly margin: number
  /** The probability of calling a kept promise broken, or a broken one kept. Default: .05. */
  readonly level: number
}

export interface EvaluationOptions {
  readonly thresholds?: Partial<Thresholds>
  /** Intervals and chance levels are computed on at most this many rows, the first ones. Default: 20,000. */
  readonly rows?: number
  /** Bootstrap resamples of each interval. Default: 200. */
  readonly resamples?: number
  /** Permutations of each chance level. Default: 20. */
  readonly permutations?: number
  /**
   * The kernel regression, which is slow. `rows`: it sees at most so many, the first ones (default: 4,000); 0 leaves it
   * out. `resamples` of its interval and `permutations` of its chance level (default: 0, which leaves these out).
   */
  readonly kernel?: {
    readonly rows?: number
    readonly resamples?: number
    readonly permutations?: number
  }
  /** The test behind the verdict sees at most `rows`, the first ones. Default: 12,000. */
  readonly test?: { readonly rows?: number }
  /** The seed of all random draws. Default: 0. */
  readonly seed?: number
}

/** The options with nothing left open. */
export interface Settings {
  readonly thresholds: Thresholds
  readonly rows: number
  readonly resamples: number
  readonly permutations: number
  readonly kernel: { readonly rows: number; readonly resamples: number; readonly permutations: number }
  readonly test: { readonly rows: number }
  readonly seed: number
}

/** What a test needs to know. */
export interface TestSettings extends Thresholds {
  readonly rows: number
  readonly seed: number
}

/** The settings of a test alone. */
export const testSettings = ({ thresholds, test, seed }: Settings): TestSettings => ({
  ...thresholds,
  ...test,
  seed
})

/** Enough for three digits, and quick. */
const RESAMPLED_ROWS = 20_000

/** Enough to tell a twentieth of the margin, and quick. */
const TESTED_ROWS = 12_000

const filled = ({ thresholds, kernel, test, ...given }: EvaluationOptions): Settings => ({
  rows: RESAMPLED_ROWS,
  resamples: 200,
  permutations: 20,
  seed: 0,
  ...given,
  thresholds: { correlation: 0.9, shd: 1, chance: 0.5, margin: 0.01, level: 0.05, ...thresholds },
  test: { rows: TESTED_ROWS, ...test },
  kernel: { rows: 4000, resamples: 0, permutations: 0, ...kernel }
})

type Rule = readonly [name: string, value: number, holds: (value: number) => boolean, expected: string]

const atLeast =
  (least: number) =>
  (value: number): boolean =>
    Number.isInteger(value) && value >= least

const isShare = (value: number): boolean => value >= 0 && value <= 1

const isProperShare = (value: number): boolean => value > 0 && value < 1

/** The settings, or the first option that makes no sense. */
export const settingsOf = (
  where: string,
  options: EvaluationOptions
): E.Either<EvaluationError, Settings> => {
  const settings = filled(options)
  const { thresholds, rows, resamples, permutations, kernel, test, seed } = settings
  const rules: readonly Rule[] = [
    ['thresholds.correlation', thresholds.correlation, isShare, 'a number from 0 to 1'],
    ['thresholds.shd', thresholds.shd, (value) => value >= 0, 'a number of edges, 0 or more'],
    ['thresholds.chance', thresholds.chance, isShare, 'a number from 0 to 1'],
    ['thresholds.margin', thresholds.margin, isProperShare, 'a number above 0 and below 1'],
    ['thresholds.level', thresholds.level, isProperShare, 'a number above 0 and below 1'],
    ['test.rows', test.rows, atLeast(1), 'a whole number, 1 or more'],
    ['rows', rows, atLeast(2), 'a whole number, 2 or more'],
    ['resamples', resamples, atLeast(1), 'a whole number, 1 or more'],
    ['permutations', permutations, atLeast(1), 'a whole number, 1 or more'],
    [
      'kernel.rows',
      kernel.rows,
      (value) => value === 0 || atLeast(4)(value),
      'a whole number, 0 or 4 and more'
    ],
    ['kernel.resamples', kernel.resamples, atLeast(0), 'a whole number, 0 or more'],
    ['kernel.permutations', kernel.permutations, atLeast(0), 'a whole number, 0 or more'],
    ['seed', seed, atLeast(0), 'a whole number, 0 or more']
  ]
  const broken = rules.find(([, value, holds]) => !holds(value))
  if (broken === undefined) return E.right(settings)
  const [name, value, , expected] = broken
  return E.left(invalidOption(where, name, value, expected))
}
