/** The FactorVAE score: which code varies least while one factor is held fixed? */
import { generator } from '@mechid/random'
import type { Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { MetricError } from '../errors.js'
import { isConstant } from '../internal/covariance.js'
import { positiveInteger, positiveIntegers } from '../internal/options.js'
import { drawGroups, type FactorGroups, type GroupRequest } from './factor-groups.js'

/** How often a classifier finds the factor that was fixed. */
export interface VoteScore {
  /** The share of right answers on votes that the classifier was not fitted on, in [0, 1]. */
  readonly value: number
  /** The same on the votes that it was fitted on. */
  readonly inSample: number
  /** What guessing scores: 1/d. */
  readonly chance: number
}

export interface FactorVaeScore extends VoteScore {
  /** Votes that were fitted on: row = code, column = fixed factor. */
  readonly votes: ReadonlyArray<ReadonlyArray<number>>
}

/** Variances of codes within groups [groups, k] for each factor, and over all groups [k]. */
interface Variances {
  readonly within: ReadonlyArray<Float64Array>
  readonly overall: Float64Array
}

/** Variance of each column over rows `start …`, divided by count − 1; 0 if it is only rounding. */
const columnVariances = (
  { data, shape }: Samples,
  start: number,
  count: number,
  out: Float64Array,
  at: number
): void => {
  const k = shape[1]
  for (let j = 0; j < k; j++) {
    let mean = 0
    for (let i = start; i < start + count; i++) mean += data[i * k + j]
    mean /= count
    let squares = 0
    for (let i = start; i < start + count; i++) squares += (data[i * k + j] - mean) ** 2
    out[at + j] = isConstant(squares, mean, count) ? 0 : squares / (count - 1)
  }
}

const WHERE = 'factorVaeScore'

const variances = (
  source: FactorGroups,
  request: Omit<GroupRequest, 'factor'>
): E.Either<MetricError, Variances> => {
  const { groups, size } = request
  const drawn: Samples[] = []
  const within: Float64Array[] = []
  for (let factor = 0; factor < source.factors; factor++) {
    const codes = drawGroups(WHERE, source, { ...request, factor }, drawn[0]?.shape[1])
    if (E.isLeft(codes)) return codes
    const k = codes.right.shape[1]
    const out = new Float64Array(groups * k)
    for (let g = 0; g < groups; g++) columnVariances(codes.right, g * size, size, out, g * k)
    within.push(out)
    drawn.push(codes.right)
  }
  const k = drawn[0].shape[1]
  const all = new Float64Array(drawn.length * groups * size * k)
  drawn.forEach(({ data }, f) => {
    all.set(data, f * groups * size * k)
  })
  const overall = new Float64Array(k)
  columnVariances({ data: all, shape: [all.length / k, k] }, 0, all.length / k, overall, 0)
  return E.right({ within, overall })
}

/** For each code how often it varied least, relative to its variance overall, with each factor fixed. */
const votesOf = (within: ReadonlyArray<Float64Array>, overall: Float64Array): number[][] => {
  const k = overall.length
  const votes = Array.from({ length: k }, () => new Array<number>(within.length).fill(0))
  for (const [factor, values] of within.entries()) {
    for (let at = 0; at < values.length; at += k) {
      let least = -1
      let ratio = Number.POSITIVE_INFINITY
      for (let j = 0; j < k; j++) {
        if (overall[j] > 0 && values[at + j] / overall[j] < ratio) {
          ratio = values[at + j] / overall[j]
          least = j
        }
      }
      if (least >= 0) votes[least][factor]++
    }
  }
  return votes
}

/**
 * The FactorVAE score (H. Kim, A. Mnih, *Disentangling by Factorising*, ICML 2018, section 4). A vote: fix a factor,
 * draw `size` codes, divide each code's variance by its overall variance, and name the code with the least. A
 * majority-vote classifier from codes to factors is fitted on `votes` votes a factor, and its accuracy taken on as many
 * others: 1 if each factor has a code of its own that does not vary with the others; 1/d at chance. Order, sign, scale
 * and offset of codes do not matter. A constant code never wins; if all codes are constant, the score is 0.
 *
 * Use it with a simulator, or with independent factors by `groupsOfRows`. It asks for a code a factor and not how well
 * the code tells it; add `linearR` or `dci` for that.
 *
 * Errors: `ShapeMismatch`, `NotFinite`, `InvalidOption`.
 *
 * @example
 * E.chain((groups: FactorGroups) => factorVaeScore(groups))(groupsOfRows(z, zHat))
 */
export const factorVaeScore = (
  source: FactorGroups,
  {
    votes = 100,
    size = 64,
    seed = 0
  }: { readonly votes?: number; readonly size?: number; readonly seed?: number } = {}
): E.Either<MetricError, FactorVaeScore> => {
  const counts = positiveIntegers(WHERE, { factors: source.factors, votes })
  if (E.isLeft(counts)) return counts
  const rows = positiveInteger(WHERE, 'size', size, 2)
  if (E.isLeft(rows)) return rows
  const request = { groups: votes, size, random: generator(seed).split('votes').uniform }
  const fit = variances(source, { ...request, part: 'fit' })
  if (E.isLeft(fit)) return fit
  const score = variances(source, { ...request, part: 'score' })
  if (E.isLeft(score)) return score
  const { overall } = fit.right
  const fitted = votesOf(fit.right.within, overall)
  const answers = fitted.map((row) => row.indexOf(Math.max(...row)))
  const accuracy = (table: ReadonlyArray<ReadonlyArray<number>>): number =>
    table.reduce((sum, row, j) => sum + row[answers[j]], 0) / (votes * source.factors)
  return E.right({
    value: accuracy(votesOf(score.right.within, overall)),
    inSample: accuracy(fitted),
    chance: 1 / source.factors,
    votes: fitted
  })
}
