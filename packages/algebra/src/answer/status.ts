/** From fields to what is known of each latent: which coordinates of the fields vanish, and what they depend on. */
import { reflexiveTransitiveClosure } from '@mechid/causal-graph'
import type { RankDecision } from '@mechid/numerics'
import { type EdgeTable, orThrow } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { evaluateFields, fieldJacobians, type VectorFields } from '../dictionary/vector-fields.js'
import type { Result } from '../errors.js'
import type { SignedSymmetries } from '../finite/signed-symmetries.js'
import { signedToPoints } from '../groups/signed-permutation.js'
import { type AffineField, beside } from '../linear/affine-commutant.js'
import { inUnits, normalized, type Units } from '../linear/balancing.js'
import { nonZero } from '../linear/structure.js'

/**
 * What the connected part of the ambiguity leaves of a latent: nothing (`exact`), a shift, a factor (`scale`), some map
 * of its own (`element-wise`), or a mixing with others (`entangled`).
 */
export type StatusKind = 'exact' | 'shift' | 'scale' | 'element-wise' | 'entangled'

export interface LatentStatus {
  readonly latent: number
  readonly kind: StatusKind
  /** The other latents that it may be mixed with, ascending. */
  readonly with: ReadonlyArray<number>
  /** The other latents that a finite symmetry may put in its place, ascending. */
  readonly swaps: ReadonlyArray<number>
  /** Whether a finite symmetry may change its sign. */
  readonly flips: boolean
}

/** What fields depend on: entry (i, j) of `slopes`, whether some X_i depends on z_j; whether X_i has a constant part. */
export interface Dependence {
  readonly latents: number
  readonly slopes: (i: number, j: number) => boolean
  /** For affine fields, whether some X_i has a shift; else whether X_i is anything but 0. */
  readonly offset: (i: number) => boolean
  readonly affine: boolean
  /** Which sizes count, of entries of the fields relative to the largest; undefined without fields. */
  readonly decision?: RankDecision
}

/** Entries of fields below this part of the largest are rounding. */
const ROUNDING = 1e-9

interface Decided {
  readonly isNonZero: ReadonlyArray<boolean>
  readonly decision?: RankDecision
}

/** Sizes as `isNonZero`, with `Undecided` where there is no gap; all false without fields. */
const decided = (where: string, sizes: ReadonlyArray<number>, tolerance: number): Result<Decided> => {
  const largest = sizes.reduce((most, x) => Math.max(most, x), 0)
  if (largest === 0) return E.right({ isNonZero: sizes.map(() => false) })
  return nonZero(
    where,
    sizes.map((x) => x / largest),
    Math.max(tolerance, ROUNDING)
  )
}

const dependence = (latents: number, affine: boolean, { isNonZero, decision }: Decided): Dependence => ({
  latents,
  affine,
  ...(decision === undefined ? {} : { decision }),
  slopes: (i, j) => isNonZero[i * (latents + 1) + j],
  offset: (i) => isNonZero[i * (latents + 1) + latents]
})

/** Of affine fields, exactly. `units`: of d latents, then of the 1 in front of shifts. Errors: `Undecided`. */
export const affineDependence = (
  where: string,
  latents: number,
  basis: ReadonlyArray<AffineField>,
  units: Units,
  tolerance: number
): Result<Dependence> => {
  const squares = new Float64Array(latents * (latents + 1))
  for (const field of basis) {
    const { data } = normalized(inUnits(beside(field, 1), units))
    for (let e = 0; e < data.length; e++) squares[e] += data[e] * data[e]
  }
  return pipe(
    decided(where, Array.from(squares, Math.sqrt), tolerance),
    E.map((found) => dependence(latents, true, found))
  )
}

/** Of any fields, at points, N × d; slopes in units of the region's half widths. Errors: `Undecided`. */
export const fieldDependence = (
  where: string,
  fields: VectorFields,
  points: Float64Array,
  halfWidth: Float64Array,
  tolerance: number
): Result<Dependence> => {
  const { latents: d } = fields
  const squares = new Float64Array(d * (d + 1))
  evaluateFields(fields, points).forEach((x, e) => {
    squares[(e % d) * (d + 1) + d] += x * x
  })
  fieldJacobians(fields, points).forEach((x, e) => {
    const [i, j] = [Math.floor(e / d) % d, e % d]
    squares[i * (d + 1) + j] += (x * halfWidth[j]) ** 2
  })
  return pipe(
    decided(where, Array.from(squares, Math.sqrt), tolerance),
    E.map((found) => dependence(d, false, found))
  )
}

export interface Entanglement {
  /** Where v_i may depend on ẑ_j, reflexive. */
  readonly graph: EdgeTable
  /** Whether a generic ambiguity has all of it: where it is the support of a generic field already. */
  readonly attained: boolean
}

/**
 * The support of fields, closed transitively unless their products are fields already. Near the identity exp(tX)
 * depends on whatever X does, so a support that is closed by itself is attained.
 */
export const entanglementOf = ({ latents, slopes }: Dependence, closed: boolean): Entanglement => {
  const support = Array.from({ length: latents }, (_, i) =>
    Array.from({ length: latents }, (__, j) => (i === j || slopes(i, j) ? 1 : 0))
  )
  if (closed) return { graph: support, attained: true }
  // A square table of 0 and 1 has a closure.
  const graph = orThrow(reflexiveTransitiveClosure(support))
  return { graph, attained: graph.every((row, i) => row.every((entry, j) => entry === support[i][j])) }
}

const kindOf = ({ slopes, offset, affine }: Dependence, i: number, mixed: boolean): StatusKind => {
  if (mixed) return 'entangled'
  if (slopes(i, i)) return affine && !offset(i) ? 'scale' : 'element-wise'
  return offset(i) ? 'shift' : 'exact'
}

/** Where a group takes +e_i, as points of `signedToPoints`. */
const orbit = (symmetries: SignedSymmetries | undefined, i: number): ReadonlySet<number> => {
  const seen = new Set([2 * i])
  const images = symmetries?.generators.map(signedToPoints) ?? []
  for (const point of seen) for (const image of images) seen.add(image[point])
  return seen
}

export const statusesOf = (
  dependence: Dependence,
  mixedWith: (i: number, j: number) => boolean,
  symmetries: SignedSymmetries | undefined
): LatentStatus[] =>
  Array.from({ length: dependence.latents }, (_, i) => {
    const others = Array.from({ length: dependence.latents }, (__, j) => j).filter((j) => j !== i)
    const mixed = others.filter((j) => mixedWith(i, j))
    const reached = orbit(symmetries, i)
    return {
      latent: i,
      kind: kindOf(dependence, i, mixed.length > 0),
      with: mixed,
      swaps: others.filter((j) => reached.has(2 * j) || reached.has(2 * j + 1)),
      flips: reached.has(2 * i + 1)
    }
  })
