/** MCC between models, without ground truth: do models that were trained alike find the same latents? */
import type { Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type CorrelationKind, mcc } from '../correlation/mcc.js'
import type { MetricError } from '../errors.js'
import { median } from '../internal/order-statistics.js'
import { checkModels } from '../internal/samples.js'

export interface PairwiseMcc {
  /** Mean or median of MCC over all pairs of models; in [0, 1]. */
  readonly value: number
  /** Mean or median over the other models: the model with the highest value is the most typical one. */
  readonly perModel: ReadonlyArray<number>
  /** Symmetric. The diagonal is 1 and is left out of every average. */
  readonly pairs: ReadonlyArray<ReadonlyArray<number>>
}

const mean = (values: ReadonlyArray<number>): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/**
 * MCC between all pairs of models' latents on the same rows. `models[m]` is [n, k_m]. The published runs of mechanism
 * sparsity select hyperparameters by it and call it UDR ([MS] section 7); Duan et al.'s UDR is `udr`. Where two models
 * differ in their number of latents, those of the larger one that are left over count 0.
 *
 * Use it to see whether a training gives the same latents again, or to choose among settings without ground truth. High
 * agreement is no proof: models can agree on the same mixture.
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
      // The mean runs over the latents of the first, so the larger model comes first.
      const [larger, other] = models[i].shape[1] >= models[j].shape[1] ? [i, j] : [j, i]
      const score = mcc(models[larger], models[other], kind)
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
