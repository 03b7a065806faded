/** Within the span of vector fields, those that a linear condition leaves. */
import { type Dense, nullSpace, type RankDecision, tabulated, timesVector } from '@mechid/numerics'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Region } from '../dictionary/dictionary.js'
import { pointsWithin } from '../dictionary/points-within.js'
import { evaluateFields, fieldJacobians, type VectorFields } from '../dictionary/vector-fields.js'
import type { Result } from '../errors.js'
import { slopesIn } from '../fields/measured.js'
import type { AffineField } from '../linear/affine-commutant.js'

export interface FieldSpan {
  readonly fields: VectorFields
  readonly decision: RankDecision
}

/** How much a Jacobian may differ from point to point and count as constant, relative to the fields' size in units. */
const STRAIGHT = 1e-7

/** Fields as matrices and shifts, if all are affine on the region, as far as `accuracy` can tell; undefined else. */
export const affineForm = (
  fields: VectorFields,
  region: Region,
  accuracy: number
): AffineField[] | undefined => {
  const { latents: d, dimension } = fields
  const { points, halfWidth } = pointsWithin(region)
  const own = fieldJacobians(fields, points)
  const slopes = slopesIn(halfWidth, own)
  const values = evaluateFields(fields, points)
  const width = dimension * d * d
  let [largest, apart] = [0, 0]
  slopes.forEach((x, e) => {
    largest = Math.max(largest, Math.abs(x))
    apart = Math.max(apart, Math.abs(x - slopes[e % width]))
  })
  values.forEach((x, e) => {
    largest = Math.max(largest, Math.abs(x) / halfWidth[e % d])
  })
  if (apart > Math.max(STRAIGHT, accuracy) * largest) return undefined
  return Array.from({ length: dimension }, (_, k) => {
    const matrix: Dense = { data: own.slice(k * d * d, (k + 1) * d * d), shape: [d, d] }
    const moved = timesVector(matrix, points.subarray(0, d))
    return { matrix, shift: moved.map((x, i) => values[k * d + i] - x) }
  })
}

/** Errors in fields that come from a singular value decomposition of their own. */
const ROUNDING = 1e-9

/** Combinations that a matrix with a column a field takes to zero. Errors: `Undecided`. */
const annihilated = (
  where: string,
  fields: VectorFields,
  operator: Dense,
  tolerance: number
): Result<FieldSpan> =>
  pipe(
    nullSpace(where, operator, { floor: ROUNDING, tolerance }),
    E.map(({ basis, decision }) => {
      const width = fields.coefficients.length / fields.dimension
      const left = basis.shape[1]
      const coefficients = new Float64Array(left * width)
      for (let k = 0; k < left; k++)
        for (let l = 0; l < fields.dimension; l++)
          for (let e = 0; e < width; e++)
            coefficients[k * width + e] += basis.data[l * left + k] * fields.coefficients[l * width + e]
      return { fields: { ...fields, dimension: left, coefficients }, decision }
    })
  )

/** Slopes at points in units of the region's half widths, with their size over all points. */
const slopesOf = (fields: VectorFields, points: Float64Array, halfWidth: Float64Array) => {
  const slopes = slopesIn(halfWidth, fieldJacobians(fields, points))
  return { slopes, size: Math.sqrt(slopes.reduce((sum, x) => sum + x * x, 0)) || 1 }
}

/** Those with ∂X_i/∂z_j = 0 at the entries i · d + j. Errors: `Undecided`. */
export const withoutSlopes = (
  where: string,
  fields: VectorFields,
  points: Float64Array,
  halfWidth: Float64Array,
  entries: ReadonlyArray<number>,
  tolerance: number
): Result<FieldSpan> => {
  const { latents: d, dimension } = fields
  const { slopes, size } = slopesOf(fields, points, halfWidth)
  const operator = tabulated((points.length / d) * entries.length, dimension, (r, k) => {
    const [s, e] = [Math.floor(r / entries.length), entries[r % entries.length]]
    return slopes[(s * dimension + k) * d * d + e] / size
  })
  return annihilated(where, fields, operator, tolerance)
}

/** Those with the same slopes everywhere: the affine ones. Errors: `Undecided`. */
export const straight = (
  where: string,
  fields: VectorFields,
  points: Float64Array,
  halfWidth: Float64Array,
  tolerance: number
): Result<FieldSpan> => {
  const { latents: d, dimension } = fields
  const { slopes, size } = slopesOf(fields, points, halfWidth)
  const operator = tabulated((points.length / d) * d * d, dimension, (r, k) => {
    const [s, e] = [Math.floor(r / (d * d)), r % (d * d)]
    return (slopes[(s * dimension + k) * d * d + e] - slopes[k * d * d + e]) / size
  })
  return annihilated(where, fields, operator, tolerance)
}
