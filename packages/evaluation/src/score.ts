/** A score with its interval and its chance level. */
import { bootstrap, type Interval, type MetricError } from '@mechid/metrics'
import { generator } from '@mechid/random'
import { type Samples, takeRows } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Settings } from './options.js'

export interface Score {
  readonly value: number
  /** The 95% interval over bootstrap resamples of the rows. */
  readonly interval: Interval
  /** The mean score of unrelated latents: the learned ones with their rows in random order. */
  readonly chance: number
}

/** A number of true latents and learned ones, row by row. */
export type Statistic = (z: Samples, zHat: Samples) => E.Either<MetricError, number>

/** The first rows, in double precision. */
export const firstRows = (samples: Samples, most: number): Samples<Float64Array> =>
  takeRows(
    samples,
    Int32Array.from({ length: Math.min(most, samples.shape[0]) }, (_, i) => i)
  )

/** The results of a function of permuted learned latents. */
export const permuted = <A>(
  z: Samples,
  zHat: Samples,
  {
    permutations,
    seed,
    label
  }: { readonly permutations: number; readonly seed: number; readonly label: string },
  statistic: (z: Samples, zHat: Samples) => E.Either<MetricError, A>
): E.Either<MetricError, A[]> => {
  const random = generator(seed).split(label)
  const results: A[] = []
  for (let p = 0; p < permutations; p++) {
    const result = statistic(z, takeRows(zHat, random.permutation(z.shape[0])))
    if (E.isLeft(result)) return result
    results.push(result.right)
  }
  return E.right(results)
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** The mean of a statistic of permuted rows. */
export const chanceOf =
  (statistic: Statistic, permutations: number, seed: number): Statistic =>
  (z, zHat) =>
    E.map(meanOf)(permuted(z, zHat, { permutations, seed, label: 'chance' }, statistic))

/** The value alone. */
export const scoreValue = ({ value }: { readonly value: number }): number => value

/** `value`: the statistic of all rows; its interval and chance level are taken on some of them. */
export const scored = (
  value: number,
  z: Samples,
  zHat: Samples,
  statistic: Statistic,
  { rows, resamples, permutations, seed }: Settings,
  chance: Statistic = chanceOf(statistic, permutations, seed)
): E.Either<MetricError, Score> => {
  const [zFew, zHatFew] = [firstRows(z, rows), firstRows(zHat, rows)]
  return pipe(
    E.Do,
    E.bind('interval', () =>
      bootstrap(zFew.shape[0], (drawn) => statistic(takeRows(zFew, drawn), takeRows(zHatFew, drawn)), {
        resamples,
        seed
      })
    ),
    E.bind('chance', () => chance(zFew, zHatFew)),
    E.map((sure) => ({ value, ...sure }))
  )
}
