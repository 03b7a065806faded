/** The connected part for linear, affine and linear-Gaussian maps: commutants, exactly. */
import {
  combine,
  type Dense,
  frobenius,
  multiply,
  ofRows,
  type RankDecision,
  timesVector,
  transposed
} from '@mechid/numerics'
import { invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Result } from '../errors.js'
import { confirmed } from '../fields/validation.js'
import { type LinearMap, linearSymmetries } from '../finite/linear-symmetries.js'
import {
  type AffineField,
  type AffineMap,
  affineCommutant,
  type CommutantOptions,
  commutant,
  type MatrixAlgebra
} from '../linear/commutant.js'
import { linearGaussianFields, longestShift } from '../linear/linear-gaussian.js'
import { asVectorFields, closedUnderProducts, restrictedFields } from './affine-basis.js'
import type { AffineMaps } from './affine-maps.js'
import type { AmbiguityOptions, Route } from './ambiguity.js'
import type { ConnectedPart } from './connected-part.js'

interface Basis {
  readonly route: Route
  readonly basis: ReadonlyArray<AffineField>
  readonly decision: RankDecision
  readonly restriction?: RankDecision
  readonly algebra?: MatrixAlgebra
  readonly unit: number
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
      unit: 1
    }))
  )

/** Among affine fields those without a shift, if only linear ones are asked for. */
const onlyLinear = (where: string, found: Basis, tolerance: number): Result<Basis> =>
  pipe(
    restrictedFields(
      where,
      found.basis,
      found.unit,
      ({ shift }) => shift.map((x) => x / found.unit),
      tolerance
    ),
    E.map(({ basis, decision }) => ({
      ...found,
      basis,
      ...(decision === undefined ? {} : { restriction: decision })
    }))
  )

const affineBasis = (
  where: string,
  maps: ReadonlyArray<LinearMap>,
  options: CommutantOptions
): Result<Basis> => {
  const unit = longestShift(maps) || 1
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
    E.map(({ basis, decision }) => ({ route, basis, decision, unit }))
  )
}

const ratio = (gap: number, scale: number): number => (gap === 0 ? 0 : gap / scale)

/** ‖XM − MX‖, ‖Xb + y − My‖ and ‖XΣ + ΣXᵀ‖, relative to their terms, over fields and maps. */
const residualOf = (
  basis: ReadonlyArray<AffineField>,
  maps: ReadonlyArray<LinearMap>,
  unit: number
): number => {
  let worst = 0
  for (const map of maps) {
    const m: Dense = ofRows(map.matrix)
    const b = withShift(map).shift
    const covariance = map.covariance === undefined ? undefined : ofRows(map.covariance)
    for (const { matrix, shift } of basis) {
      const size = frobenius(matrix) + Math.hypot(...shift) / unit
      const scale = 2 * size * Math.max(frobenius(m), 1e-300)
      const gap = combine(1, multiply(matrix, m), -1, multiply(m, matrix))
      worst = Math.max(worst, ratio(frobenius(gap), scale))
      const [pushed, moved] = [timesVector(matrix, b), timesVector(m, shift)]
      const left = pushed.map((x, i) => x + shift[i] - moved[i])
      worst = Math.max(worst, ratio(Math.hypot(...left) / unit, scale + size))
      if (covariance === undefined) continue
      const half = multiply(matrix, covariance)
      const stretched = frobenius(combine(1, half, 1, transposed(half)))
      worst = Math.max(worst, ratio(stretched, 2 * size * frobenius(covariance)))
    }
  }
  return worst
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
    E.bind('residual', ({ found: { basis, unit, decision } }) => {
      const residual = residualOf(basis, fresh, unit)
      return E.map(() => residual)(confirmed(where, residual, 0, Math.max(tolerance, decision.tolerance)))
    }),
    E.map(({ found: { route, basis, decision, restriction, algebra, unit }, residual }) => ({
      route,
      reason,
      among: AMONG[among],
      fields: asVectorFields(maps[0].matrix.length, basis, `${among} fields`),
      affine: basis,
      closed: closedUnderProducts(basis, unit),
      unit,
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
