/**
 * Slopes of next latents by past ones and by actions at many points, as a family of matrices that can be turned into another
 * basis two rows at a time. What counts is S_ij, the sum over k of (B J_k Bᵀ)_ij².
 */
import { type Dense, symmetricEigen, zeros } from '@mechid/numerics'

export interface SlopesProblem {
  readonly latents: number
  readonly lags: number
  readonly actions: number
  /** Slopes [latents, lags · latents + actions] at `points` points, end to end. */
  readonly slopes: Float64Array
  readonly points: number
  /** Variance of the noise. */
  readonly noise: number
}

/** The family, entry by entry: member k of entry (i, c) is at (i · width + c) · size + k. */
export interface SlopeFamily {
  readonly d: number
  readonly lags: number
  readonly actions: number
  readonly size: number
  readonly entries: Float64Array
}

/** Components may be left out that add up to this share of one noise variance an entry. */
const LEFT_OUT = 0.02
/** Entries of a family's second moments up to which it is brought to its main components. */
const MOST_ENTRIES = 500

const widthOf = ({ d, lags, actions }: SlopeFamily): number => lags * d + actions

/** Second moments of slopes, in noise variances. */
const secondMoments = ({ latents: d, lags, actions, slopes, points, noise }: SlopesProblem): Dense => {
  const size = d * (lags * d + actions)
  const sums = zeros(size, size)
  const unit = 1 / (noise * points)
  for (let p = 0; p < points; p++) {
    for (let a = 0; a < size; a++) {
      const left = slopes[p * size + a] * unit
      for (let b = 0; b <= a; b++) sums.data[a * size + b] += left * slopes[p * size + b]
    }
  }
  for (let a = 0; a < size; a++)
    for (let b = a + 1; b < size; b++) sums.data[a * size + b] = sums.data[b * size + a]
  return sums
}

/** As few matrices as have the same mean squares in every basis, or the slopes themselves where there are too many entries. */
export const slopeFamily = (problem: SlopesProblem): SlopeFamily => {
  const { latents: d, lags, actions, slopes, points, noise } = problem
  const shape = { d, lags, actions }
  const entries = d * (lags * d + actions)
  if (entries > MOST_ENTRIES) {
    const unit = 1 / Math.sqrt(noise * points)
    return {
      ...shape,
      size: points,
      entries: Float64Array.from(
        { length: entries * points },
        (_, at) => unit * slopes[(at % points) * entries + Math.floor(at / points)]
      )
    }
  }
  const { values, vectors } = symmetricEigen(secondMoments(problem))
  // In ascending order.
  let small = 0
  const kept = Array.from(values.keys()).filter((k) => {
    small += Math.max(0, values[k])
    return small > LEFT_OUT * entries
  })
  const size = kept.length
  return {
    ...shape,
    size,
    entries: Float64Array.from({ length: entries * size }, (_, at) => {
      const k = kept[at % size]
      return Math.sqrt(values[k]) * vectors.data[Math.floor(at / size) * entries + k]
    })
  }
}

/** Σ over the family of entry (i, c) times entry (k, e). */
export const entryProduct = (family: SlopeFamily, i: number, c: number, k: number, e: number): number => {
  const { size, entries } = family
  const width = widthOf(family)
  const [a, b] = [(i * width + c) * size, (k * width + e) * size]
  let sum = 0
  for (let m = 0; m < size; m++) sum += entries[a + m] * entries[b + m]
  return sum
}

/** S, [d, d + actions]: lags are summed. */
export const meanSquares = (family: SlopeFamily): Float64Array => {
  const { d, lags, actions } = family
  const out = new Float64Array(d * (d + actions))
  for (let i = 0; i < d; i++) {
    for (let c = 0; c < lags * d + actions; c++) {
      const cause = c < lags * d ? c % d : d + c - lags * d
      out[i * (d + actions) + cause] += entryProduct(family, i, c, i, c)
    }
  }
  return out
}

/** x ← cos x + sin y, y ← cos y − sin x for two stretches of `values`. */
const turnStretches = (
  values: Float64Array,
  x: number,
  y: number,
  length: number,
  cos: number,
  sin: number
): void => {
  for (let m = 0; m < length; m++) {
    const [a, b] = [values[x + m], values[y + m]]
    values[x + m] = cos * a + sin * b
    values[y + m] = cos * b - sin * a
  }
}

/** Turns rows i and j of the basis by an angle, in place: effects i and j, and causes i and j at every lag. */
export const turnPair = (family: SlopeFamily, i: number, j: number, angle: number): void => {
  const { d, lags, size, entries } = family
  const width = widthOf(family)
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  turnStretches(entries, i * width * size, j * width * size, width * size, cos, sin)
  for (let row = 0; row < d; row++) {
    for (let lag = 0; lag < lags; lag++) {
      const at = (row * width + lag * d) * size
      turnStretches(entries, at + i * size, at + j * size, size, cos, sin)
    }
  }
}

/** The same family to be turned on its own, in the basis `b` [d, d]. */
export const inBasis = (family: SlopeFamily, b: ArrayLike<number>): SlopeFamily => {
  const { d, lags, size, entries } = family
  const width = widthOf(family)
  const left = new Float64Array(entries.length)
  const add = (out: Float64Array, to: number, from: Float64Array, at: number, weight: number): void => {
    for (let m = 0; m < size; m++) out[to + m] += weight * from[at + m]
  }
  for (let i = 0; i < d; i++) {
    for (let k = 0; k < d; k++) {
      for (let c = 0; c < width; c++) {
        add(left, (i * width + c) * size, entries, (k * width + c) * size, b[i * d + k])
      }
    }
  }
  const out = new Float64Array(entries.length)
  for (let i = 0; i < d; i++) {
    for (let c = 0; c < width; c++) {
      const to = (i * width + c) * size
      if (c >= lags * d) {
        add(out, to, left, to, 1)
        continue
      }
      const first = c - (c % d)
      for (let k = 0; k < d; k++) add(out, to, left, (i * width + first + k) * size, b[(c % d) * d + k])
    }
  }
  return { ...family, entries: out }
}
