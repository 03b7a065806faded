/** Features whose linear combinations are smooth functions: linear ones, Fourier series of single inputs, random waves. */
import { generator } from '@mechid/random'
import type { Samples } from '@mechid/values'

/** A list of functions of rows. Inputs are standardized, and named by their columns. */
export interface SmoothBasis {
  readonly size: number
  /** Writes features [count, size] of `rows[from]` … `rows[from + count − 1]`, row-major. */
  readonly fill: (
    x: Samples<Float64Array>,
    rows: Int32Array,
    from: number,
    count: number,
    out: Float64Array
  ) => void
}

export interface BasisPlan {
  /** The inputs of linear features and of the waves. */
  readonly inputs: readonly number[]
  /** The inputs that have a Fourier series of their own. */
  readonly series: readonly number[]
  /** Random waves of all inputs together. */
  readonly waves: number
  readonly seed: number
}

/** Radians per standard deviation between harmonics: a period of 16 deviations, which no row leaves. */
const STEP = 0.4

/** Frequencies up to 6 radians per standard deviation. */
const MOST_HARMONICS = 15

/** Features of all series together, at most about: their number is squared in the cost. */
const SERIES_FEATURES = 400

/** Weight of constants and linear features beside waves, so that hardly any penalty falls on them. */
const FREE = 100

/** Length scales of waves, in standard deviations of a random projection; from bent to nearly straight. */
const [LEAST_SCALE, MOST_SCALE] = [0.4, 4]

/** cos 2πt, t in turns, by its series to 5e-6, much faster than Math.cos: features have to be smooth, not exact. */
const cosineOfTurns = (t: number): number => {
  const u = t - Math.floor(t + 0.5)
  const s = u * u
  return (
    1 +
    s *
      (-19.7392088 +
        s *
          (64.939394 +
            s * (-85.4568172 + s * (60.2446414 + s * (-26.4262568 + s * (7.903536 - s * 1.714391))))))
  )
}

/** Frequencies [waves, inputs] and phases, in turns: random Fourier features (A. Rahimi, B. Recht, NIPS 2007) of many scales. */
const randomWaves = ({ inputs, waves, seed }: BasisPlan) => {
  const random = generator(seed).split('waves')
  const k = inputs.length
  const frequencies = new Float64Array(waves * k)
  const phases = new Float64Array(waves)
  for (let m = 0; m < waves; m++) {
    const scale = LEAST_SCALE * (MOST_SCALE / LEAST_SCALE) ** random.uniform()
    for (let c = 0; c < k; c++)
      frequencies[m * k + c] = random.normal() / (2 * Math.PI * scale * Math.sqrt(k))
    phases[m] = random.uniform()
  }
  return { frequencies, phases }
}

/** cos(hωv) and sin(hωv), h = 1 … harmonics, by recurrence; weights fall as those of a smooth function do. */
const fillSeries = (value: number, harmonics: number, out: Float64Array, at: number): void => {
  const [c, s] = [Math.cos(STEP * value), Math.sin(STEP * value)]
  let re = 1
  let im = 0
  for (let h = 1; h <= harmonics; h++) {
    const next = re * c - im * s
    im = re * s + im * c
    re = next
    const weight = 1 / (1 + STEP * h)
    out[at + 2 * h - 2] = weight * re
    out[at + 2 * h - 1] = weight * im
  }
}

/** 1 constant, one linear feature an input, 2 · harmonics a series, and the waves. */
export const smoothBasis = (plan: BasisPlan): SmoothBasis => {
  const { inputs, series, waves } = plan
  const k = inputs.length
  const harmonics = Math.max(
    2,
    Math.min(MOST_HARMONICS, Math.floor(SERIES_FEATURES / (2 * series.length + 1)))
  )
  const { frequencies, phases } = randomWaves(plan)
  const size = 1 + k + 2 * harmonics * series.length + waves
  const point = new Float64Array(k)
  const fill: SmoothBasis['fill'] = ({ data, shape: [, width] }, rows, from, count, out) => {
    for (let t = 0; t < count; t++) {
      const row = rows[from + t] * width
      let at = t * size
      out[at++] = FREE
      for (let c = 0; c < k; c++) {
        point[c] = data[row + inputs[c]]
        out[at++] = FREE * point[c]
      }
      for (let c = 0; c < series.length; c++, at += 2 * harmonics)
        fillSeries(data[row + series[c]], harmonics, out, at)
      for (let m = 0; m < waves; m++) {
        let turns = phases[m]
        for (let c = 0; c < k; c++) turns += frequencies[m * k + c] * point[c]
        out[at++] = cosineOfTurns(turns)
      }
    }
  }
  return { size, fill }
}
