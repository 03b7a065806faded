/** Everything linear or affine that commutes with given linear or affine maps. */
import {
  type Dense,
  frobenius,
  type RankDecision,
  type Rows,
  scaled,
  squareFromRows,
  vectorOf,
  weightedSum,
  zeros
} from '@mechid/numerics'
import { generator } from '@mechid/random'
import { invalidOption, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type Result, sizeMismatch } from '../errors.js'
import { clusterCommutant, orthonormal } from './cluster-commutant.js'
import { commutator, directCommutant, type MatrixSpace, restricted } from './commutator.js'

/** An algebra of d × d matrices. */
export interface MatrixAlgebra {
  /** d */
  readonly size: number
  readonly dimension: number
  /** Of Frobenius norm 1 each; orthonormal where found by the direct method or for several maps. */
  readonly basis: ReadonlyArray<Dense>
  readonly decision: RankDecision
}

/** How a commutant is found. */
export interface CommutantOptions {
  /** Singular values up to here are zero (maps are scaled to norm 1): what one calls indistinguishable. */
  readonly tolerance?: number
  /** ‖ΔM_k‖₂ where the maps are estimates: the tolerance is then twice that, by Weyl's inequality. */
  readonly errors?: ReadonlyArray<number>
  /** `direct`: the d² × d² system; `clusters`: along the spectrum; by default by size. */
  readonly method?: 'direct' | 'clusters'
}

/** Up to this size the direct system is as quick, and its ladder is complete. */
const DIRECT_UP_TO = 8

const readMaps = (where: string, maps: ReadonlyArray<Rows>): Result<Dense[]> => {
  if (maps.length === 0) return E.left(shapeMismatch(where, 'the list of maps', 'empty', 'one map or more'))
  const read: Dense[] = []
  for (const [k, rows] of maps.entries()) {
    const map = squareFromRows(where, `map ${k}`, rows)
    if (E.isLeft(map)) return map
    if (rows.length !== maps[0].length)
      return E.left(sizeMismatch(where, `the size of map ${k}`, maps[0].length, rows.length))
    read.push(map.right)
  }
  return E.right(read)
}

/** The tolerance in units of the scaled operator: 2‖ΔM‖ over each map's norm, squares summed over maps. */
const toleranceOf = (
  where: string,
  maps: ReadonlyArray<Dense>,
  { tolerance = 0, errors = [] }: CommutantOptions
): Result<number> => {
  if (!(tolerance >= 0 && tolerance < 1))
    return E.left(invalidOption(where, 'tolerance', tolerance, 'a number from 0 to below 1'))
  if (errors.length > 0 && errors.length !== maps.length)
    return E.left(sizeMismatch(where, 'the number of errors', maps.length, errors.length))
  const squares = errors.map((error, k) => (2 * error) / frobenius(maps[k])).map((t) => t * t)
  return E.right(Math.max(tolerance, Math.sqrt(squares.reduce((sum, t) => sum + t, 0))))
}

/** Frobenius norm 1; the zero map stays. */
const normalized = (m: Dense): Dense => {
  const norm = frobenius(m)
  return norm > 0 ? scaled(1 / norm, m) : m
}

/** What commutes with all of several maps commutes with a random combination: that first, then the rest. */
const jointByClusters = (
  where: string,
  maps: ReadonlyArray<Dense>,
  tolerance: number
): Result<MatrixSpace> => {
  if (maps.length === 1) return clusterCommutant(where, maps[0], tolerance)
  const random = generator(1).split('combination of maps')
  const mixed = weightedSum(
    maps.map(() => random.normal()),
    maps
  )
  return pipe(
    clusterCommutant(where, normalized(mixed), tolerance),
    E.flatMap(({ basis }) => {
      const size = maps[0].data.length
      const condition = (b: Dense): Float64Array => {
        const out = new Float64Array(size * maps.length)
        for (const [k, m] of maps.entries()) out.set(commutator(b, m).data, k * size)
        return out
      }
      return restricted(where, orthonormal(basis), condition, tolerance)
    })
  )
}

const scaledCommutant = (
  where: string,
  maps: ReadonlyArray<Dense>,
  tolerance: number,
  method: CommutantOptions['method']
): Result<MatrixSpace> => {
  const chosen = method ?? (maps[0].shape[0] <= DIRECT_UP_TO ? 'direct' : 'clusters')
  const units = maps.map(normalized)
  return chosen === 'direct'
    ? directCommutant(where, units, tolerance)
    : jointByClusters(where, units, tolerance)
}

/**
 * The algebra {A : A M_k = M_k A for all k}; its invertible elements are what known linear mechanisms leave
 * ambiguous among linear maps ([PfM] section 3). Each map is d × d.
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
    E.bind('tolerance', ({ read }) => toleranceOf(where, read, options)),
    E.flatMap(({ read, tolerance }) => scaledCommutant(where, read, tolerance, options.method)),
    E.map(({ basis, decision }) => ({ size: maps[0].length, dimension: basis.length, basis, decision }))
  )
}

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
  readonly decision: RankDecision
}

/** [[M, b/s], [0, 1]]: the map in coordinates z/s with a 1 below. */
const embedded = (m: Dense, b: Float64Array, s: number): Dense => {
  const d = b.length
  const out = zeros(d + 1, d + 1)
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) out.data[i * (d + 1) + j] = m.data[i * d + j]
    out.data[i * (d + 1) + d] = b[i] / s
  }
  out.data[d * (d + 1) + d] = 1
  return out
}

const fieldOf = (e: Dense, s: number): AffineField => {
  const d = e.shape[0] - 1
  const matrix = zeros(d, d)
  const shift = new Float64Array(d)
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) matrix.data[i * d + j] = e.data[i * (d + 1) + j]
    shift[i] = s * e.data[i * (d + 1) + d]
  }
  return { matrix, shift }
}

/** Among (d+1) × (d+1) matrices whose last row is 0: those that commute with all embedded maps. */
const affineSpace = (where: string, maps: ReadonlyArray<Dense>, tolerance: number): Result<MatrixSpace> => {
  const n = maps[0].shape[0]
  const units = maps.map(normalized)
  const images = (b: Dense): Float64Array => {
    const out = new Float64Array(n * n * maps.length)
    for (const [k, m] of units.entries()) out.set(commutator(b, m).data, k * n * n)
    return out
  }
  if (n <= DIRECT_UP_TO + 1) {
    const entries = Array.from({ length: n * (n - 1) }, (_, e) => {
      const unit = zeros(n, n)
      unit.data[e] = 1
      return unit
    })
    return restricted(where, entries, images, tolerance)
  }
  const lastRow = (b: Dense): Float64Array => b.data.slice(n * (n - 1))
  return pipe(
    jointByClusters(where, units, tolerance),
    E.flatMap(({ basis }) => restricted(where, orthonormal(basis), lastRow, tolerance))
  )
}

const readShifts = (where: string, maps: ReadonlyArray<AffineMap>): Result<Float64Array[]> => {
  const shifts: Float64Array[] = []
  for (const [k, { matrix, shift }] of maps.entries()) {
    const read = vectorOf(where, `the shift of map ${k}`, shift, matrix.length)
    if (E.isLeft(read)) return read
    shifts.push(read.right)
  }
  return E.right(shifts)
}

/**
 * The affine fields z ↦ Az + c with AM = MA and Ab + c = Mc for every map z ↦ Mz + b: the Lie
 * algebra of the affine equivariances. Shifts are measured in units of the longest of them.
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
  return pipe(
    readMaps(
      where,
      maps.map(({ matrix }) => matrix)
    ),
    E.bindTo('read'),
    E.bind('shifts', () => readShifts(where, maps)),
    E.bind('tolerance', ({ read }) => toleranceOf(where, read, options)),
    E.flatMap(({ read, shifts, tolerance }) => {
      const longest = Math.max(...shifts.map((b) => Math.hypot(...b)))
      const unit = longest > 0 ? longest : 1
      const maps = read.map((m, k) => embedded(m, shifts[k], unit))
      return pipe(
        affineSpace(where, maps, tolerance),
        E.map(({ basis, decision }) => ({
          size: read[0].shape[0],
          dimension: basis.length,
          basis: basis.map((e) => fieldOf(e, unit)),
          decision
        }))
      )
    })
  )
}
