/** Entanglement graphs from samples alone, at a significance level. */
import { type Dense, inverse as inverseOf, multiply, zeros } from '@mechid/numerics'
import {
  checkFinite,
  checkShape,
  columnOf,
  degenerate,
  type EdgeTable,
  invalidOption,
  type NotFinite,
  type Samples,
  type ShapeMismatch,
  shapeMismatch,
  showShape,
  tooFewRows
} from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { GraphError } from '../errors.js'
import { fTail } from './internal/f-test.js'

export interface SampledEntanglementOptions {
  /** Probability of one false entry or more in the whole graph (Holm's correction). Default: 0.01. */
  readonly significance?: number
  /** Terms of the regressions: 1 linear, 2 all products of two, 3 cubes besides. Default: 2. */
  readonly degree?: 1 | 2 | 3
}

export interface SampledEntanglement {
  /** Entry (i, j) iff the hypothesis "z_i does not depend on learned j" is rejected. */
  readonly graph: EdgeTable
  /** p-values before the correction, d × d. */
  readonly pValues: number[][]
}

/** A term is a list of coordinates to multiply. */
const termsOf = (d: number, degree: number): number[][] => {
  const terms: number[][] = []
  for (let j = 0; j < d; j++) {
    terms.push([j])
    if (degree >= 2) for (let l = j; l < d; l++) terms.push([j, l])
    if (degree >= 3) terms.push([j, j, j])
  }
  return terms
}

/** In place: mean 0, variance 1; whether there is any variation. */
const standardize = (x: Float64Array): boolean => {
  let [mean, squares] = [0, 0]
  for (const value of x) mean += value / x.length
  for (const value of x) squares += (value - mean) ** 2 / x.length
  const spread = Math.sqrt(squares)
  for (let r = 0; r < x.length; r++) x[r] = spread > 0 ? (x[r] - mean) / spread : 0
  return spread > 0
}

const dot = (x: Float64Array, y: Float64Array): number => {
  let sum = 0
  for (let r = 0; r < x.length; r++) sum += x[r] * y[r]
  return sum
}

const featureColumns = (inputs: Samples, terms: ReadonlyArray<ReadonlyArray<number>>): Float64Array[] => {
  const plain = Array.from({ length: inputs.shape[1] }, (_, j) => columnOf(inputs, j))
  for (const x of plain) standardize(x)
  return terms.map((term) => {
    const x = Float64Array.from(plain[term[0]], (_, r) => term.reduce((value, j) => value * plain[j][r], 1))
    standardize(x)
    return x
  })
}

/** Smaller residuals are rounding: relative to the standard deviation of z_i. */
const RESIDUAL_FLOOR = 1e-7

/** `1 − leverage` of each row: how much of it the regression has not fitted to itself. */
const freedom = (features: ReadonlyArray<Float64Array>, inverse: Dense): Float64Array => {
  const p = features.length
  return Float64Array.from(features[0], (_, r) => {
    let leverage = 1 / features[0].length
    for (let a = 0; a < p; a++)
      for (let b = 0; b < p; b++) leverage += features[a][r] * inverse.data[a * p + b] * features[b][r]
    return Math.max(1e-6, 1 - leverage)
  })
}

/** The covariance of the coefficients where residuals vary unevenly: J. G. MacKinnon and H. White (1985), HC3. */
const covariance = (
  features: ReadonlyArray<Float64Array>,
  inverse: Dense,
  residual: Float64Array,
  free: Float64Array
): Dense => {
  const p = features.length
  const middle = zeros(p, p)
  const weights = residual.map((e, r) => (e * e + RESIDUAL_FLOOR ** 2) / (free[r] * free[r]))
  for (let a = 0; a < p; a++) {
    const weighted = features[a].map((x, r) => x * weights[r])
    for (let b = a; b < p; b++) middle.data[a * p + b] = middle.data[b * p + a] = dot(weighted, features[b])
  }
  return multiply(multiply(inverse, middle), inverse)
}

interface Regression {
  readonly features: ReadonlyArray<Float64Array>
  /** For each input, the terms in which it takes part. */
  readonly groups: ReadonlyArray<ReadonlyArray<number>>
  readonly inverse: Dense
  readonly free: Float64Array
}

/** p-values of one output for each input: Wald tests of the coefficients of all terms that hold the input. */
const testOutput = (y: Float64Array, { features, groups, inverse, free }: Regression): number[] => {
  const p = features.length
  const moments = features.map((x) => dot(x, y))
  const beta = moments.map((_, a) => moments.reduce((sum, m, b) => sum + inverse.data[a * p + b] * m, 0))
  const residual = y.slice()
  features.forEach((x, a) => {
    for (let r = 0; r < residual.length; r++) residual[r] -= beta[a] * x[r]
  })
  const spread = covariance(features, inverse, residual, free)
  return groups.map((group) => {
    const q = group.length
    const part = zeros(q, q)
    group.forEach((a, r) => {
      group.forEach((b, c) => {
        part.data[r * q + c] = spread.data[a * p + b]
      })
    })
    const precision = inverseOf('entanglementBySamples', part)
    if (E.isLeft(precision)) return 1
    let explained = 0
    group.forEach((a, r) => {
      group.forEach((b, c) => {
        explained += beta[a] * precision.right.data[r * q + c] * beta[b]
      })
    })
    return fTail(explained / q, q, y.length - p - 1)
  })
}

/** Holm's step-down: which of the p-values are rejected at the family-wise level. */
const holm = (pValues: ReadonlyArray<number>, level: number): boolean[] => {
  const order = [...pValues.keys()].sort((a, b) => pValues[a] - pValues[b])
  const rejected = new Array<boolean>(pValues.length).fill(false)
  for (let r = 0; r < order.length && pValues[order[r]] <= level / (order.length - r); r++)
    rejected[order[r]] = true
  return rejected
}

const checkSamples = (
  where: string,
  learned: Samples,
  truth: Samples
): E.Either<NotFinite | ShapeMismatch, Samples> => {
  const [given, expected] = [truth, learned].map(({ shape }) => showShape(shape))
  return pipe(
    checkShape(where, 'learned', learned, [2]),
    E.filterOrElse(
      () => given === expected,
      () => shapeMismatch(where, 'the shape of truth', given, `${expected}, as learned has`)
    ),
    E.flatMap(() => checkShape(where, 'truth', truth, [2])),
    E.flatMap(() => checkFinite(where, 'learned', learned)),
    E.flatMap(() => checkFinite(where, 'truth', truth))
  )
}

/**
 * The entanglement graph of v: ẑ ↦ z from samples of both, row by row. z_i is regressed on products of coordinates of ẑ;
 * for each (i, j) a Wald test looks at all coefficients in which ẑ_j takes part, with covariances that allow residuals of
 * uneven size; Holm's correction is over all d² tests.
 *
 * When to use it: you have samples, but not the map. With the map, `entanglementByJacobian` needs no test.
 *
 * The level holds, for many rows, where what the products cannot express is independent of ẑ_j, as with independent ẑ. A
 * dependence orthogonal to all products is not seen. Standardized residuals below 1e−7 count as 1e−7.
 *
 * Errors: `ShapeMismatch`, `NotFinite`, `InvalidOption` (level), `TooFewRows` (fewer than 10 more than terms),
 * `Degenerate` (terms that depend on one another).
 */
export const entanglementBySamples = (
  learned: Samples,
  truth: Samples,
  { significance = 0.01, degree = 2 }: SampledEntanglementOptions = {}
): E.Either<GraphError, SampledEntanglement> => {
  const where = 'entanglementBySamples'
  const [n, d] = learned.shape
  const sound = checkSamples(where, learned, truth)
  if (E.isLeft(sound)) return sound
  if (!(significance > 0 && significance < 1))
    return E.left(invalidOption(where, 'significance', significance, 'a number between 0 and 1'))
  const terms = termsOf(d, degree)
  if (n < terms.length + 10)
    return E.left(tooFewRows(`${where}, ${terms.length} terms`, n, terms.length + 10))
  const features = featureColumns(learned, terms)
  const gram = zeros(terms.length, terms.length)
  features.forEach((x, a) => {
    features.forEach((y, b) => {
      if (b >= a) gram.data[b * terms.length + a] = gram.data[a * terms.length + b] = dot(x, y)
    })
  })
  const inverse = inverseOf(where, gram)
  if (E.isLeft(inverse))
    return E.left(
      degenerate(
        where,
        'the covariance of products of learned latents',
        'singular',
        'latents that vary freely, so that no product depends linearly on others'
      )
    )
  const groups = Array.from({ length: d }, (_, j) => [...terms.keys()].filter((t) => terms[t].includes(j)))
  const regression = { features, groups, inverse: inverse.right, free: freedom(features, inverse.right) }
  const pValues = Array.from({ length: d }, (_, i) => {
    const y = columnOf(truth, i)
    standardize(y)
    return testOutput(y, regression)
  })
  const rejected = holm(pValues.flat(), significance)
  return E.right({
    graph: pValues.map((row, i) => row.map((_, j) => (rejected[i * d + j] ? 1 : 0))),
    pValues
  })
}
