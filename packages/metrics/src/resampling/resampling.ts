/** How sure a score is: its chance level by permutation, its interval by bootstrap. */
import { generator } from '@mechid/random'
import { type Samples, takeRows } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type CorrelationKind, mcc } from '../correlation/mcc.js'
import type { MetricError } from '../errors.js'
import { positiveInteger, positiveIntegers, properShare } from '../internal/options.js'
import { quantile } from '../internal/order-statistics.js'
import { rowDraws } from '../internal/row-draws.js'
import { checkPair } from '../internal/samples.js'

/** What the score of unrelated latents is. */
export interface Chance {
  readonly mean: number
  /** 95% of unrelated pairs score at most this. */
  readonly quantile95: number
}

/**
 * MCC's chance level: its distribution when the rows of the learned latents are shuffled, so that nothing of the
 * pairing is left. It depends on n, d and the laws of the latents (0.17 for d = 10, n = 100, independent noise).
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

/** A percentile interval. */
export type Interval = readonly [low: number, high: number]

/**
 * A confidence interval of a statistic of rows, by bootstrap percentiles (B. Efron 1979): rows are drawn with
 * replacement `resamples` times. `statistic` is given the drawn row numbers.
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
