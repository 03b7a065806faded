/**
 * Directions that a family of symmetric matrices have in common: where M_p = Σ_j c_pj b_j b_jᵀ with orthonormal b_j, every
 * b_j is a local maximum of Σ_p (vᵀ M_p v)² over unit v, or leads to one that weighs more in all of them.
 */
import type { Generator } from '@mechid/random'

const STARTS = 32
const ITERATIONS = 40
/** Directions this parallel are one. */
const SAME = 0.98

/** Σ_p (vᵀ M_p v)² for unit v; `onto` receives Σ_p (vᵀ M_p v) M_p v, a quarter of its gradient. */
const weight = (matrices: readonly Float64Array[], v: Float64Array, onto: Float64Array): number => {
  const r = v.length
  const image = new Float64Array(r)
  let sum = 0
  onto.fill(0)
  for (const matrix of matrices) {
    let along = 0
    for (let k = 0; k < r; k++) {
      image[k] = 0
      for (let l = 0; l < r; l++) image[k] += matrix[k * r + l] * v[l]
      along += image[k] * v[k]
    }
    sum += along * along
    for (let k = 0; k < r; k++) onto[k] += along * image[k]
  }
  return sum
}

const unit = (v: Float64Array): Float64Array => {
  const norm = Math.hypot(...v)
  return v.map((x) => x / norm)
}

/** v = `basis` [d, r] times coordinates. */
const placed = (basis: Float64Array, d: number, v: Float64Array): Float64Array => {
  const r = v.length
  const w = new Float64Array(d)
  for (let j = 0; j < d; j++) for (let k = 0; k < r; k++) w[j] += basis[j * r + k] * v[k]
  return w
}

/**
 * Unit directions within the span of `basis` [d, r] by power iterations from random starts, those first that weigh most.
 * `matrices` are [r, r], in the coordinates of `basis`.
 */
export const commonDirections = (
  matrices: readonly Float64Array[],
  basis: Float64Array,
  d: number,
  random: Generator
): Float64Array[] => {
  const r = basis.length / d
  const next = new Float64Array(r)
  const found: { v: Float64Array; value: number }[] = []
  for (let start = 0; start < STARTS; start++) {
    let v = unit(Float64Array.from({ length: r }, () => random.normal()))
    let value = 0
    for (let iteration = 0; iteration < ITERATIONS; iteration++) {
      value = weight(matrices, v, next)
      if (!(Math.hypot(...next) > 0)) break
      v = unit(next)
    }
    const known = found.some((other) => Math.abs(other.v.reduce((sum, x, k) => sum + x * v[k], 0)) > SAME)
    if (!known) found.push({ v, value })
  }
  return found.sort((a, b) => b.value - a.value).map(({ v }) => placed(basis, d, v))
}
