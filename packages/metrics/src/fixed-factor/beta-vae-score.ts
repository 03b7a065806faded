/** The β-VAE score: can a linear classifier tell which factor pairs of codes share? */
import { generator } from '@mechid/random'
import { invalidOption, type Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { MetricError } from '../errors.js'
import { positiveIntegers } from '../internal/options.js'
import { standardizationOf, standardize } from '../internal/standardization.js'
import { drawGroups, type FactorGroups, type GroupRequest } from './factor-groups.js'
import type { VoteScore } from './factor-vae-score.js'
import { fitSoftmax, type Labelled, softmaxAccuracy } from './internal/softmax-regression.js'

export interface BetaVaeOptions {
  /** Points (mean differences) for each factor, in each of the two sets (default: 100). */
  readonly points?: number
  /** Pairs that a point is the mean of (default: 64). */
  readonly pairs?: number
  /** Weight decay of the classifier on standardized points (default: 0.001). */
  readonly penalty?: number
  readonly seed?: number
}

/** Gradient steps of the classifier; its objective is smooth and strongly convex, and small. */
const STEPS = 300

/** Mean |difference| of the codes of pairs: [points, k] for one factor. */
const differences = (codes: Samples, points: number, pairs: number): Float64Array => {
  const k = codes.shape[1]
  const out = new Float64Array(points * k)
  for (let p = 0, at = 0; p < points; p++) {
    for (let l = 0; l < pairs; l++, at += 2 * k) {
      for (let j = 0; j < k; j++)
        out[p * k + j] += Math.abs(codes.data[at + j] - codes.data[at + k + j]) / pairs
    }
  }
  return out
}

interface Points {
  readonly points: Samples
  readonly labels: Int32Array
}

const WHERE = 'betaVaeScore'

const pointsOf = (
  source: FactorGroups,
  count: number,
  pairs: number,
  request: Pick<GroupRequest, 'random' | 'part'>
): E.Either<MetricError, Points> => {
  const labels = new Int32Array(source.factors * count)
  const parts: Float64Array[] = []
  for (let factor = 0; factor < source.factors; factor++) {
    const width = factor === 0 ? undefined : parts[0].length / count
    const codes = drawGroups(WHERE, source, { ...request, factor, groups: count * pairs, size: 2 }, width)
    if (E.isLeft(codes)) return codes
    parts.push(differences(codes.right, count, pairs))
    labels.fill(factor, factor * count, (factor + 1) * count)
  }
  const data = new Float64Array(parts.length * parts[0].length)
  parts.forEach((part, f) => {
    data.set(part, f * part.length)
  })
  return E.right({ points: { data, shape: [labels.length, parts[0].length / count] }, labels })
}

/**
 * The β-VAE score (I. Higgins et al., *β-VAE*, ICLR 2017, section 3). A point is the mean of |ẑ − ẑ'| over `pairs`
 * pairs of codes that share the value of one factor; a linear classifier (multinomial logistic regression with weight
 * decay, on standardized points) names the factor. It is fitted on one set of points, and its accuracy taken on
 * another: 1 if each factor has a code that does not vary with the others; 1/d at chance. Order, sign, scale and offset
 * of codes do not matter; constant codes are ignored.
 *
 * Use it only to compare with published figures: entangled codes often reach 1, too, which is why `factorVaeScore`
 * exists.
 *
 * Errors: `ShapeMismatch`, `NotFinite`, `InvalidOption`.
 */
export const betaVaeScore = (
  source: FactorGroups,
  { points = 100, pairs = 64, penalty = 1e-3, seed = 0 }: BetaVaeOptions = {}
): E.Either<MetricError, VoteScore> => {
  const sound = positiveIntegers(WHERE, { factors: source.factors, points, pairs })
  if (E.isLeft(sound)) return sound
  if (!(penalty > 0)) return E.left(invalidOption(WHERE, 'penalty', penalty, 'above 0'))
  const random = generator(seed).split('points').uniform
  const fit = pointsOf(source, points, pairs, { random, part: 'fit' })
  if (E.isLeft(fit)) return fit
  const score = pointsOf(source, points, pairs, { random, part: 'score' })
  if (E.isLeft(score)) return score
  const scaling = standardizationOf(fit.right.points)
  const labelled = ({ points: rows, labels }: Points): Labelled => ({
    features: standardize(rows, scaling).data,
    columns: rows.shape[1],
    labels,
    classes: source.factors
  })
  const weights = fitSoftmax(labelled(fit.right), penalty, STEPS)
  return E.right({
    value: softmaxAccuracy(weights, labelled(score.right)),
    inSample: softmaxAccuracy(weights, labelled(fit.right)),
    chance: 1 / source.factors
  })
}
