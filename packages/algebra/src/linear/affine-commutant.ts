/** Everything affine that commutes with given affine maps: commutants of matrices with one more row and column. */
import { type Dense, type RankDecision, type Rows, vectorOf, zeros } from '@mechid/numerics'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Result } from '../errors.js'
import { normalized, outOfUnits, type Units } from './balancing.js'
import { orthonormal } from './cluster-commutant.js'
import { DIRECT_UP_TO, jointByClusters } from './commutant.js'
import { type CommutantOptions, readMaps, type Scaled, scaledMaps } from './commutant-options.js'
import { type MatrixSpace, restricted, weighedCommutators } from './commutator.js'
import { heldAgainstExact } from './exact-nullity.js'

/** z ↦ M z + b. */
export interface AffineMap {
  readonly matrix: Rows
  readonly shift: ReadonlyArray<number>
}

/** The vector field z ↦ A z + c. */
export interface AffineField {
  /** d × d */
  readonly matrix: Dense
  readonly shift: Float64Array
}

/** The affine fields that commute with given maps; id + field is then an affine equivariance, where invertible. */
export interface AffineCommutant {
  readonly size: number
  readonly dimension: number
  readonly basis: ReadonlyArray<AffineField>
  /** Of the d latents, then of the 1 in front of shifts: c_i counts as c_i u_d / u_i. */
  readonly units: Units
  readonly decision: RankDecision
}

/** [A | c / s], d × (d + 1). */
export const beside = ({ matrix, shift }: AffineField, s: number): Dense => {
  const d = shift.length
  const out = zeros(d, d + 1)
  for (let i = 0; i < d; i++) {
    out.data.set(matrix.data.subarray(i * d, (i + 1) * d), i * (d + 1))
    out.data[i * (d + 1) + d] = shift[i] / s
  }
  return out
}

export const apart = (joined: Dense, s: number): AffineField => {
  const d = joined.shape[0]
  const matrix = zeros(d, d)
  const shift = new Float64Array(d)
  for (let i = 0; i < d; i++) {
    matrix.data.set(joined.data.subarray(i * (d + 1), i * (d + 1) + d), i * d)
    shift[i] = s * joined.data[i * (d + 1) + d]
  }
  return { matrix, shift }
}

export const longestShift = (maps: ReadonlyArray<{ readonly shift?: Iterable<number> }>): number =>
  maps.reduce((most, { shift }) => Math.max(most, Math.hypot(...(shift ?? []))), 0)

/** Norm 1 of [A | c / s], without over- and underflow. */
export const unitField = (joined: Dense, s: number): AffineField => {
  if (s === 1) return apart(normalized(joined), 1)
  const { shape, data } = joined
  const field = normalized({ data: data.map((x, e) => (e % shape[1] === shape[1] - 1 ? x / s : x)), shape })
  return apart(field, s)
}

/** [[M, b], [0, 1]]. */
const embedded = (m: Dense, b: Float64Array): Dense => {
  const d = b.length
  const out = zeros(d + 1, d + 1)
  out.data.set(beside({ matrix: m, shift: b }, 1).data)
  out.data[d * (d + 1) + d] = 1
  return out
}

const lastRow = ({ data, shape: [n] }: Dense): Float64Array => data.slice(n * (n - 1))

/** Among (d+1) × (d+1) matrices whose last row is 0: those that commute with all embedded maps. */
const affineSpace = (where: string, scaled: Scaled): Result<MatrixSpace> => {
  const { maps, rule, weigh } = scaled
  const n = maps[0].shape[0]
  if (n > DIRECT_UP_TO + 1)
    return pipe(
      jointByClusters(where, scaled),
      E.flatMap(({ basis }) => restricted(where, orthonormal(basis), lastRow, rule))
    )
  const entries = Array.from({ length: n * (n - 1) }, (_, e) => {
    const unit = zeros(n, n)
    unit.data[e] = 1
    return unit
  })
  return restricted(where, entries, weighedCommutators(maps.map(weigh)), rule)
}

/** Shifts of as many latents as the maps have. Errors: `ShapeMismatch`, `NotFinite`. */
export const readShifts = (where: string, maps: ReadonlyArray<AffineMap>): Result<Float64Array[]> => {
  const shifts: Float64Array[] = []
  for (const [k, { matrix, shift }] of maps.entries()) {
    const read = vectorOf(where, `the shift of map ${k}`, shift, matrix.length)
    if (E.isLeft(read)) return read
    shifts.push(read.right)
  }
  return E.right(shifts)
}

const firstRows = ({ data, shape: [n] }: Dense): Dense => ({
  data: data.slice(0, n * (n - 1)),
  shape: [n - 1, n]
})

/**
 * The affine fields z ↦ Az + c with AM = MA and Ab + c = Mc for every map z ↦ Mz + b: the Lie
 * algebra of the affine equivariances. The unit of shifts is one more unit of the latents: rescaling changes no decision.
 * Fields have norm 1 as [A | c / s], s the longest shift.
 *
 * For maps known as numbers, without noise; take `commutant` where the latents' origin is known, and `linearGaussianFields`
 * where noise is.
 *
 * Errors: as `commutant`.
 *
 * @example
 * affineCommutant([{ matrix: [[1]], shift: [2] }]) // right: dimension 1, the shifts
 */
export const affineCommutant = (
  maps: ReadonlyArray<AffineMap>,
  options: CommutantOptions = {}
): Result<AffineCommutant> => {
  const where = 'affineCommutant'
  const matrices = maps.map(({ matrix }) => matrix)
  return pipe(
    readMaps(where, matrices),
    E.bindTo('read'),
    E.bind('shifts', () => readShifts(where, maps)),
    E.let('given', ({ read, shifts }) => read.map((m, k) => embedded(m, shifts[k]))),
    E.bind('scaled', ({ given }) => scaledMaps(where, given, options, longestShift(maps) || 1)),
    E.bind('space', ({ scaled }) => affineSpace(where, scaled)),
    E.map(({ given, scaled: { units, maps: own, rule }, space: { basis, decision } }) => ({
      size: matrices[0].length,
      dimension: basis.length,
      basis: basis.map((e) => unitField(firstRows(outOfUnits(e, units)), longestShift(maps) || 1)),
      units,
      decision: rule.tolerance ? decision : heldAgainstExact(decision, given, own, matrices[0].length)
    }))
  )
}
