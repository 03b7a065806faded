/** Unsupervised disentanglement ranking: models that disentangle agree with each other, others need not. */
import { type Samples, shapeMismatch, showShape, takeColumns } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { MetricError } from '../errors.js'
import { correlationsOf, jointMoments } from '../internal/covariance.js'
import { nonNegative } from '../internal/options.js'
import { median } from '../internal/order-statistics.js'
import { ranks } from '../internal/ranks.js'
import { checkModels } from '../internal/samples.js'
import { lassoOnCorrelations } from '../regressors/lasso.js'

export interface UdrOptions {
  /** How similar two latents are: |Spearman's correlation|, or |lasso coefficients| of one model on the other. */
  readonly kind?: 'spearman' | 'lasso'
  /** Weight of the lasso's penalty on standardized latents; 0.1 as published. */
  readonly penalty?: number
  /**
   * `informative[m][j]`: whether latent j of model m carries information (default: all do). See `informativeLatents`.
   */
  readonly informative?: ReadonlyArray<ReadonlyArray<boolean>>
}

export interface Udr {
  /** UDR of each model, in [0, 1]: the median over the other models. */
  readonly scores: ReadonlyArray<number>
  /** The index of the model with the highest score. */
  readonly best: number
  /** Row = the model that is scored, column = the one it is compared with. The diagonal is 0 and counts nowhere. */
  readonly pairs: ReadonlyArray<ReadonlyArray<number>>
}

/**
 * Which latents carry information: those whose mean KL divergence from the prior exceeds a threshold (default: 0.01
 * nats, as published). `kl[m][j]` is that of latent j of model m.
 */
export const informativeLatents = (kl: ReadonlyArray<ReadonlyArray<number>>, threshold = 0.01): boolean[][] =>
  kl.map((model) => model.map((divergence) => divergence > threshold))

/** |similarity|, row = latent of the first model, column = latent of the second; [k, l] row-major. */
type Similarity = (first: Samples, second: Samples) => E.Either<MetricError, Float64Array>

const spearman: Similarity = (first, second) =>
  E.right(correlationsOf(jointMoments(first, second)).cross.map((r) => Math.abs(r)))

const lasso =
  (penalty: number): Similarity =>
  (first, second) => {
    const [k, l] = [first.shape[1], second.shape[1]]
    const { cross, learned } = correlationsOf(jointMoments(second, first))
    const out = new Float64Array(k * l)
    for (let b = 0; b < l; b++) {
      const beta = lassoOnCorrelations('udr', learned, k, cross.subarray(b * k, (b + 1) * k), penalty)
      if (E.isLeft(beta)) return beta
      for (let a = 0; a < k; a++) out[a * l + b] = Math.abs(beta.right[a])
    }
    return E.right(out)
  }

/** Σ over lines of max²/sum along the line: 1 for a line with a single 1 in it. */
const relativeStrength = (
  lines: number,
  across: number,
  at: (line: number, other: number) => number
): number => {
  let total = 0
  for (let line = 0; line < lines; line++) {
    let most = 0
    let sum = 0
    for (let other = 0; other < across; other++) {
      const value = at(line, other)
      if (value > most) most = value
      sum += value
    }
    // A latent that resembles none of the other model adds nothing.
    if (sum > 0) total += most ** 2 / sum
  }
  return total
}

const pairScore = (
  first: Samples,
  second: Samples,
  similarity: Similarity
): E.Either<MetricError, number> => {
  const [k, l] = [first.shape[1], second.shape[1]]
  if (k === 0 || l === 0) return E.right(0)
  return E.map((table: Float64Array) => {
    const rows = relativeStrength(k, l, (a, b) => table[a * l + b])
    return (rows + relativeStrength(l, k, (b, a) => table[a * l + b])) / (k + l)
  })(similarity(first, second))
}

const checkMask = (
  models: ReadonlyArray<Samples>,
  informative: UdrOptions['informative']
): E.Either<MetricError, ReadonlyArray<ReadonlyArray<number>>> => {
  const mask = informative ?? models.map(({ shape }) => new Array<boolean>(shape[1]).fill(true))
  if (mask.length !== models.length || mask.some((row, m) => row.length !== models[m].shape[1])) {
    const actual = `a mask of ${showShape(mask.map((row) => row.length))} latents`
    const expected = `one of ${showShape(models.map(({ shape }) => shape[1]))}, as the models have`
    return E.left(shapeMismatch('udr', 'informative', actual, expected))
  }
  return E.right(mask.map((row) => row.flatMap((kept, j) => (kept ? [j] : []))))
}

const udrOf = (models: ReadonlyArray<Samples>, similarity: Similarity): E.Either<MetricError, Udr> => {
  const pairs = models.map(() => new Array<number>(models.length).fill(0))
  for (const [j, target] of models.entries()) {
    for (const [i, other] of models.entries()) {
      if (i === j) continue
      const score = pairScore(other, target, similarity)
      if (E.isLeft(score)) return score
      pairs[j][i] = score.right
    }
  }
  const scores = pairs.map((row, j) => median(row.filter((_, i) => i !== j)))
  return E.right({ scores, best: scores.indexOf(Math.max(...scores)), pairs })
}

/**
 * UDR of several models' latents on the same rows, without ground truth (S. Duan et al., *Unsupervised Model
 * Selection for Variational Disentangled Representation Learning*, ICLR 2020, section 4):
 *
 *   UDR_ij = (Σ_a r_a² / Σ_b R_ab + Σ_b r_b² / Σ_a R_ab) / (d_i + d_j),
 *
 * where R_ab is the similarity of latent a of model i and latent b of model j, r the largest of its row or column, and
 * sums and counts d run over informative latents. A model's score is the median over the others. By Spearman it is in
 * [0, 1]; 1: every informative latent is a monotone function of exactly one latent of each other model. The lasso
 * regresses one model on another, both standardized: pairs are not symmetric, a model's score is the median of the
 * pairs in which it is the target (as in the authors' code), and it can exceed 1 where latents are collinear. A model
 * without informative latents scores 0.
 *
 * Use it to choose among VAEs by which latents they use. It needs several models trained alike, and it rewards
 * agreement, not truth; for codes without a prior, `pairwiseMcc` is simpler.
 *
 * `models[m]` is [n, k_m]. Errors: `ShapeMismatch`, `TooFewRows`, `NotFinite`, `InvalidOption`; by the lasso
 * `Degenerate`, where its minimum was not reached.
 *
 * @example
 * udr([seed0, seed1, seed2], { informative: informativeLatents(kl) })
 */
export const udr = (
  models: ReadonlyArray<Samples>,
  { kind = 'spearman', penalty = 0.1, informative }: UdrOptions = {}
): E.Either<MetricError, Udr> => {
  const sound = checkModels('udr', models)
  if (E.isLeft(sound)) return sound
  const weight = nonNegative('udr', 'penalty', penalty)
  if (E.isLeft(weight)) return weight
  const kept = checkMask(models, informative)
  if (E.isLeft(kept)) return kept
  const codes = models.map((model, m) => takeColumns(model, kept.right[m]))
  return kind === 'spearman' ? udrOf(codes.map(ranks), spearman) : udrOf(codes, lasso(penalty))
}
