/** Within the span of vector fields, those that a linear condition leaves. */
import { type Dense, nullSpace, type RankDecision, tabulated } from '@mechid/numerics'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { fieldJacobians, type VectorFields } from '../dictionary/vector-fields.js'
import type { Result } from '../errors.js'

export interface FieldSpan {
  readonly fields: VectorFields
  readonly decision: RankDecision
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
    nullSpace(where, operator, Math.max(tolerance, ROUNDING)),
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
  const slopes = fieldJacobians(fields, points).map((x, e) => x * halfWidth[e % fields.latents])
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
