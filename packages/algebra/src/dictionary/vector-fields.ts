/** Vector fields as values: coefficients over a dictionary, evaluated at points. */
import { type Dense, largeProduct, transposed, zeros } from '@mechid/numerics'
import type { FieldSpace } from './dictionary.js'

/**
 * A list of vector fields, X_k = Σ c[k][i][f] φ_f e_i over the functions φ of a dictionary.
 *
 * As a basis it is orthonormal in the mean over the points where it was found: E ⟨X_k, X_l⟩ = δ_kl.
 */
export interface VectorFields {
  /** d */
  readonly latents: number
  /** How many fields. */
  readonly dimension: number
  readonly space: FieldSpace
  /** dimension × d × n, row-major, n the number of functions. */
  readonly coefficients: Float64Array
}

/** Fields from coefficients over a dictionary's fields: one column a field. */
export const fieldsOf = (space: FieldSpace, theta: Dense): VectorFields => {
  const { latents: d, functions, starts, functionOf, coordinateOf, size } = space
  const [n, dimension] = [functions.count, theta.shape[1]]
  const coefficients = new Float64Array(dimension * d * n)
  for (let j = 0; j < size; j++)
    for (let t = starts[j]; t < starts[j + 1]; t++) {
      const at = coordinateOf[t] * n + functionOf[t]
      for (let k = 0; k < dimension; k++) coefficients[k * d * n + at] += theta.data[j * dimension + k]
    }
  return { latents: d, dimension, space, coefficients }
}

/** From so many products on, packing them is worth it. */
const LARGE = 1e6

/** N × n values of the functions to N × dimension × d values of the fields. */
export const fieldsFromValues = (
  { latents: d, dimension, space, coefficients }: VectorFields,
  values: Float64Array,
  rows: number
): Float64Array => {
  const n = space.functions.count
  const components = dimension * d
  if (rows * components * n >= LARGE)
    return largeProduct(
      { data: values, shape: [rows, n] },
      transposed({ data: coefficients, shape: [components, n] })
    ).data
  const out = new Float64Array(rows * components)
  for (let s = 0; s < rows; s++)
    for (let c = 0; c < components; c++) {
      let sum = 0
      for (let f = 0; f < n; f++) sum += coefficients[c * n + f] * values[s * n + f]
      out[s * components + c] = sum
    }
  return out
}

/** N × d points, row-major, to N × dimension × d: entry (s, k, i) is coordinate i of field k at point s. */
export const evaluateFields = (fields: VectorFields, points: Float64Array): Float64Array => {
  const rows = points.length / fields.latents
  return fieldsFromValues(fields, fields.space.functions.values(points, rows), rows)
}

/** N × d points to N × dimension × d × d: entry (s, k, i, j) is ∂X_k,i/∂z_j at point s. */
export const fieldJacobians = (fields: VectorFields, points: Float64Array): Float64Array => {
  const { latents: d, dimension, space, coefficients } = fields
  const rows = points.length / d
  const n = space.functions.count
  const slopes = space.functions.gradients(points, rows)
  const components = dimension * d
  const out = new Float64Array(rows * components * d)
  for (let s = 0; s < rows; s++)
    for (let c = 0; c < components; c++) {
      const to = (s * components + c) * d
      for (let f = 0; f < n; f++) {
        const w = coefficients[c * n + f]
        if (w === 0) continue
        const from = (s * n + f) * d
        for (let j = 0; j < d; j++) out[to + j] += w * slopes[from + j]
      }
    }
  return out
}

/** N · d × size: column j is field j of the dictionary, from the functions' values. */
export const dictionaryMatrix = (space: FieldSpace, values: Float64Array, rows: number): Dense => {
  const { latents: d, size, starts, functionOf, coordinateOf, functions } = space
  const out = zeros(rows * d, size)
  for (let s = 0; s < rows; s++)
    for (let j = 0; j < size; j++)
      for (let t = starts[j]; t < starts[j + 1]; t++)
        out.data[(s * d + coordinateOf[t]) * size + j] += values[s * functions.count + functionOf[t]]
  return out
}
