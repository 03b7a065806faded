/** The system X(m(z)) − Dm(z) X(z) = 0 as inner products and products, for `gramCancellation`. */
import { type Dense, innerProducts, zeros } from '@mechid/numerics'
import type { FieldSpace } from '../dictionary/dictionary.js'
import { fieldsFromValues, fieldsOf } from '../dictionary/vector-fields.js'
import type { GramSystem } from './gram-cancellation.js'
import type { Transition } from './transition.js'
import { transitionGrams } from './transition-grams.js'

/** (X(m(z)) − Dm(z) X(z)) of k fields at one mechanism's points, into rows `from` on of N · d × k. */
const differencesInto = (
  out: Dense,
  from: number,
  at: Float64Array,
  images: Float64Array,
  jacobians: Float64Array,
  d: number
): void => {
  const width = out.shape[1]
  for (let s = 0; s < jacobians.length / (d * d); s++)
    for (let k = 0; k < width; k++) {
      const field = (s * width + k) * d
      for (let i = 0; i < d; i++) {
        let value = images[field + i]
        for (let j = 0; j < d; j++) value -= jacobians[(s * d + i) * d + j] * at[field + j]
        out.data[(from + s * d + i) * width + k] = value
      }
    }
}

/** Σ_s φ_f(s) e(s, i, k), for every field φ_f e_i, added to size × k. `weights`: N × (d · k). */
const addProducts = (out: Dense, values: Dense, weights: Dense, d: number): void => {
  const [n, width] = [values.shape[1], out.shape[1]]
  const products = innerProducts(values, weights).data
  for (let f = 0; f < n; f++)
    for (let i = 0; i < d; i++)
      for (let k = 0; k < width; k++) out.data[(i * n + f) * width + k] += products[(f * d + i) * width + k]
}

/** −Dm(z)ᵀ e for each point and each of k columns: N × (d · k), as e. */
const carriedBack = (e: Float64Array, jacobians: Float64Array, d: number, width: number): Float64Array => {
  const out = new Float64Array(e.length)
  for (let s = 0; s < jacobians.length / (d * d); s++)
    for (let l = 0; l < d; l++)
      for (let i = 0; i < d; i++) {
        const slope = jacobians[(s * d + l) * d + i]
        for (let k = 0; k < width; k++) out[(s * d + i) * width + k] -= slope * e[(s * d + l) * width + k]
      }
  return out
}

/** For a dictionary of every function in every coordinate; `values`: N × n at the points. */
export const transitionSystem = (
  space: FieldSpace,
  transitions: ReadonlyArray<Transition>,
  values: Float64Array
): GramSystem => {
  const d = space.latents
  const n = space.functions.count
  const rows = values.length / n
  const atImages = transitions.map(({ images }) => space.functions.values(images, rows))
  const times = (coefficients: Dense): Dense => {
    const fields = fieldsOf(space, coefficients)
    const at = fieldsFromValues(fields, values, rows)
    const out = zeros(rows * d * transitions.length, coefficients.shape[1])
    transitions.forEach(({ jacobians }, m) => {
      const images = fieldsFromValues(fields, atImages[m], rows)
      differencesInto(out, m * rows * d, at, images, jacobians, d)
    })
    return out
  }
  const transposedTimes = (residuals: Dense): Dense => {
    const width = residuals.shape[1]
    const out = zeros(space.size, width)
    const shape = [rows, n] as const
    transitions.forEach(({ jacobians }, m) => {
      const own = residuals.data.subarray(m * rows * d * width, (m + 1) * rows * d * width)
      const back = carriedBack(own, jacobians, d, width)
      addProducts(out, { data: atImages[m], shape }, { data: own, shape: [rows, d * width] }, d)
      addProducts(out, { data: values, shape }, { data: back, shape: [rows, d * width] }, d)
    })
    return out
  }
  return { ...transitionGrams(space, transitions, values, atImages), times, transposedTimes }
}
