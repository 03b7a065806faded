/** IRS, the interventional robustness score: does a learned latent stay the same while other true latents change? */
import { invalidOption, type Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { MetricError } from '../errors.js'
import { type Binning, type Classes, classesOf } from '../information/discretization.js'
import { quantile } from '../internal/order-statistics.js'
import { checkPair } from '../internal/samples.js'

export interface Irs {
  /** Mean over learned latents, weighted by their greatest deviations; in [0, 1]. */
  readonly value: number
  readonly perCode: ReadonlyArray<number>
  /** The true latent that each learned one is most robust given. */
  readonly parents: ReadonlyArray<number>
  /** Row = learned latent, column = true latent. */
  readonly table: ReadonlyArray<ReadonlyArray<number>>
}

export interface IrsOptions extends Binning {
  /** The quantile of deviations that stands for their supremum: 1 as in the paper; 0.99 resists outliers. */
  readonly quantile?: number
}

/** The quantile of |x − mean| over the given values; exactly 0 where they are all the same. */
const deviation = (values: Float64Array, share: number): number => {
  if (values.every((x) => x === values[0])) return 0
  let mean = 0
  for (let i = 0; i < values.length; i++) mean += values[i] / values.length
  const gaps = values.map((x) => Math.abs(x - mean)).sort()
  return quantile(gaps, share)
}

/** The rows of each class. */
const members = ({ labels, count }: Classes): number[][] => {
  const out = Array.from({ length: count }, (): number[] => [])
  for (let i = 0; i < labels.length; i++) out[labels[i]].push(i)
  return out.filter((rows) => rows.length > 0)
}

const column = ({ data, shape }: Samples, j: number, rows: ReadonlyArray<number>): Float64Array => {
  const out = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) out[i] = data[rows[i] * shape[1] + j]
  return out
}

/**
 * IRS (R. Suter et al., *Robustly Disentangled Causal Mechanisms*, ICML 2019), for each learned latent j:
 *
 *   max_i (1 − E_g[sup |ẑ_j − E(ẑ_j | z_i = g)| given z_i = g] / sup |ẑ_j − E ẑ_j|),
 *
 * and their mean weighted by sup |ẑ_j − E ẑ_j|. In [0, 1] (a negative difference counts as 0); 1: given the value of
 * one true latent, no change of the others moves ẑ_j. z [n, d], zHat [n, k]. The expectation over g weighs values by
 * their share of rows. Continuous true latents are cut into bins (default: 20), within which even a perfect copy moves:
 * it scores about 1 − 1/bins. Order, sign and offset of learned latents do not matter, nor does a common scale; the
 * scale of a single one is its weight. Constant learned latents have weight 0; if all are constant, the score is 0.
 *
 * Use it for discrete, independent true latents and codes of one scale. It takes seeing z_i = g for setting it, which
 * only independence allows. Small classes make it too high, and so do tails: unrelated normal latents scored 0.23 at
 * 10,000 rows, and 0.02 with `quantile: 0.99`.
 *
 * Errors: `ShapeMismatch`, `TooFewRows`, `NotFinite`, `InvalidOption`.
 */
export const irs = (
  z: Samples,
  zHat: Samples,
  { quantile: share = 1, ...binning }: IrsOptions = {}
): E.Either<MetricError, Irs> => {
  const sound = checkPair('irs', z, zHat)
  if (E.isLeft(sound)) return sound
  if (!(share > 0 && share <= 1)) {
    return E.left(invalidOption('irs', 'quantile', share, 'above 0 and at most 1'))
  }
  const factors = classesOf('irs', z, binning)
  return E.map((classes: Classes[]) => irsOf(classes.map(members), zHat, share))(factors)
}

const irsOf = (groups: ReadonlyArray<number[][]>, zHat: Samples, share: number): Irs => {
  const [n, k] = zHat.shape
  const everything = Array.from({ length: n }, (_, i) => i)
  const weights = Array.from({ length: k }, (_, j) => deviation(column(zHat, j, everything), share))
  const table = weights.map((most, j) =>
    groups.map((classes) => {
      if (most === 0) return 0
      let expected = 0
      for (const rows of classes) expected += (rows.length / n) * deviation(column(zHat, j, rows), share)
      return Math.max(0, 1 - expected / most)
    })
  )
  const perCode = table.map((row) => Math.max(...row))
  const parents = table.map((row, j) => row.indexOf(perCode[j]))
  const total = weights.reduce((sum, w) => sum + w, 0)
  const value = total === 0 ? 0 : perCode.reduce((sum, x, j) => sum + (x * weights[j]) / total, 0)
  return { value, perCode, parents, table }
}
