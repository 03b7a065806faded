/** How sure a score is: chance levels by permutation, intervals by bootstrap. */
import { generator } from '@mechid/random'
import { type Samples, takeRows } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type CorrelationKind, mcc } from '../correlation/mcc.js'
import type { MetricError } from '../errors.js'
import { positiveInteger, positiveIntegers, properShare } from '../internal/options.js'
import { quantile } from '../internal/order-statistics.js'
import { rowDraws } from '../internal/row-draws.js'
import { checkPair } from '../internal/samples.js'

/** What unrelated latents score. */
export interface Chance {
  readonly mean: number
  /** 95% of unrelated pairs score at most this. */
  readonly quantile95: number
}

/**
 * The chance level of MCC: its distribution when rows of the learned latents are shuffled (default: 20 times), so that
 * they have nothing to do with the true ones.
 *
 * Use it beside every MCC. It depends on n, d and the distributions of the latents: for independent noise with d = 10
 * and n = 100 it is 0.17.
 *
 * Errors: `ShapeMismatch`, `TooFewRows`, `NotFinite`, `InvalidOption`.
 */
export const mccChance = (
  z: Samples,
  zHat: Samples,
  {
    kind = 'pearson',
    permutations = 20,
    seed = 0
  }: { readonly kind?: CorrelationKind; readonly permutations?: number; readonly seed?: number } = {}
): E.Either<MetricError, Chance> => {
  const sound = checkPair('mccChance', z, zHat)
  if (E.isLeft(sound)) return sound
  const count = positiveInteger('mccChance', 'permutations', permutations)
  if (E.isLeft(count)) return count
  const random = generator(seed).split('permutations')
  const values = new Float64Array(permutations)
  for (let p = 0; p < permutations; p++) {
    const score = mcc(z, takeRows(zHat, random.permutation(z.shape[0])), kind)
    if (E.isLeft(score)) return score
    values[p] = score.right.value
  }
  values.sort()
  const mean = values.reduce((sum, value) => sum + value, 0) / permutations
  return E.right({ mean, quantile95: quantile(values, 0.95) })
}

/** An interval between two percentiles. */
export type Interval = readonly [low: number, high: number]

/**
 * A confidence interval of a statistic of rows, by bootstrap percentiles (B. Efron 1979): rows are drawn with
 * replacement `resamples` times (default: 200), and `statistic` is given their numbers in an array that is used again
 * for the next draw.
 *
 * Use it for rows that are independent, and for statistics that are not fitted: a row drawn twice can land on both
 * sides of a split. Draw among the rows scored on alone, then.
 *
 * Errors: `InvalidOption`, and those of the statistic.
 */
export const bootstrap = (
  rows: number,
  statistic: (drawn: Int32Array) => E.Either<MetricError, number>,
  {
    resamples = 200,
    level = 0.95,
    seed = 0
  }: { readonly resamples?: number; readonly level?: number; readonly seed?: number } = {}
): E.Either<MetricError, Interval> => {
  const counts = positiveIntegers('bootstrap', { rows, resamples })
  if (E.isLeft(counts)) return counts
  const share = properShare('bootstrap', 'level', level)
  if (E.isLeft(share)) return share
  const draw = rowDraws(rows, generator(seed).split('resamples'))
  const values = new Float64Array(resamples)
  for (let r = 0; r < resamples; r++) {
    const value = statistic(draw())
    if (E.isLeft(value)) return value
    values[r] = value.right
  }
  values.sort()
  return E.right([quantile(values, (1 - level) / 2), quantile(values, (1 + level) / 2)])
}
