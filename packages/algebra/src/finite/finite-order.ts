/** The equations A ∘ m = m ∘ A, Aⁿ = I for a linear map A within a linear space, and their solution from one start. */

import type { Mechanism } from '@mechid/mechanisms'
import {
  combine,
  type Dense,
  decideRank,
  identityMatrix,
  multiply,
  nonlinearLeastSquares,
  type Residuals,
  rightSvd,
  roundingLevel,
  timesVector,
  weightedSum,
  zeros
} from '@mechid/numerics'
import * as E from 'fp-ts/lib/Either.js'
import { type Transition, transitionAt } from '../fields/transition.js'

/** A mechanism with points and what they are mapped to. */
export interface Sampled {
  readonly mechanism: Mechanism
  /** N × d */
  readonly points: Float64Array
  readonly at: Transition
}

export interface FiniteOrderProblem {
  readonly sampled: ReadonlyArray<Sampled>
  /** A is Σ θ_k basis[k]. */
  readonly basis: ReadonlyArray<Dense>
  /** n */
  readonly order: number
}

/** A x for every row x. */
export const movedRows = (a: Dense, points: Float64Array): Float64Array => {
  const d = a.shape[0]
  const out = new Float64Array(points.length)
  for (let s = 0; s < points.length; s += d) out.set(timesVector(a, points.subarray(s, s + d)), s)
  return out
}

/** m at A z; undefined where the mechanism is not defined there. */
const imagesOfMoved = (a: Dense, { mechanism, points, at }: Sampled): Transition | undefined => {
  const there = transitionAt('finite order', mechanism, movedRows(a, points), at.actions)
  return E.isRight(there) ? there.right : undefined
}

/** B m(z) − Dm(A z) B z, the slope of A m(z) − m(A z) along B, for each sample. */
const commutatorSlope = (b: Dense, { points, at }: Sampled, there: Transition, out: Float64Array): void => {
  const d = b.shape[0]
  const [left, right] = [movedRows(b, at.images), movedRows(b, points)]
  for (let s = 0; s < points.length; s += d)
    for (let i = 0; i < d; i++) {
      let sum = left[s + i]
      for (let j = 0; j < d; j++) sum -= there.jacobians[(s + i) * d + j] * right[s + j]
      out[s + i] = sum
    }
}

/** I, A, …, Aⁿ. */
export const powersOf = (a: Dense, n: number): Dense[] => {
  const powers = [identityMatrix(a.shape[0])]
  for (let k = 0; k < n; k++) powers.push(multiply(powers[k], a))
  return powers
}

/** Σ Aᵏ B Aⁿ⁻¹⁻ᵏ: the slope of Aⁿ along B. */
const powerSlope = (powers: ReadonlyArray<Dense>, b: Dense, n: number): Dense => {
  let sum = zeros(...b.shape)
  for (let k = 0; k < n; k++) sum = combine(1, sum, 1, multiply(powers[k], multiply(b, powers[n - 1 - k])))
  return sum
}

const setColumn = (
  { data, shape: [, columns] }: Dense,
  from: number,
  column: number,
  values: Float64Array
): void => {
  for (let e = 0; e < values.length; e++) data[(from + e) * columns + column] = values[e]
}

/** All residuals at θ with slopes; undefined where a mechanism is not defined. */
export const residualsAt = (problem: FiniteOrderProblem, theta: Float64Array): Residuals | undefined => {
  const { sampled, basis, order } = problem
  const a = weightedSum(theta, basis)
  const size = a.data.length
  const rows = size + sampled.reduce((sum, { points }) => sum + points.length, 0)
  const values = new Float64Array(rows)
  const slopes = zeros(rows, basis.length)
  const powers = powersOf(a, order)
  values.set(combine(1, powers[order], -1, powers[0]).data)
  basis.forEach((b, k) => {
    setColumn(slopes, 0, k, powerSlope(powers, b, order).data)
  })
  let from = size
  for (const each of sampled) {
    const there = imagesOfMoved(a, each)
    if (there === undefined) return undefined
    const left = movedRows(a, each.at.images)
    for (let e = 0; e < left.length; e++) values[from + e] = left[e] - there.images[e]
    const slope = new Float64Array(left.length)
    basis.forEach((b, k) => {
      commutatorSlope(b, each, there, slope)
      setColumn(slopes, from, k, slope)
    })
    from += left.length
  }
  return { values, slopes }
}

/** A solution, and in how many directions it can be moved to others; undefined where that cannot be decided. */
export interface FiniteOrderSolution {
  readonly matrix: Dense
  readonly freedom: number | undefined
}

const freedomOf = ({ slopes }: Residuals): number | undefined => {
  const { values } = rightSvd(slopes)
  const top = Math.max(values[0] ?? 0, 1e-300)
  const ladder = values.map((x) => x / top)
  // Solutions are exact to about 1e-10, so are slopes.
  const decided = decideRank('finite order', ladder, {
    floor: Math.max(1e-9, roundingLevel(...slopes.shape))
  })
  return E.isRight(decided) ? decided.right.nullity : undefined
}

/** Residuals of a solution are below this. */
const SOLVED = 1e-10

/** Least squares from `start`; undefined where it does not get down to zero. */
export const solveFiniteOrder = (
  problem: FiniteOrderProblem,
  start: Dense
): FiniteOrderSolution | undefined => {
  const along = problem.basis.map((b) => {
    let sum = 0
    for (let e = 0; e < b.data.length; e++) sum += b.data[e] * start.data[e]
    return sum
  })
  const found = nonlinearLeastSquares((theta) => residualsAt(problem, theta), Float64Array.from(along))
  if (found === undefined || found.residual > SOLVED) return undefined
  const there = residualsAt(problem, found.point)
  return there && { matrix: weightedSum(found.point, problem.basis), freedom: freedomOf(there) }
}

/** The largest entry of a − b. */
export const farthest = (a: Dense, b: Dense): number =>
  combine(1, a, -1, b).data.reduce((most, x) => Math.max(most, Math.abs(x)), 0)

/** Whether A has order n and none of its divisors. */
export const hasOrder = (a: Dense, n: number, tolerance: number): boolean => {
  const powers = powersOf(a, n)
  return powers.every(
    (p, k) => k === 0 || (k < n ? farthest(p, powers[0]) > tolerance : farthest(p, powers[0]) <= tolerance)
  )
}
