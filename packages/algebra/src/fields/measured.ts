/** Values, slopes, matrices and fields measured in units of the latents. */
import type { Dense } from '@mechid/numerics'
import type { FieldSpace } from '../dictionary/dictionary.js'
import { dictionaryMatrix, type VectorFields } from '../dictionary/vector-fields.js'

/** X_i / unit_i, in place: values with the coordinate as their last index. */
export const measuredIn = (units: Float64Array, values: Float64Array): Float64Array => {
  const d = units.length
  for (let e = 0; e < values.length; e++) values[e] /= units[e % d]
  return values
}

/** The same fields with their values in units: X_i / unit_i, still at points as they are. */
export const fieldsIn = (units: Float64Array, fields: VectorFields): VectorFields => {
  const n = fields.space.functions.count
  const d = fields.latents
  return { ...fields, coefficients: fields.coefficients.map((c, e) => c / units[Math.floor(e / n) % d]) }
}

/** Slopes ∂m_i/∂z_j, …× d × d, in units: times unit_j / unit_i. */
export const slopesIn = (units: Float64Array, slopes: Float64Array): Float64Array => {
  const d = units.length
  return slopes.map((x, e) => (x * units[e % d]) / units[Math.floor(e / d) % d])
}

/** Row (s, i) divided by the unit of latent i, in place. */
export const rowsIn = (units: Float64Array, matrix: Dense): Dense => {
  const [rows, columns] = matrix.shape
  for (let r = 0; r < rows; r++) {
    const unit = units[r % units.length]
    for (let j = 0; j < columns; j++) matrix.data[r * columns + j] /= unit
  }
  return matrix
}

/** `dictionaryMatrix` in units: N · d × size. */
export const dictionaryMatrixIn = (
  units: Float64Array,
  space: FieldSpace,
  values: Float64Array,
  rows: number
): Dense => rowsIn(units, dictionaryMatrix(space, values, rows))
