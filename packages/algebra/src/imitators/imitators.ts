/** Infinitesimal imitators: what stays ambiguous when only a class of mechanisms is known. */

import type { Mechanism } from '@mechid/mechanisms'
import {
  type Dense,
  leastSquares,
  multiply,
  pivotedQr,
  qrRank,
  stacked,
  tabulated,
  zeros
} from '@mechid/numerics'
import * as E from 'fp-ts/lib/Either.js'
import { checkAlike } from '../checks.js'
import type { Region } from '../dictionary/dictionary.js'
import { evaluateFields, type VectorFields } from '../dictionary/vector-fields.js'
import { type Result, sizeMismatch } from '../errors.js'
import { orthonormalFields } from '../fields/basis.js'
import { type Cancellation, cancellation, columnNorms } from '../fields/cancellation.js'
import {
  type EquivarianceOptions,
  fieldSizes,
  type Prepared,
  placesOf,
  prepare
} from '../fields/equivariances.js'
import { rowsIn } from '../fields/measured.js'
import type { Fields } from '../fields/result.js'
import { atImages, carried, type Transition } from '../fields/transition.js'
import { confirmed, freshResidual, zeroLevel } from '../fields/validation.js'
import type { HypothesisClass } from './hypothesis-class.js'

/** The fields X for which some direction of the class makes up what X changes: to first order, no group need be meant. */
export interface ImitatorFields extends Omit<Fields, 'flowResidual'> {
  /** The name of the class. */
  readonly class: string
  /** Directions of the class, summed over mechanisms. */
  readonly directions: number
  /** Of the system in fields and directions together: at least the dimension, more where directions repeat each other. */
  readonly nullity: number
}

const tangentsAt = (
  where: string,
  mechanisms: ReadonlyArray<Mechanism>,
  hypothesis: HypothesisClass,
  region: Region,
  points: Float64Array,
  transitions: ReadonlyArray<Transition>
): Result<Dense[]> => {
  const out: Dense[] = []
  for (const [index, mechanism] of mechanisms.entries()) {
    const own = hypothesis.tangents(where, {
      index,
      mechanism,
      region,
      points,
      transition: transitions[index]
    })
    if (E.isLeft(own)) return own
    if (own.right.shape[0] !== points.length)
      return E.left(
        sizeMismatch(
          where,
          `the rows of the tangents of "${hypothesis.name}"`,
          points.length,
          own.right.shape[0]
        )
      )
    out.push(own.right)
  }
  return E.right(out)
}

/** A matrix in a wider one of zeros, from column `from` on. */
const placed = ({ data, shape: [rows, own] }: Dense, columns: number, from: number): Dense => {
  const out = zeros(rows, columns)
  for (let i = 0; i < rows; i++) out.data.set(data.subarray(i * own, (i + 1) * own), i * columns + from)
  return out
}

/** Terms in (θ, c₁, c₂, …), in units: X∘m, −Dm·X, and −Σ c_j δ_j in the columns of each mechanism's own. */
const termsOf = ({ space, solve, values, region }: Prepared, tangents: ReadonlyArray<Dense>): Dense[] => {
  const units = region.halfWidth
  const ends = tangents.map((_, k) =>
    tangents.slice(0, k + 1).reduce((sum, { shape }) => sum + shape[1], space.size)
  )
  const columns = ends[ends.length - 1]
  const negative = ({ data, shape }: Dense): Dense => rowsIn(units, { data: data.map((x) => -x), shape })
  return [
    stacked(solve.map((transition) => placed(atImages(space, transition, units), columns, 0))),
    stacked(solve.map((transition) => placed(carried(space, transition, values, units), columns, 0))),
    stacked(tangents.map((own, k) => placed(negative(own), columns, ends[k] - own.shape[1])))
  ]
}

/** Of the fields of the dictionary, then of directions: those of one mechanism count alike. */
const sizesOf = (ready: Prepared, tangents: ReadonlyArray<Dense>): Float64Array => {
  const directions = tangents.flatMap(({ data, shape }) => {
    const norms = columnNorms([rowsIn(ready.region.halfWidth, { data: data.slice(), shape })])
    const most = norms.reduce((largest, x) => Math.max(largest, x), 0)
    return new Array<number>(shape[1]).fill(most)
  })
  return Float64Array.of(...fieldSizes(ready), ...directions)
}

/** What is left of a null vector's part in the fields, of norm 1 as a whole, that projects to nothing. */
const NOTHING = 1e-8

/** Columns of `basis` whose parts in the first `size` rows, as they were compared, span all such parts. */
const projected = ({ basis, scales }: Cancellation, size: number): Dense => {
  const width = basis.shape[1]
  const compared = tabulated(size, width, (j, c) => basis.data[j * width + c] / scales[j])
  const qr = pivotedQr(compared)
  const rank = Math.abs(qr.r.data[0] ?? 0) <= NOTHING ? 0 : qrRank(qr, NOTHING)
  return tabulated(size, rank, (j, c) => basis.data[j * width + qr.order[c]])
}

/** X(m(z)) − Dm(z) X(z) of each field: (N · d) × dimension. */
const changes = (fields: VectorFields, points: Float64Array, transition: Transition): Dense => {
  const { latents: d, dimension } = fields
  const [at, images] = [evaluateFields(fields, points), evaluateFields(fields, transition.images)]
  return tabulated(points.length, dimension, (e, k) => {
    const from = (Math.floor(e / d) * dimension + k) * d
    let sum = images[from + (e % d)]
    for (let j = 0; j < d; j++) sum -= transition.jacobians[e * d + j] * at[from + j]
    return sum
  })
}

/** On fresh points: what the class, with the coefficients of the points solved at, leaves of the changes. */
const residualOf = (
  fields: VectorFields,
  { points, solve, fresh, region }: Prepared,
  tangents: ReadonlyArray<Dense>,
  freshTangents: ReadonlyArray<Dense>
): number => {
  const { latents: d, dimension } = fields
  if (dimension === 0) return 0
  const imitated = tangents.map((own, k) =>
    multiply(freshTangents[k], leastSquares(own, changes(fields, points.solve, solve[k])))
  )
  return freshResidual(fields, points.fresh, fresh, region.halfWidth, (k) =>
    Float64Array.from({ length: points.fresh.length * dimension }, (_, e) => {
      const [s, field, i] = [Math.floor(e / (dimension * d)), Math.floor(e / d) % dimension, e % d]
      return imitated[k].data[(s * d + i) * dimension + field]
    })
  )
}

/**
 * The fields X with X(m_k(z)) − Dm_k(z) X(z) = Σ_j c_kj δ_kj(z) for every mechanism, with directions δ_kj of the class at
 * m_k: one X for all, coefficients c_k for each ([PfM] section 3.2, to first order). The answer is the projection on
 * X: its dimension is a rank, not the nullity. A first-order statement, so no finite flow is checked, and the
 * fields need not form an algebra. Use it where the form of a mechanism is known and its constants are not. With nothing
 * unknown, `equivarianceFields` says more.
 *
 * Errors: as `equivarianceFields`; `NoTangent` for a class of isolated members, `NotInClass` for a mechanism
 * outside its class.
 *
 * @example
 * imitatorFields([orThrow(scaling([1, 2, 3]))], diagonalClass, { dictionary: linearFields }) // right: dimension 3
 */
export const imitatorFields = (
  mechanisms: ReadonlyArray<Mechanism>,
  hypothesis: HypothesisClass,
  options: EquivarianceOptions
): Result<ImitatorFields> => {
  const where = 'imitatorFields'
  const latents = checkAlike(where, 'mechanism', mechanisms)
  if (E.isLeft(latents)) return latents
  const prepared = prepare(where, mechanisms, options, hypothesis.parameters(latents.right))
  if (E.isLeft(prepared)) return prepared
  const { points, solve, fresh, space, region } = prepared.right
  const tangents = tangentsAt(where, mechanisms, hypothesis, region, points.solve, solve)
  if (E.isLeft(tangents)) return tangents
  const freshTangents = tangentsAt(where, mechanisms, hypothesis, region, points.fresh, fresh)
  if (E.isLeft(freshTangents)) return freshTangents
  const { tolerance = 0 } = options
  const sizes = sizesOf(prepared.right, tangents.right)
  const found = cancellation(where, termsOf(prepared.right, tangents.right), tolerance, sizes)
  if (E.isLeft(found)) return found
  const { basis, untouched, decision } = found.right
  const rows = points.solve.length / space.latents
  const theta = projected(found.right, space.size)
  const fields = orthonormalFields(space, theta, placesOf(prepared.right), region.halfWidth)
  const residual = residualOf(fields, prepared.right, tangents.right, freshTangents.right)
  return E.map(
    (): ImitatorFields => ({
      fields,
      region,
      dimension: fields.dimension,
      decision,
      untouched,
      residual,
      dictionary: space.description,
      columns: space.size,
      samples: rows,
      class: hypothesis.name,
      directions: tangents.right.reduce((sum, { shape }) => sum + shape[1], 0),
      nullity: basis.shape[1]
    })
  )(confirmed(where, residual, 0, zeroLevel(decision)))
}
