/** The mean correlation coefficient: does each learned latent match one true latent? */
import type { Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { MetricError } from '../errors.js'
import { correlationsOf, jointMoments } from '../internal/covariance.js'
import { ranks } from '../internal/ranks.js'
import { checkPair } from '../internal/samples.js'
import { type Assignment, bestAssignment } from './assignment.js'

/** Pearson: linear dependence; Spearman: monotone dependence, as Pearson on ranks. */
export type CorrelationKind = 'pearson' | 'spearman'

export interface Mcc {
  /** In [0, 1]; 1: every true latent is a linear (Spearman: monotone) function of one learned latent. */
  readonly value: number
  readonly assignment: Assignment
  /** How many true latents no learned one is matched to: d − k where there are fewer learned latents, else 0. */
  readonly unmatched: number
  /** Signed correlations, row = true latent, column = learned latent. */
  readonly correlations: ReadonlyArray<ReadonlyArray<number>>
}

const table = (flat: Float64Array, columns: number): number[][] =>
  Array.from({ length: flat.length / columns }, (_, i) =>
    Array.from(flat.subarray(i * columns, (i + 1) * columns))
  )

/**
 * The correlation of every true latent with every learned one: [d, k], signed. A constant column has correlation 0.
 *
 * Errors: `ShapeMismatch`, `TooFewRows`, `NotFinite`.
 */
export const correlations = (
  z: Samples,
  zHat: Samples,
  kind: CorrelationKind = 'pearson'
): E.Either<MetricError, number[][]> => correlationsFor('correlations', z, zHat, kind)

/** `correlations` on behalf of the function that errors shall name. */
const correlationsFor = (
  where: string,
  z: Samples,
  zHat: Samples,
  kind: CorrelationKind
): E.Either<MetricError, number[][]> => {
  const sound = checkPair(where, z, zHat)
  if (E.isLeft(sound)) return sound
  const moments = kind === 'spearman' ? jointMoments(ranks(z), ranks(zHat)) : jointMoments(z, zHat)
  return E.right(table(correlationsOf(moments).cross, zHat.shape[1]))
}

/** The score of a table of signed correlations. */
export const mccOfCorrelations = (signed: ReadonlyArray<ReadonlyArray<number>>): Mcc => {
  const magnitudes = signed.map((row) => row.map(Math.abs))
  const assignment = bestAssignment(magnitudes)
  const matched = assignment.flatMap((j, i) => (j < 0 ? [] : [magnitudes[i][j]]))
  const value = matched.reduce((sum, r) => sum + r, 0) / signed.length
  return { value, assignment, unmatched: signed.length - matched.length, correlations: signed }
}

/**
 * MCC: true latents z [n, d] and learned latents zHat [n, k] are matched one to one so that the sum of their absolute
 * correlations is greatest; the score is the mean over true latents (A. Hyvärinen, H. Morioka 2016; assignment: H. Kuhn
 * 1955). A true latent without a partner counts 0, so that MCC ≤ R also where k < d; `unmatched` says how many there
 * are. Learned latents that are left over do not count.
 *
 * Use it where theory promises each latent by itself. Where it leaves latents mixed, use `rCon`, and always read it
 * beside `mccChance`: unrelated latents do not score 0. Spearman suits latents that are known up to a monotone
 * function.
 *
 * Errors: `ShapeMismatch`, `TooFewRows`, `NotFinite`.
 *
 * @example
 * mcc(z, zHat, 'spearman')
 */
export const mcc = (
  z: Samples,
  zHat: Samples,
  kind: CorrelationKind = 'pearson'
): E.Either<MetricError, Mcc> => E.map(mccOfCorrelations)(correlationsFor('mcc', z, zHat, kind))
