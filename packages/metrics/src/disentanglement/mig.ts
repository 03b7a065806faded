/** The mutual information gap: does one learned latent tell more about a true one than any other? */
import type { Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { MetricError } from '../errors.js'
import type { Binning } from '../information/discretization.js'
import { informationFor, type MutualInformation } from '../information/mutual-information.js'
import { twoLargest } from '../internal/order-statistics.js'
import { meanOf, type PerLatent } from './per-latent.js'

/**
 * MIG (R. T. Q. Chen et al., *Isolating Sources of Disentanglement in VAEs*, NeurIPS 2018, section 4.1): the mean
 * over true latents i of
 *
 *   (I(ẑ_j₁; z_i) − I(ẑ_j₂; z_i)) / H(z_i),
 *
 * with j₁, j₂ the two learned latents that tell most about z_i. In [0, 1]; 1: one learned latent tells everything and
 * the others nothing. z [n, d], zHat [n, k]. Continuous latents are cut into bins; order, sign and scale of learned
 * latents do not matter, and with bins of equal counts no monotone function does. Finite samples take a little off (see
 * `mutualInformation`). A constant true latent scores 0; a single learned latent is compared with 0.
 *
 * Use it for independent true latents and any relation between true and learned ones, with many rows a bin. True
 * latents that depend on each other lower it even for perfect codes; then use `mcc` or `dci`.
 *
 * Errors: `ShapeMismatch`, `TooFewRows`, `NotFinite`, `InvalidOption`.
 *
 * @example
 * mig(z, zHat, { bins: 20, cut: 'equal-count' })
 */
export const mig = (z: Samples, zHat: Samples, binning: Binning = {}): E.Either<MetricError, PerLatent> =>
  E.map(({ table, entropies }: MutualInformation) =>
    meanOf(
      table.map((row, i) => {
        const [first, second] = twoLargest(row)
        return entropies[i] === 0 ? 0 : (first - second) / entropies[i]
      })
    )
  )(informationFor('mig', z, zHat, binning))
