/** MCC between models in place of a true one: do models that were trained alike find the same latents? */
import type { Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type CorrelationKind, mcc } from '../correlation/mcc.js'
import type { MetricError } from '../errors.js'
import { median } from '../internal/order-statistics.js'
import { checkModels } from '../internal/samples.js'

export interface PairwiseMcc {
  /** Mean or median of MCC over all pairs of models; in [0, 1]. */
  readonly value: number
  /** Mean or median over the other models: the model of the highest one is the most typical. */
  readonly perModel: ReadonlyArray<number>
  /** Symmetric; 1 on the diagonal, which counts nowhere. */
  readonly pairs: ReadonlyArray<ReadonlyArray<number>>
}

const mean = (values: ReadonlyArray<number>): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/**
 * MCC between all pairs of models' latents on the same rows, without ground truth: what the published runs of
 * mechanism sparsity call UDR and select hyperparameters by ([MS] section 7; compare `udr`). `models[m]` is
 * [n, k_m].
 *
 * Errors: `ShapeMismatch`, `TooFewRows`, `NotFinite`.
 *
 * @example
 * pairwiseMcc([seed0, seed1, seed2], { average: 'median' })
 */
export const pairwiseMcc = (
  models: ReadonlyArray<Samples>,
  {
    kind = 'pearson',
    average = 'mean'
  }: { readonly kind?: CorrelationKind; readonly average?: 'mean' | 'median' } = {}
): E.Either<MetricError, PairwiseMcc> => {
  const sound = checkModels('pairwiseMcc', models)
  if (E.isLeft(sound)) return sound
  const pairs = models.map(() => models.map(() => 1))
  const all: number[] = []
  for (let i = 0; i < models.length; i++) {
    for (let j = 0; j < i; j++) {
      const score = mcc(models[i], models[j], kind)
      if (E.isLeft(score)) return score
      pairs[i][j] = score.right.value
      pairs[j][i] = score.right.value
      all.push(score.right.value)
    }
  }
  const summary = average === 'mean' ? mean : median
  const perModel = pairs.map((row, i) => summary(row.filter((_, j) => j !== i)))
  return E.right({ value: summary(all), perModel, pairs })
}
