/**
 * Directions in which the next codes are curved on average. If past latents s are independent with variance 1 and effects
 * additive, E[y_i (u uᵀ − 1)] = Σ_j c_ij b_j b_jᵀ for every target y_i, c_ij the mean of f_ij(s_j) (s_j² − 1): the directions
 * b_j diagonalize all these matrices at once. So slow effects, up to some three radians a standard deviation, are seen at
 * once in any number of dimensions, without a search; fast ones average out.
 */
import type { Generator } from '@mechid/random'

const STARTS = 32
const ITERATIONS = 40
/** Directions this parallel are one. */
const SAME = 0.98

/** Columns of what is to be explained, and rows of the past [rows, d]. */
export interface Moments {
  readonly rows: number
  readonly latents: number
  readonly past: ReadonlyArray<Float64Array>
  readonly target: ReadonlyArray<Float32Array>
}

/** E[y_i (u uᵀ − 1)] for every target and lag within the span of `basis` [d, r]: [r, r] each. */
const momentsOf = ({ rows, latents: d, past, target }: Moments, basis: Float64Array): Float64Array[] => {
  const r = basis.length / d
  return past.flatMap((frame) => {
    const sums = target.map(() => new Float64Array(r * r))
    const v = new Float64Array(r)
    for (let row = 0; row < rows; row++) {
      for (let k = 0; k < r; k++) {
        let sum = 0
        for (let j = 0; j < d; j++) sum += basis[j * r + k] * frame[row * d + j]
        v[k] = sum
      }
      for (let i = 0; i < target.length; i++) {
        const y = target[i][row] / rows
        const out = sums[i]
        for (let k = 0; k < r; k++) {
          const weight = y * v[k]
          for (let l = 0; l <= k; l++) out[k * r + l] += weight * v[l]
        }
      }
    }
    for (let i = 0; i < target.length; i++) {
      let mean = 0
      for (let row = 0; row < rows; row++) mean += target[i][row] / rows
      for (let k = 0; k < r; k++) {
        sums[i][k * r + k] -= mean
        for (let l = 0; l < k; l++) sums[i][l * r + k] = sums[i][k * r + l]
      }
    }
    return sums
  })
}

/** Unit directions within the span of `basis` [d, r], the most curved ones first. */
export const curvatureDirections = (
  data: Moments,
  basis: Float64Array,
  random: Generator
): Float64Array[] => {
  const d = data.latents
  const r = basis.length / d
  const moments = momentsOf(data, basis)
  const image = new Float64Array(r)
  const found: { v: Float64Array; curvature: number }[] = []
  for (let start = 0; start < STARTS; start++) {
    let v = Float64Array.from({ length: r }, () => random.normal())
    let curvature = 0
    for (let iteration = 0; iteration < ITERATIONS; iteration++) {
      // The gradient of Σ_i (vᵀ M_i v)²: a power iteration.
      const next = new Float64Array(r)
      curvature = 0
      const norm = Math.hypot(...v)
      v = v.map((x) => x / norm)
      for (const matrix of moments) {
        let along = 0
        for (let k = 0; k < r; k++) {
          let sum = 0
          for (let l = 0; l < r; l++) sum += matrix[k * r + l] * v[l]
          image[k] = sum
          along += sum * v[k]
        }
        curvature += along * along
        for (let k = 0; k < r; k++) next[k] += along * image[k]
      }
      if (!(Math.hypot(...next) > 0)) break
      v = next
    }
    const norm = Math.hypot(...v)
    v = v.map((x) => x / norm)
    const known = found.some((other) => {
      let dot = 0
      for (let k = 0; k < r; k++) dot += v[k] * other.v[k]
      return Math.abs(dot) > SAME
    })
    if (!known) found.push({ v, curvature })
  }
  return found
    .sort((a, b) => b.curvature - a.curvature)
    .map(({ v }) => {
      const w = new Float64Array(d)
      for (let j = 0; j < d; j++) for (let k = 0; k < r; k++) w[j] += basis[j * r + k] * v[k]
      return w
    })
}
