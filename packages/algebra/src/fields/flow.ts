/** Finite flows of a vector field, by the classical Runge–Kutta method. */
import { evaluateFields, type VectorFields } from '../dictionary/vector-fields.js'

const STEPS = 8

/** One field: Σ weights[k] X_k. */
export const combined = (fields: VectorFields, weights: ArrayLike<number>): VectorFields => {
  const size = fields.coefficients.length / fields.dimension
  const coefficients = new Float64Array(size)
  for (let k = 0; k < fields.dimension; k++)
    for (let e = 0; e < size; e++) coefficients[e] += weights[k] * fields.coefficients[k * size + e]
  return { ...fields, dimension: 1, coefficients }
}

/**
 * exp(tX) at points, N × d, for the single field X. `along` hears of each step's weighted stages: for integrals
 * along the flow.
 */
export const flowOf = (
  field: VectorFields,
  points: Float64Array,
  time: number,
  along: (stage: Float64Array, weight: number) => void = () => {}
): Float64Array => {
  const h = time / STEPS
  const moved = (from: Float64Array, slope: Float64Array, s: number): Float64Array =>
    from.map((x, e) => x + s * slope[e])
  let state = points
  for (let step = 0; step < STEPS; step++) {
    const k1 = evaluateFields(field, state)
    const second = moved(state, k1, h / 2)
    const k2 = evaluateFields(field, second)
    const third = moved(state, k2, h / 2)
    const k3 = evaluateFields(field, third)
    const fourth = moved(state, k3, h)
    const k4 = evaluateFields(field, fourth)
    along(state, h / 6)
    along(second, h / 3)
    along(third, h / 3)
    along(fourth, h / 6)
    state = state.map((x, e) => x + (h / 6) * (k1[e] + 2 * (k2[e] + k3[e]) + k4[e]))
  }
  return state
}
