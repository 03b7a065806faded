/** How sure a score is: its chance level by permutation, its interval by bootstrap. */
import * as E from 'fp-ts/lib/Either.js'
import type { MetricError } from './errors.js'
import { type CorrelationKind, mcc } from './mcc.js'
import { positiveInteger } from './options.js'
import { quantile } from './order-statistics.js'
import { shuffled, uniforms } from './pseudo-random.js'
import { checkPair, type Samples, takeRows } from './samples.js'

/** What the score of unrelated latents is. */
export interface Chance {
  readonly mean: number
  /** 95% of unrelated pairs score at most this. */
  readonly quantile95: number
}

/**
 * MCC's chance level: its distribution when the rows of the learned latents are shuffled, so that nothing of the
 * pairing is left. It depends on n, d and the laws of the latents (0.17 for d = 10, n = 100, independent noise).
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
  const sound = checkPair(z, zHat)
  if (E.isLeft(sound)) return sound
  const count = positiveInteger('permutations', permutations)
  if (E.isLeft(count)) return count
  const random = uniforms(seed)
  const values = new Float64Array(permutations)
  for (let p = 0; p < permutations; p++) {
    const score = mcc(z, takeRows(zHat, shuffled(z.shape[0], random)), kind)
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
  const count = positiveInteger('resamples', resamples)
  if (E.isLeft(count)) return count
  if (!(level > 0 && level < 1)) {
    return E.left({ _tag: 'BadOption', option: 'level', expected: 'between 0 and 1', actual: String(level) })
  }
  const random = uniforms(seed)
  const drawn = new Int32Array(rows)
  const values = new Float64Array(resamples)
  for (let r = 0; r < resamples; r++) {
    for (let i = 0; i < rows; i++) drawn[i] = Math.floor(random() * rows)
    const value = statistic(drawn)
    if (E.isLeft(value)) return value
    values[r] = value.right
  }
  values.sort()
  return E.right([quantile(values, (1 - level) / 2), quantile(values, (1 + level) / 2)])
}
