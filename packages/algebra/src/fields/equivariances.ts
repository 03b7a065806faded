/** Infinitesimal equivariances: the vector fields whose flows commute with known mechanisms. */

import type { ActionDomain, Mechanism } from '@mechid/mechanisms'
import { invertibility, stacked } from '@mechid/numerics'
import * as E from 'fp-ts/lib/Either.js'
import { checkAlike } from '../checks.js'
import { type Dictionary, type FieldSpace, type Region, regionAround } from '../dictionary/dictionary.js'
import { polynomials } from '../dictionary/polynomial.js'
import { type AlgebraError, type Result, singular } from '../errors.js'
import { checkIndependent, orthonormalFields } from './basis.js'
import { type Cancellation, cancellation, doubted } from './cancellation.js'
import { gramCancellation } from './gram-cancellation.js'
import { slopesIn } from './measured.js'
import { checkOptions, type FieldOptions } from './options.js'
import { drawPoints, type Points, regionOf } from './points.js'
import type { Fields } from './result.js'
import { actionsFor, atImages, carried, type Transition, transitionAt } from './transition.js'
import { transitionSystem } from './transition-system.js'
import { withBox } from './units.js'
import { confirmed, flowResidual, freshResidual, joinedPoints, zeroLevel } from './validation.js'

export interface EquivarianceOptions extends FieldOptions {
  /** What the actions of each mechanism range over (default: as its definition says). */
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
  /** Around points and images: its half widths are the units of the latents. */
  readonly region: Region
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
  given: EquivarianceOptions,
  extraUnknowns: number
): Result<Prepared> => {
  const latents = checkAlike(where, 'mechanism', mechanisms)
  if (E.isLeft(latents)) return latents
  const d = latents.right
  const checked = checkOptions(where, given, d)
  if (E.isLeft(checked)) return checked
  const options = withBox(given, mechanisms, given.actionDomains)
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
  const independent = checkIndependent(where, space.right, values, rows, region.halfWidth)
  if (E.isLeft(independent)) return independent
  return E.right({
    points: points.right,
    solve: solve.right,
    fresh: fresh.right,
    space: space.right,
    region,
    values
  })
}

/** Points and images. */
export const placesOf = ({ points, solve }: Prepared): Float64Array =>
  joinedPoints([points.solve, ...solve.map(({ images }) => images)])

/** σ_min / σ_max of the Jacobians: below this a mechanism has no inverse there. */
const SINGULAR = 1e-10

/** Errors: `NotInvertible`. */
export const checkInvertible = (
  where: string,
  latents: number,
  transitions: ReadonlyArray<Transition>,
  units: Float64Array
): Result<void> => {
  for (const [k, { jacobians }] of transitions.entries())
    for (let at = 0; at < jacobians.length; at += latents * latents) {
      const data = slopesIn(units, jacobians.subarray(at, at + latents * latents))
      const ratio = invertibility({ data, shape: [latents, latents] })
      if (ratio <= SINGULAR) return E.left(singular(where, `mechanism ${k}`, ratio))
    }
  return E.right(undefined)
}

/** From this many columns on, inner products are worth it. */
const LARGE = 100

/** In a dictionary of every function in every coordinate, fields X_i / unit_i solve the system of slopes in units. */
const quickly = (
  where: string,
  { space, values, solve, region: { halfWidth } }: Prepared,
  tolerance: number
): Result<Cancellation> | undefined => {
  if (!space.product || space.size < LARGE) return undefined
  const scaled = solve.map((transition) => ({
    ...transition,
    jacobians: slopesIn(halfWidth, transition.jacobians)
  }))
  const found = gramCancellation(where, transitionSystem(space, scaled, values), tolerance)
  if (found === undefined || E.isLeft(found)) return found
  const { basis, scales } = found.right
  const unit = (j: number): number => halfWidth[space.coordinateOf[j]]
  const data = basis.data.map((x, e) => x * unit(Math.floor(e / basis.shape[1])))
  return E.right({
    ...found.right,
    basis: { data, shape: basis.shape },
    scales: scales.map((x, j) => x * unit(j))
  })
}

/** How large each field of the dictionary is over points and images, in units: without what cancels between terms. */
export const fieldSizes = ({ space, values, solve, region: { halfWidth } }: Prepared): Float64Array => {
  const { starts, functionOf, coordinateOf, size, functions, latents } = space
  const n = functions.count
  const squares = new Float64Array(n)
  const tables = [values, ...solve.map(({ images }) => functions.values(images, images.length / latents))]
  for (const table of tables)
    table.forEach((x, e) => {
      squares[e % n] += x * x
    })
  return Float64Array.from({ length: size }, (_, j) => {
    let sum = 0
    for (let t = starts[j]; t < starts[j + 1]; t++)
      sum += squares[functionOf[t]] / halfWidth[coordinateOf[t]] ** 2
    return Math.sqrt(sum)
  })
}

/** Coefficients of the fields with X(m(z)) − Dm(z) X(z) = 0. */
const vanishing = (where: string, ready: Prepared, tolerance: number): Result<Cancellation> => {
  const quick = quickly(where, ready, tolerance)
  if (quick !== undefined) return quick
  const { space, values, solve, region } = ready
  const terms = [
    stacked(solve.map((transition) => atImages(space, transition, region.halfWidth))),
    stacked(solve.map((transition) => carried(space, transition, values, region.halfWidth)))
  ]
  return cancellation(where, terms, tolerance, fieldSizes(ready))
}

/** Slopes in units below this, of all of a row or column, are hardly more than rounding in the fields. */
const FAINT = 1e-11

/**
 * The largest slope of an output, or of an input, that all but vanishes; 0 where there is none. Then conditions that
 * hold up to rounding may hold for want of anything that could break them.
 */
const faintSlope = ({ solve, space: { latents: d }, region: { halfWidth } }: Prepared): number => {
  let faint = 0
  for (const { jacobians } of solve) {
    const largest = new Float64Array(2 * d)
    slopesIn(halfWidth, jacobians).forEach((x, e) => {
      for (const at of [Math.floor(e / d) % d, d + (e % d)]) largest[at] = Math.max(largest[at], Math.abs(x))
    })
    for (const x of largest) if (x < FAINT) faint = Math.max(faint, x)
  }
  return faint
}

const solved = (where: string, ready: Prepared, tolerance: number): Result<Fields> => {
  const { space, points, region } = ready
  const found = vanishing(where, ready, tolerance)
  if (E.isLeft(found)) return found
  const { basis, untouched } = found.right
  const decision = doubted(found.right.decision, faintSlope(ready))
  const rows = points.solve.length / space.latents
  const fields = orthonormalFields(space, basis, placesOf(ready), region.halfWidth)
  return E.right({
    fields,
    region,
    dimension: fields.dimension,
    decision,
    untouched,
    residual: freshResidual(fields, points.fresh, ready.fresh, region.halfWidth),
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
 * not seen. The mechanism is taken as it is: one that integrates a flow step by step commutes with its field only as far
 * as steps are small. Use `ambiguityOf` for the whole answer; this where only the fields are wanted, or a dictionary
 * that is to be searched alone.
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
  const { points, fresh, region, space } = prepared.right
  const units = region.halfWidth
  if (options.needsInverse === true) {
    const invertible = checkInvertible(where, space.latents, fresh, units)
    if (E.isLeft(invertible)) return invertible
  }
  const found = solved(where, prepared.right, tolerance)
  if (E.isLeft(found)) return found
  const flow = flowResidual(where, found.right.fields, mechanisms, points.fresh, fresh, units)
  if (E.isLeft(flow)) return flow
  const held = confirmed(where, found.right.residual, flow.right, zeroLevel(found.right.decision))
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
