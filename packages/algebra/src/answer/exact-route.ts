/** The connected part for linear, affine and linear-Gaussian maps: commutants, exactly. */
import type { RankDecision } from '@mechid/numerics'
import { invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Result } from '../errors.js'
import { confirmed, zeroLevel } from '../fields/validation.js'
import { type LinearMap, linearSymmetries } from '../finite/linear-symmetries.js'
import {
  type AffineField,
  type AffineMap,
  affineCommutant,
  longestShift
} from '../linear/affine-commutant.js'
import { powersOfTwo, type Units } from '../linear/balancing.js'
import { commutant, type MatrixAlgebra } from '../linear/commutant.js'
import type { CommutantOptions } from '../linear/commutant-options.js'
import { areShifts, linearGaussianFields } from '../linear/linear-gaussian.js'
import { asVectorFields, closedUnderProducts, restrictedFields } from './affine-basis.js'
import type { AffineMaps } from './affine-maps.js'
import type { AmbiguityOptions, Route } from './ambiguity.js'
import type { ConnectedPart } from './connected-part.js'
import { fieldResidual } from './map-residual.js'

interface Basis {
  readonly route: Route
  readonly basis: ReadonlyArray<AffineField>
  readonly decision: RankDecision
  readonly restriction?: RankDecision
  readonly algebra?: MatrixAlgebra
  readonly units: Units
  /** Commutants are closed under products; rotations are not. */
  readonly closed: boolean
}

const withShift = ({ matrix, shift }: LinearMap): AffineMap => ({
  matrix,
  shift: shift ?? new Array<number>(matrix.length).fill(0)
})

const linearBasis = (maps: ReadonlyArray<LinearMap>, options: CommutantOptions): Result<Basis> =>
  pipe(
    commutant(
      maps.map(({ matrix }) => matrix),
      options
    ),
    E.map((algebra) => ({
      route: 'linear' as const,
      basis: algebra.basis.map((matrix) => ({ matrix, shift: new Float64Array(algebra.size) })),
      decision: algebra.decision,
      algebra,
      units: powersOfTwo([...algebra.units, 1]),
      closed: true
    }))
  )

/** Among affine fields those without a shift, if only linear ones are asked for. */
const onlyLinear = (where: string, found: Basis, tolerance: number): Result<Basis> =>
  pipe(
    restrictedFields(where, found.basis, found.units, ({ shift }) => shift, tolerance),
    E.map(({ basis, decision }) => ({
      ...found,
      basis,
      closed: closedUnderProducts(basis, found.units),
      ...(decision === undefined ? {} : { restriction: decision })
    }))
  )

const affineBasis = (
  where: string,
  maps: ReadonlyArray<LinearMap>,
  options: CommutantOptions
): Result<Basis> => {
  const noisy = maps.filter(({ covariance }) => covariance !== undefined).length
  if (noisy > 0 && noisy < maps.length)
    return E.left(
      invalidOption(where, 'the covariances', `given for ${noisy} of ${maps.length} maps`, 'for all or none')
    )
  const route: Route = noisy === 0 ? 'affine' : 'linear-Gaussian'
  return pipe(
    noisy === 0
      ? affineCommutant(maps.map(withShift), options)
      : linearGaussianFields(
          maps.map((map) => ({ ...withShift(map), covariance: map.covariance ?? [] })),
          options
        ),
    E.map(({ basis, decision, units }) => ({
      route,
      basis,
      decision,
      units,
      closed: noisy === 0 || areShifts(basis)
    }))
  )
}

const AMONG = { linear: 'linear maps', affine: 'affine maps' } as const

/**
 * Commutants of the maps, checked under fresh actions.
 *
 * Errors: as `commutant`, `affineCommutant`, `linearGaussianFields`; `NotConfirmed`.
 */
export const exactPart = (
  where: string,
  { maps, fresh }: AffineMaps,
  reason: string,
  options: AmbiguityOptions
): Result<ConnectedPart> => {
  const { among = 'affine', tolerance = 0, errors, seed } = options
  const settings: CommutantOptions = { tolerance, ...(errors === undefined ? {} : { errors }) }
  const still = maps.every(({ covariance }) => covariance === undefined) && longestShift(maps) === 0
  const found =
    among === 'linear' && still
      ? linearBasis(maps, settings)
      : pipe(
          affineBasis(where, maps, settings),
          E.flatMap((basis) => (among === 'linear' ? onlyLinear(where, basis, tolerance) : E.right(basis)))
        )
  return pipe(
    found,
    E.bindTo('found'),
    E.bind('residual', ({ found: { basis, units, decision } }) => {
      const residual = fieldResidual(basis, fresh, units)
      return E.map(() => residual)(confirmed(where, residual, 0, Math.max(tolerance, zeroLevel(decision))))
    }),
    E.map(({ found: { route, basis, decision, restriction, algebra, units, closed }, residual }) => ({
      route,
      reason,
      among: AMONG[among],
      fields: asVectorFields(maps[0].matrix.length, basis, `${among} fields`),
      affine: basis,
      closed,
      units,
      ...(algebra === undefined ? {} : { algebra }),
      evidence: { decision, residual, ...(restriction === undefined ? {} : { restriction }) },
      finite: () =>
        linearSymmetries(maps, {
          ...(tolerance > 0 ? { tolerance } : {}),
          ...(seed === undefined ? {} : { seed })
        })
    }))
  )
}
