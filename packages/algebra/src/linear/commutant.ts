/** Everything linear that commutes with given linear maps. */
import { type Dense, type RankDecision, type Rows, weightedSum } from '@mechid/numerics'
import { generator } from '@mechid/random'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Result } from '../errors.js'
import { normalized, outOfUnits, type Units } from './balancing.js'
import { clusterCommutant, orthonormal } from './cluster-commutant.js'
import { type CommutantOptions, readMaps, type Scaled, scaledMaps } from './commutant-options.js'
import { directCommutant, type MatrixSpace, restricted, weighedCommutators } from './commutator.js'
import { heldAgainstExact } from './exact-nullity.js'

/** An algebra of d × d matrices. */
export interface MatrixAlgebra {
  /** d */
  readonly size: number
  readonly dimension: number
  /** Of Frobenius norm 1 each. */
  readonly basis: ReadonlyArray<Dense>
  /** Of the latents, powers of two: the entry B_ij counts as B_ij u_j / u_i. */
  readonly units: Units
  readonly decision: RankDecision
}

/** Up to this size the direct system is as quick, and its ladder is complete. */
export const DIRECT_UP_TO = 8

/** What commutes with all of several maps commutes with a random combination: that first, then the rest. */
export const jointByClusters = (
  where: string,
  { maps, rule, weigh }: Pick<Scaled, 'maps' | 'rule' | 'weigh'>
): Result<MatrixSpace> => {
  if (maps.length === 1) return clusterCommutant(where, maps[0], rule, weigh)
  const random = generator(1).split('combination of maps')
  const mixed = weightedSum(
    maps.map(() => random.normal()),
    maps
  )
  return pipe(
    clusterCommutant(where, normalized(mixed), rule, weigh),
    E.flatMap(({ basis }) => restricted(where, orthonormal(basis), weighedCommutators(maps.map(weigh)), rule))
  )
}

const spaceOf = (where: string, scaled: Scaled, method: CommutantOptions['method']): Result<MatrixSpace> => {
  const { maps, rule, weigh } = scaled
  const chosen = method ?? (maps[0].shape[0] <= DIRECT_UP_TO ? 'direct' : 'clusters')
  return chosen === 'direct' ? directCommutant(where, maps.map(weigh), rule) : jointByClusters(where, scaled)
}

/**
 * The algebra {A : A M_k = M_k A for all k}; its invertible elements are what known linear mechanisms leave
 * ambiguous among linear maps ([PfM] section 3). Each map is d × d. Diagonal conjugation, a change of the latents' units,
 * changes no decision.
 *
 * For maps that are known as numbers and whose latents may be rescaled, but not moved. Where shifts matter take
 * `affineCommutant`, where noise does `linearGaussianFields`; it says nothing about nonlinear maps that commute.
 *
 * Errors: `ShapeMismatch`, `NotFinite`, `InvalidOption`, `Undecided`, `TooLarge` (a map of more than 24
 * dimensions that its spectrum does not split).
 *
 * @example
 * commutant([[[1, 0], [0, 2]]]) // right: dimension 2, the diagonal matrices
 */
export const commutant = (
  maps: ReadonlyArray<Rows>,
  options: CommutantOptions = {}
): Result<MatrixAlgebra> => {
  const where = 'commutant'
  return pipe(
    readMaps(where, maps),
    E.bindTo('read'),
    E.bind('scaled', ({ read }) => scaledMaps(where, read, options)),
    E.bind('space', ({ scaled }) => spaceOf(where, scaled, options.method)),
    E.map(({ read, scaled: { units, maps: own, rule }, space: { basis, decision } }) => ({
      size: maps[0].length,
      dimension: basis.length,
      basis: basis.map((b) => normalized(outOfUnits(b, units))),
      units,
      decision: rule.tolerance ? decision : heldAgainstExact(decision, read, own)
    }))
  )
}
