/** Additive mechanisms as a hypothesis class: every input adds its own effect, whatever that is. */

import type { Mechanism } from '@mechid/mechanisms'
import { type Dense, zeros } from '@mechid/numerics'
import { invalidOption, notFinite } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { Result } from '../errors.js'
import { type HypothesisClass, type Member, MISFIT, misfitOf, outside } from './hypothesis-class.js'
import { alongAction, alongLatent, orthonormal, type Univariate } from './univariate.js'

export interface AdditiveClassOptions {
  /** Polynomials of each input up to this degree are directions, too. Default: 2. */
  readonly degree?: number
  /** How many actions the mechanisms have: so many more directions, so many more samples. Default: 0. */
  readonly actions?: number
}

const NAME = 'additive'

/** u, u², … */
const powers = (u: number, degree: number): number[] => Array.from({ length: degree }, (_, p) => u ** (p + 1))

/** Directions of output i in latent j: powers, all effects of z_j, and f_ij', z_j f_ij', which scales and shifts of z_j make. */
const directionsAlong = (
  mechanism: Mechanism,
  { region }: Member,
  base: ReadonlyArray<number>,
  degree: number,
  j: number
): Univariate[] => {
  const along = alongLatent(mechanism, region, base, j)
  const [centre, halfWidth] = [region.centre[j], region.halfWidth[j]]
  const seen = new Map<number, ReturnType<typeof along>>()
  const at = (x: number) => {
    const known = seen.get(x) ?? along(x)
    seen.set(x, known)
    return known
  }
  return Array.from({ length: mechanism.latents }, (_, i) =>
    orthonormal(
      (x) => {
        const images = at(x)
        const u = (x - centre) / halfWidth
        return Float64Array.from([
          ...powers(u, degree),
          ...images.map(({ value }) => value),
          images[i].slope,
          u * images[i].slope
        ])
      },
      centre,
      halfWidth
    )
  )
}

/** Actions under which the mechanism is a number in the middle of the region. */
const finiteBase = (where: string, { index, mechanism, region }: Member): Result<number[]> => {
  const odd = (base: ReadonlyArray<number>): number | undefined =>
    alongLatent(mechanism, region, base, 0)(region.centre[0]).find(({ value }) => !Number.isFinite(value))
      ?.value
  const bases = [0, 0.5, 1].map((value) => new Array<number>(mechanism.actions).fill(value))
  const base = bases.find((actions) => odd(actions) === undefined)
  return base === undefined
    ? E.left(notFinite(where, `mechanism ${index} in the middle of the region`, odd(bases[0]) ?? Number.NaN))
    : E.right(base)
}

const tangentsOf = (member: Member, base: ReadonlyArray<number>, degree: number): Dense => {
  const { mechanism, region, points, transition } = member
  const { latents: d, actions: k } = mechanism
  const rows = points.length / d
  const latent = Array.from({ length: d }, (_, j) => directionsAlong(mechanism, member, base, degree, j))
  const action = Array.from({ length: k }, (_, l) => alongAction(mechanism, region, base, l))
  // One output after the other: 1, then the directions of each latent, then those of each action.
  const widths = Array.from({ length: d }, (_, i) =>
    latent.reduce((sum, outputs, j) => sum + outputs[i](region.centre[j]).length, 1 + k * d)
  )
  const out = zeros(
    points.length,
    widths.reduce((sum, width) => sum + width, 0)
  )
  const columns = out.shape[1]
  for (let s = 0; s < rows; s++) {
    const acted = action.map((values, l) => values(transition.actions[s * k + l]))
    for (let i = 0, at = 0; i < d; at += widths[i], i++) {
      const row = out.data.subarray((s * d + i) * columns + at, (s * d + i) * columns + at + widths[i])
      row[0] = 1
      let next = 1
      for (let j = 0; j < d; j++) {
        const values = latent[j][i](points[s * d + j])
        row.set(values, next)
        next += values.length
      }
      for (const values of acted) {
        row.set(values, next)
        next += d
      }
    }
  }
  return out
}

/**
 * Mechanisms `m_i(z, a) = Σ_j f_ij(z_j) + Σ_l h_il(a_l)`, with any functions. The class is linear, so its directions at a
 * member are its members; of these infinitely many, the dictionary holds those that affine fields X ask for: constants, all
 * effects of the member, `f_ij'` and `z_j f_ij'`, and polynomials of each input. So the answer is exact among affine fields,
 * and a lower bound among others. It takes 3 + d + degree directions for each output and input: for many latents
 * use `additivity` of @mechid/causal-graph, which reads the same off second derivatives.
 *
 * Errors: `InvalidOption`; on use `NotInClass` for a mechanism with an interaction of inputs, `NotFinite`.
 *
 * @example
 * ambiguityOf([means], { hypothesis: orThrow(additiveClass()), dictionary: affineFields })
 */
export const additiveClass = ({
  degree = 2,
  actions = 0
}: AdditiveClassOptions = {}): Result<HypothesisClass> => {
  const where = 'additiveClass'
  if (!(Number.isInteger(degree) && degree >= 1))
    return E.left(invalidOption(where, 'degree', degree, 'an integer, 1 or more'))
  if (!(Number.isInteger(actions) && actions >= 0))
    return E.left(invalidOption(where, 'actions', actions, 'an integer, 0 or more'))
  return E.right({
    name: NAME,
    parameters: (d) => d * (1 + d * (degree + d + 2) + actions * d),
    tangents: (asker, member) => {
      const base = finiteBase(asker, member)
      if (E.isLeft(base)) return base
      const tangents = tangentsOf(member, base.right, degree)
      const misfit = misfitOf(tangents, member.transition.images)
      return misfit <= MISFIT ? E.right(tangents) : outside(asker, member, NAME, misfit)
    }
  })
}
