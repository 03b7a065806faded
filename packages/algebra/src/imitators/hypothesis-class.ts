/** Classes of mechanisms, with the directions in which a member can move within its class. */

import { type Elementary, type Mechanism, mechanism as made } from '@mechid/mechanisms'
import { type Dense, leastSquares, multiply, tabulated, zeros } from '@mechid/numerics'
import { shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Dictionary, Region } from '../dictionary/dictionary.js'
import { affineFields, constants, linearFields, polynomials } from '../dictionary/polynomial.js'
import { dictionaryMatrix } from '../dictionary/vector-fields.js'
import { noTangent, notInClass, type Result, toldBy } from '../errors.js'
import { beside, type Definition, derivativesOf } from '../fields/derivatives.js'
import type { Transition } from '../fields/transition.js'

/** A mechanism of the class, at N points. */
export interface Member {
  /** Which of the mechanisms that are asked about. */
  readonly index: number
  readonly mechanism: Mechanism
  /** N × d, row-major. */
  readonly points: Float64Array
  /** The region that directions over a dictionary are centred and scaled by, the same for all points. */
  readonly region: Region
  readonly transition: Transition
}

/** What a learner may take a mechanism for. Any value of this type will do. */
export interface HypothesisClass {
  readonly name: string
  /** How many directions a member of d latents has. */
  readonly parameters: (latents: number) => number
  /**
   * Columns δ_j at the points, (N · d) × directions. Errors: `NoTangent` for a class of isolated members;
   * `NotInClass` for a mechanism outside it.
   */
  readonly tangents: (where: string, member: Member) => Result<Dense>
}

/** Relative misfits above this are no rounding. */
export const MISFIT = 1e-8

export const outside = (where: string, { index }: Member, name: string, misfit: number): Result<never> =>
  E.left(notInClass(where, `mechanism ${index}`, name, misfit))

const relative = (gap: number, size: number): number => (gap === 0 ? 0 : gap / size)

/** How far the images are from fields of a dictionary at the points. */
export const misfitOf = (tangents: Dense, target: Float64Array): number => {
  const b: Dense = { data: target, shape: [target.length, 1] }
  const fitted = multiply(tangents, leastSquares(tangents, b)).data
  const gap = target.reduce((sum, x, e) => sum + (x - fitted[e]) ** 2, 0)
  return relative(Math.sqrt(gap), Math.sqrt(target.reduce((sum, x) => sum + x * x, 0)))
}

const atPoints = (dictionary: Dictionary, { points, region }: Member): Result<Dense> =>
  pipe(
    dictionary.on(region),
    E.map((space) => {
      const rows = points.length / space.latents
      return dictionaryMatrix(space, space.functions.values(points, rows), rows)
    })
  )

/**
 * Mechanisms that are fields of a dictionary, or the identity plus one (`about: 'identity'`): z ↦ Σ c_j B_j(z).
 *
 * @example
 * spanned('waves', orThrow(trigonometric(1)), (d) => 2 * d * d)
 */
export const spanned = (
  name: string,
  dictionary: Dictionary,
  parameters: (latents: number) => number,
  about: 'zero' | 'identity' = 'zero'
): HypothesisClass => ({
  name,
  parameters,
  tangents: (where, member) =>
    pipe(
      atPoints(dictionary, member),
      E.flatMap((tangents) => {
        const { images } = member.transition
        const target = about === 'zero' ? images : images.map((x, e) => x - member.points[e])
        const misfit = misfitOf(tangents, target)
        return misfit <= MISFIT ? E.right(tangents) : outside(where, member, name, misfit)
      })
    )
})

/** z ↦ Mz. */
export const linearClass: HypothesisClass = spanned('linear', linearFields, (d) => d * d)
/** z ↦ Mz + b. */
export const affineClass: HypothesisClass = spanned('affine', affineFields, (d) => d * d + d)
/** z ↦ z + b. */
export const translationClass: HypothesisClass = spanned('translation', constants, (d) => d, 'identity')

const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k)

/** Polynomial maps up to a total degree. Errors: those of `polynomials`. */
export const polynomialClass = (degree: number): Result<HypothesisClass> =>
  E.map((dictionary: Dictionary) =>
    spanned(`polynomial up to degree ${degree}`, dictionary, (d) => d * choose(d + degree, degree))
  )(polynomials(degree))

/** z ↦ Dz, D diagonal. */
export const diagonalClass: HypothesisClass = {
  name: 'diagonal',
  parameters: (d) => d,
  tangents: (where, member) => {
    const { points, transition, mechanism } = member
    const d = mechanism.latents
    const tangents = tabulated(points.length, d, (e, j) => (e % d === j ? points[e] : 0))
    const misfit = misfitOf(tangents, transition.images)
    return misfit <= MISFIT ? E.right(tangents) : outside(where, member, 'diagonal', misfit)
  }
}

/** How far a linear map is from keeping lengths: |‖m(z)‖² − ‖z‖²| over ‖z‖². */
const stretch = (points: Float64Array, images: Float64Array, d: number): number => {
  let worst = 0
  for (let from = 0; from < points.length; from += d) {
    let [before, after] = [0, 0]
    for (let i = from; i < from + d; i++) {
      before += points[i] ** 2
      after += images[i] ** 2
    }
    worst = Math.max(worst, relative(Math.abs(after - before), before))
  }
  return worst
}

/** Rotations and reflections, O(d): directions z ↦ S m(z), S skew. */
export const orthogonalClass: HypothesisClass = {
  name: 'orthogonal',
  parameters: (d) => (d * (d - 1)) / 2,
  tangents: (where, member) =>
    pipe(
      linearClass.tangents(where, member),
      E.flatMap(() => {
        const { points, transition, mechanism } = member
        const [d, { images }] = [mechanism.latents, transition]
        const misfit = stretch(points, images, d)
        if (misfit > MISFIT) return outside(where, member, 'orthogonal', misfit)
        const out = zeros(points.length, (d * (d - 1)) / 2)
        const width = out.shape[1]
        for (let s = 0; s < points.length; s += d) {
          let column = 0
          for (let i = 0; i < d; i++)
            for (let j = i + 1; j < d; j++, column++) {
              out.data[(s + i) * width + column] = images[s + j]
              out.data[(s + j) * width + column] = -images[s + i]
            }
        }
        return E.right(out)
      })
    )
}

/** The mechanism itself and nothing else: then imitators are equivariances. */
export const knownClass: HypothesisClass = {
  name: 'known',
  parameters: () => 0,
  tangents: (_, { points }) => E.right(zeros(points.length, 0))
}

/**
 * A list of mechanisms and nothing between them: a class without a tangent. Finite classes are searched one by one.
 */
export const finiteClass = (name: string, members: ReadonlyArray<Mechanism>): HypothesisClass => ({
  name,
  parameters: () => 0,
  tangents: (where) =>
    E.left(
      noTangent(
        where,
        name,
        members.length === 1 ? 'it has one member' : `it has ${members.length} isolated members`
      )
    )
})

/** Mechanisms with parameters, written once for every kind of number. */
export interface Family {
  readonly name: string
  readonly latents: number
  readonly actions?: number
  readonly step: <A>(
    F: Elementary<A>,
    z: ReadonlyArray<A>,
    a: ReadonlyArray<A>,
    parameters: ReadonlyArray<A>
  ) => ReadonlyArray<A>
}

/**
 * The member of a family at given parameters.
 *
 * Errors: those of `mechanism`.
 */
export const memberOf = (family: Family, parameters: ReadonlyArray<number>): Result<Mechanism> =>
  pipe(
    made({
      name: family.name,
      latents: family.latents,
      actions: family.actions ?? 0,
      step: (F, z, a) => family.step(F, z, a, parameters.map(F.lit))
    }),
    E.mapLeft((error) => toldBy(`memberOf, parameters (${parameters.join(', ')})`, error))
  )

/**
 * A parametric family: directions ∂m_θ/∂θ_j by dual numbers, at the parameters of each mechanism in turn.
 *
 * @example
 * parametricClass(turning, [[0.7], [1.1]]) // for two mechanisms: rotations by 0.7 and by 1.1
 */
export const parametricClass = (
  family: Family,
  parameters: ReadonlyArray<ReadonlyArray<number>>
): HypothesisClass => ({
  name: family.name,
  parameters: () => parameters[0]?.length ?? 0,
  tangents: (where, member) => {
    const { index, points, transition, mechanism } = member
    const theta = parameters[index]
    if (theta === undefined)
      return E.left(
        shapeMismatch(
          where,
          `the list of parameters of "${family.name}"`,
          parameters.length,
          'one entry a mechanism'
        )
      )
    if (theta.length === 0) return E.left(noTangent(where, family.name, 'it has no parameters'))
    const [d, p] = [mechanism.latents, theta.length]
    const rows = points.length / d
    const repeated = Float64Array.from({ length: rows * p }, (_, e) => theta[e % p])
    const definition: Definition = (F, x) => family.step(F, x.slice(p, p + d), x.slice(p + d), x.slice(0, p))
    const inputs = beside(
      [
        [repeated, p],
        [points, d],
        [transition.actions, mechanism.actions]
      ],
      rows
    )
    return pipe(
      derivativesOf({ where, definition, outputs: d, along: p }, inputs, p + d + mechanism.actions),
      E.flatMap(({ values, slopes }) => {
        const gap = Math.max(0, ...values.map((x, e) => Math.abs(x - transition.images[e])))
        const size = Math.max(0, ...transition.images.map(Math.abs))
        return relative(gap, size) <= MISFIT
          ? E.right<never, Dense>({ data: slopes, shape: [rows * d, p] })
          : outside(where, member, family.name, relative(gap, size))
      })
    )
  }
})
