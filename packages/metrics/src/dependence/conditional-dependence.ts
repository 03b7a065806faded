/** Whether further inputs help to predict a target once others are given, and by how much. */
import { solveShifted } from '@mechid/numerics'
import { generator } from '@mechid/random'
import { invalidOption, type Samples, shapeMismatch, takeRows, tooFewRows } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { MetricError } from '../errors.js'
import { properShare } from '../internal/options.js'
import { checkSamples } from '../internal/samples.js'
import { standardizationOf, standardize } from '../internal/standardization.js'
import { crossFitted, type Directions } from './internal/cross-fit.js'
import { type Estimate, meanSquare, semipartialOf, shareOf } from './semipartial.js'

/** What one candidate adds to the inputs that are given. */
export interface CandidateHelp {
  /**
   * Correlation r of what is left of the target with the direction that was learned for the candidate on other rows:
   * semi-partial, or partial for shares of the rest. r² is at most the share that the candidate explains, and equal to it
   * where the direction is the best one.
   */
  readonly correlation: Estimate
  /** The same once the directions of all other candidates are given, too: what a mere proxy of another does not keep. */
  readonly beyondOthers: Estimate
  /**
   * How much of a planted help, the share `probe` by a wave of the candidate, is seen: 1 all, 0 nothing.
   * Where it is small, a small r² says nothing.
   */
  readonly recovered: number
  /** The share of the candidate's own variance that the given inputs leave open. Near 0, it is a copy of them. */
  readonly own: number
}

export interface ConditionalDependence {
  /**
   * The share of the target's variance that the given inputs leave open, on rows that were not fitted on. No candidate, nor
   * all of them together, can add more than this.
   */
  readonly unexplained: Estimate
  /**
   * The same on the rows that were fitted on: too low where rows are few, as the other is too high. Where both are large, it is no
   * lack of rows.
   */
  readonly unexplainedInSample: Estimate
  /** One a candidate, in their order. */
  readonly candidates: readonly CandidateHelp[]
}

export interface ConditionalDependenceOptions {
  /** The columns of the inputs that are given. */
  readonly given: readonly number[]
  /** The columns of the candidates. */
  readonly candidates: readonly number[]
  /** The planted help, as a share. Default: .01. */
  readonly probe?: number
  /** What shares are of: the target's variance, or what the given inputs leave open of it. Default: its variance. */
  readonly of?: 'variance' | 'rest'
  /** Of folds and random features. Default: 0. */
  readonly seed?: number
}

/** Half of the rows choose penalties, half of these are predicted from the others: fewer would choose by chance. */
const LEAST_ROWS = 40

/** Ridge share that keeps the products of directions invertible where two of them are alike. */
const ALIKE = 1e-6

/** Each direction less what the other directions say of it, all of unit mean square. */
const beyond = (directions: readonly Float64Array[], of: number): Float64Array => {
  const others = directions.filter((_, c) => c !== of)
  const own = directions[of]
  const m = others.length
  const gram = new Float64Array(m * m)
  const product = new Float64Array(m)
  for (let a = 0; a < m; a++) {
    for (let b = a; b < m; b++) {
      for (let i = 0; i < own.length; i++) gram[a * m + b] += others[a][i] * others[b][i]
    }
    for (let i = 0; i < own.length; i++) product[a] += others[a][i] * own[i]
  }
  const weights = solveShifted({ data: gram, shape: [m, m] }, ALIKE * own.length, {
    data: product,
    shape: [m, 1]
  }).data
  return own.map((value, i) => {
    let rest = value
    for (let a = 0; a < m; a++) rest -= weights[a] * others[a][i]
    return rest
  })
}

/** `whole`: what shares are of. */
const helpOf = (
  { residuals, directions, probes, probed, own }: Directions,
  whole: Float64Array,
  c: number
): CandidateHelp => {
  const correlation = semipartialOf(residuals, directions[c], whole)
  const withProbe = residuals.map((e, i) => e + probes[c][i])
  const seen = semipartialOf(withProbe, probed[c], whole).value
  const planted = meanSquare(probes[c]) / Math.max(Number.MIN_VALUE, meanSquare(whole))
  return {
    correlation,
    beyondOthers:
      directions.length === 1 ? correlation : semipartialOf(residuals, beyond(directions, c), whole),
    recovered: planted > 0 ? Math.min(1, Math.max(0, seen) ** 2 / planted) : 0,
    own: own[c]
  }
}

const checkedColumns = (
  where: string,
  option: string,
  columns: readonly number[],
  width: number
): E.Either<MetricError, readonly number[]> => {
  const wrong = columns.find(
    (c, i) => !Number.isInteger(c) || c < 0 || c >= width || columns.indexOf(c) !== i
  )
  return wrong === undefined
    ? E.right(columns)
    : E.left(invalidOption(where, option, wrong, `columns of x from 0 to ${width - 1}, each once`))
}

const checked = (
  where: string,
  y: Samples,
  x: Samples,
  { given, candidates, probe = 0.01 }: ConditionalDependenceOptions
): E.Either<MetricError, unknown> => {
  for (const [name, samples] of [['y', y] as const, ['x', x] as const]) {
    const sound = checkSamples(where, name, samples)
    if (E.isLeft(sound)) return sound
  }
  if (y.shape[1] !== 1) return E.left(shapeMismatch(where, 'the columns of y', y.shape[1], '1'))
  if (y.shape[0] !== x.shape[0]) {
    return E.left(shapeMismatch(where, 'the rows of y', y.shape[0], `${x.shape[0]}, as x has`))
  }
  if (y.shape[0] < LEAST_ROWS) return E.left(tooFewRows(where, y.shape[0], LEAST_ROWS))
  const columns = checkedColumns(where, 'given', given, x.shape[1])
  if (E.isLeft(columns)) return columns
  const others = checkedColumns(where, 'candidates', candidates, x.shape[1])
  if (E.isLeft(others)) return others
  const twice = candidates.find((c) => given.includes(c))
  if (twice !== undefined) {
    return E.left(invalidOption(where, 'candidates', twice, 'a column that is not given'))
  }
  return properShare(where, 'probe', probe)
}

/**
 * Whether candidate columns of x [n, k] help to predict y [n, 1] once the columns `given` are known: θ = E[(E[y|S,j] −
 * E[y|S])²] / Var y (or, of the rest, / E[Var(y|S)]) for each candidate j, by smooth regressions that are fitted on one half of the rows and scored on the
 * other, and the other way round.
 *
 * How: a function h(S, j) is learned for what is left of y, and less E[h|S] it is the direction w. Products of w with the
 * residuals of y have mean 0 where j does not help, even if both regressions on S are a little wrong: their errors are
 * multiplied (the projected covariance measure of A. Lundborg, I. Kim, R. Shah, R. Samworth, Annals of Statistics 2024;
 * R. Shah, J. Peters, Annals of Statistics 2020). By Cauchy and Schwarz (E[e w])² ≤ θ · E[w²] · Var y for any w.
 *
 * Use it to ask whether a latent depends on another beyond those allowed. When not: rows that tell of each other (neighbours in a
 * series) have larger standard errors than these; dependence of the variance alone is not seen; helps that oscillate faster
 * than 6 radians per standard deviation are not, either.
 *
 * Cost: for each candidate about n · 100² / 2 multiplications, and n · p² for p features of what is given.
 *
 * Errors: `ShapeMismatch`, `TooFewRows` (40 are needed), `NotFinite`, `InvalidOption`.
 *
 * @example
 * conditionalDependence(y, x, { given: [0], candidates: [1, 2] }) // E.right({ unexplained: …, candidates: [ …, … ] })
 */
export const conditionalDependence = (
  y: Samples,
  x: Samples,
  options: ConditionalDependenceOptions
): E.Either<MetricError, ConditionalDependence> => {
  const sound = checked('conditionalDependence', y, x, options)
  if (E.isLeft(sound)) return sound
  const { given, candidates, probe = 0.01, of = 'variance', seed = 0 } = options
  // Halves of rows in random order; features take standardized inputs.
  const order = generator(seed).split('folds').permutation(y.shape[0])
  const [inputs, target] = [takeRows(x, order), takeRows(y, order)]
  const fitted = crossFitted(Float64Array.from(target.data), standardize(inputs, standardizationOf(inputs)), {
    given,
    candidates,
    probe,
    of,
    seed
  })
  const whole = of === 'rest' ? fitted.residuals : fitted.target
  return E.right({
    unexplained: shareOf(fitted.residuals, fitted.target),
    unexplainedInSample: shareOf(fitted.fittedResiduals, fitted.target),
    candidates: candidates.map((_, c) => helpOf(fitted, whole, c))
  })
}
