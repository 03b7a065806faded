/** Infinitesimal equivariances: the vector fields whose flows commute with known mechanisms. */

import type { ActionDomain, Mechanism } from '@mechid/mechanisms'
import { invertibility, stacked } from '@mechid/numerics'
import * as E from 'fp-ts/lib/Either.js'
import { checkAlike } from '../checks.js'
import { type Dictionary, type FieldSpace, type Region, regionAround } from '../dictionary/dictionary.js'
import { polynomials } from '../dictionary/polynomial.js'
import { type AlgebraError, type Result, singular } from '../errors.js'
import { checkIndependent, orthonormalFields } from './basis.js'
import { type Cancellation, cancellation } from './cancellation.js'
import { gramCancellation } from './gram-cancellation.js'
import { checkOptions, type FieldOptions } from './options.js'
import { drawPoints, type Points, regionOf } from './points.js'
import type { Fields } from './result.js'
import { actionsFor, atImages, carried, type Transition, transitionAt } from './transition.js'
import { transitionSystem } from './transition-system.js'
import { confirmed, flowResidual, freshResidual } from './validation.js'

export interface EquivarianceOptions extends FieldOptions {
  /** What the actions of each mechanism range over (default [−2, 2]). */
  readonly actionDomains?: ReadonlyArray<ReadonlyArray<ActionDomain>>
  /** Whether a mechanism that is not invertible somewhere is an error; by default it is not. */
  readonly needsInverse?: boolean
}

/** Points, what mechanisms make of them, and the dictionary on the region that holds both. */
export interface Prepared {
  readonly points: Points
  readonly solve: ReadonlyArray<Transition>
  readonly fresh: ReadonlyArray<Transition>
  readonly space: FieldSpace
  /** Around points and images. */
  readonly region: Region
  readonly halfWidth: Float64Array
  /** N × n values of the dictionary's functions at the points to solve at. */
  readonly values: Float64Array
}

const transitions = (
  where: string,
  mechanisms: ReadonlyArray<Mechanism>,
  points: Float64Array,
  options: EquivarianceOptions,
  label: string
): Result<Transition[]> => {
  const out: Transition[] = []
  for (const [k, mechanism] of mechanisms.entries()) {
    const rows = points.length / mechanism.latents
    const actions = actionsFor(mechanism, k, rows, options.actionDomains, options.seed ?? 1, label)
    const own = transitionAt(`${where}, mechanism ${k}`, mechanism, points, actions)
    if (E.isLeft(own)) return own
    out.push(own.right)
  }
  return E.right(out)
}

/** Errors: those of options, mechanisms and dictionary; `TooFewRows`, `Degenerate`. */
export const prepare = (
  where: string,
  mechanisms: ReadonlyArray<Mechanism>,
  options: EquivarianceOptions,
  extraUnknowns: number
): Result<Prepared> => {
  const latents = checkAlike(where, 'mechanism', mechanisms)
  if (E.isLeft(latents)) return latents
  const d = latents.right
  const checked = checkOptions(where, options, d)
  if (E.isLeft(checked)) return checked
  const known = options.dictionary.on(regionOf(options, d))
  if (E.isLeft(known)) return known
  const points = drawPoints(where, options, d, known.right.size + extraUnknowns, d)
  if (E.isLeft(points)) return points
  const solve = transitions(where, mechanisms, points.right.solve, options, 'solve')
  if (E.isLeft(solve)) return solve
  const fresh = transitions(where, mechanisms, points.right.fresh, options, 'fresh')
  if (E.isLeft(fresh)) return fresh
  const region = regionAround([points.right.solve, ...solve.right.map(({ images }) => images)], d)
  const space = options.dictionary.on(region)
  if (E.isLeft(space)) return space
  const rows = points.right.solve.length / d
  const values = space.right.functions.values(points.right.solve, rows)
  const independent = checkIndependent(where, space.right, values, rows)
  if (E.isLeft(independent)) return independent
  return E.right({
    points: points.right,
    solve: solve.right,
    fresh: fresh.right,
    space: space.right,
    region,
    halfWidth: regionAround([points.right.solve], d).halfWidth,
    values
  })
}

/** σ_min / σ_max of the Jacobians: below this a mechanism has no inverse there. */
const SINGULAR = 1e-10

/** Errors: `NotInvertible`. */
export const checkInvertible = (
  where: string,
  latents: number,
  transitions: ReadonlyArray<Transition>
): Result<void> => {
  for (const [k, { jacobians }] of transitions.entries())
    for (let at = 0; at < jacobians.length; at += latents * latents) {
      const data = jacobians.slice(at, at + latents * latents)
      const ratio = invertibility({ data, shape: [latents, latents] })
      if (ratio <= SINGULAR) return E.left(singular(where, `mechanism ${k}`, ratio))
    }
  return E.right(undefined)
}

/** From this many columns on, inner products are worth it. */
const LARGE = 100

/** Coefficients of the fields with X(m(z)) − Dm(z) X(z) = 0. */
const vanishing = (
  where: string,
  { space, values, solve }: Prepared,
  tolerance: number
): Result<Cancellation> => {
  const quick =
    space.product && space.size >= LARGE
      ? gramCancellation(where, transitionSystem(space, solve, values), tolerance)
      : undefined
  if (quick !== undefined) return quick
  const terms = [
    stacked(solve.map((transition) => atImages(space, transition))),
    stacked(solve.map((transition) => carried(space, transition, values)))
  ]
  return cancellation(where, terms, tolerance)
}

const solved = (where: string, ready: Prepared, tolerance: number): Result<Fields> => {
  const { space, values, points } = ready
  const d = space.latents
  const found = vanishing(where, ready, tolerance)
  if (E.isLeft(found)) return found
  const { basis, untouched, decision } = found.right
  const rows = points.solve.length / d
  const fields = orthonormalFields(space, basis, values, rows)
  return E.right({
    fields,
    dimension: fields.dimension,
    decision,
    untouched,
    residual: freshResidual(fields, points.fresh, ready.fresh),
    flowResidual: 0,
    dictionary: space.description,
    columns: space.size,
    samples: rows
  })
}

/**
 * The Lie algebra {X : X(m_k(z, a)) = Dm_k(z, a) X(z) for all k, z, a} within a dictionary ([PfM] section 3: what
 * known mechanisms leave ambiguous, to first order): its flows commute with every mechanism. Checked on fresh
 * points, and by a ∘ m = m ∘ a for finite flows a.
 *
 * A lower bound: a larger dictionary may hold more fields. Fields need not be complete, and finite symmetries are
 * not seen.
 *
 * Errors: bad options and mechanisms (`InvalidOption`, `ShapeMismatch`, `NotFinite`, `DefinitionThrew`),
 * `TooFewRows`, `Degenerate`, `Undecided`, `NotConfirmed`, `NotInvertible` where asked for.
 *
 * @example
 * equivarianceFields([orThrow(scaling([2, 4]))], { dictionary: orThrow(polynomials(3)) })
 * // right: dimension 3: (z_0, 0), (0, z_1) and the resonance (0, z_0^2)
 */
export const equivarianceFields = (
  mechanisms: ReadonlyArray<Mechanism>,
  options: EquivarianceOptions
): Result<Fields> => {
  const where = 'equivarianceFields'
  const { tolerance = 0 } = options
  const prepared = prepare(where, mechanisms, options, 0)
  if (E.isLeft(prepared)) return prepared
  const { points, fresh, halfWidth, space } = prepared.right
  if (options.needsInverse === true) {
    const invertible = checkInvertible(where, space.latents, fresh)
    if (E.isLeft(invertible)) return invertible
  }
  const found = solved(where, prepared.right, tolerance)
  if (E.isLeft(found)) return found
  const flow = flowResidual(where, found.right.fields, mechanisms, points.fresh, fresh, halfWidth)
  if (E.isLeft(flow)) return flow
  const held = confirmed(where, found.right.residual, flow.right, tolerance)
  return E.map((): Fields => ({ ...found.right, flowResidual: flow.right }))(held)
}

/** One rung of a ladder of dictionaries. */
export interface DegreeAnswer {
  readonly degree: number
  readonly answer: E.Either<AlgebraError, Fields>
}

/**
 * `equivarianceFields` for polynomial dictionaries of several degrees, since each is a lower bound only.
 *
 * @example
 * equivariancesByDegree([m], [1, 2, 3]) // for a translation of the plane: dimensions 4, 6, 8
 */
export const equivariancesByDegree = (
  mechanisms: ReadonlyArray<Mechanism>,
  degrees: ReadonlyArray<number>,
  options: Omit<EquivarianceOptions, 'dictionary'> = {}
): DegreeAnswer[] =>
  degrees.map((degree) => ({
    degree,
    answer: E.flatMap((dictionary: Dictionary) => equivarianceFields(mechanisms, { ...options, dictionary }))(
      polynomials(degree)
    )
  }))
