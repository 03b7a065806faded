/** Residuals of a target and directions of candidates, each row's from regressions on the other half of the rows. */
import type { Samples } from '@mechid/values'
import { meanSquare } from '../semipartial.js'
import { type SmoothBasis, smoothBasis } from './smooth-basis.js'
import { type SmoothFit, smoothFit, smoothValues } from './smooth-fit.js'

export interface Directions {
  /** y less its mean. */
  readonly target: Float64Array
  /** y less its regression on what is given. */
  readonly residuals: Float64Array
  /** The same on the rows that the regression was fitted on. */
  readonly fittedResiduals: Float64Array
  /** For each candidate h(S, j) less its regression on what is given, of unit mean square in either half. */
  readonly directions: readonly Float64Array[]
  /** The planted help, less its regression on what is given. */
  readonly probes: readonly Float64Array[]
  /** The directions learned where help is planted. */
  readonly probed: readonly Float64Array[]
  /** The share of each candidate's variance that what is given leaves open. */
  readonly own: readonly number[]
}

interface Plan {
  readonly given: readonly number[]
  readonly candidates: readonly number[]
  readonly probe: number
  /** Whether the planted help is a share of the target's variance or of what is left of it. */
  readonly of: 'variance' | 'rest'
  readonly seed: number
}

/** Waves of all given inputs, where there are several: blocks may be bent. */
const GIVEN_WAVES = 96

/** Waves of a candidate with what is given. */
const CANDIDATE_WAVES = 64

/** Directions, and their means given S, are learned on at most this many rows: most of the cost. */
const DIRECTION_ROWS = 5000

/** Targets a candidate of the regressions on what is given: its direction, that with help planted, the help, itself. */
const TARGETS = 4

const span = (from: number, to: number): Int32Array =>
  Int32Array.from({ length: to - from }, (_, i) => from + i)

const one = (data: Float64Array): Samples<Float64Array> => ({ data, shape: [data.length, 1] })

const less = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, i) => value - b[i])

const at = (values: Float64Array, rows: Int32Array): Float64Array =>
  Float64Array.from(rows, (row) => values[row])

/** Mean 0 and mean square 1; all 0 where nothing varies. */
const unit = (values: Float64Array): Float64Array => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const centred = values.map((value) => value - mean)
  const size = Math.sqrt(meanSquare(centred))
  return size > 0 ? centred.map((value) => value / size) : centred
}

const column = ({ data, shape: [rows, width] }: Samples<Float64Array>, c: number): Float64Array =>
  Float64Array.from({ length: rows }, (_, i) => data[i * width + c])

/** A wave of a candidate: neither even nor odd, bent but smooth. */
const waveOf = (x: Samples<Float64Array>, c: number): Float64Array =>
  column(x, c).map((value) => Math.sin(2 * value + 1))

const candidateBasis = ({ given, seed }: Plan, c: number): SmoothBasis =>
  smoothBasis({
    inputs: [...given, c],
    series: [c],
    waves: given.length === 0 ? 0 : CANDIDATE_WAVES,
    seed: seed + 1 + c
  })

/** h(S, j) as a fit of two targets, what is left of y on `few` rows without and with help planted. */
const learnedHelp = (
  x: Samples<Float64Array>,
  plan: Plan,
  c: number,
  few: Int32Array,
  left: Float64Array,
  planted: Float64Array
): SmoothFit => {
  const y = new Float64Array(2 * few.length)
  for (let i = 0; i < few.length; i++) {
    y[2 * i] = left[i]
    y[2 * i + 1] = left[i] + planted[few[i]]
  }
  return smoothFit(candidateBasis(plan, c), x, few, { data: y, shape: [few.length, 2] })
}

/** The four targets of every candidate [rows.length, 4 c]. */
const targetsAt = (
  helps: readonly SmoothFit[],
  planted: readonly Float64Array[],
  x: Samples<Float64Array>,
  { candidates }: Plan,
  rows: Int32Array
): Samples<Float64Array> => {
  const width = TARGETS * candidates.length
  const data = new Float64Array(rows.length * width)
  helps.forEach((help, c) => {
    const values = smoothValues(help, x, rows).data
    for (let i = 0; i < rows.length; i++) {
      const to = i * width + TARGETS * c
      data[to] = values[2 * i]
      data[to + 1] = values[2 * i + 1]
      data[to + 2] = planted[c][rows[i]]
      data[to + 3] = x.data[rows[i] * x.shape[1] + candidates[c]]
    }
  })
  return { data, shape: [rows.length, width] }
}

/** One half fitted, the other scored. */
const scoredHalf = (
  y: Float64Array,
  x: Samples<Float64Array>,
  basis: SmoothBasis,
  waves: readonly Float64Array[],
  plan: Plan,
  fit: Int32Array,
  score: Int32Array
) => {
  const known = at(y, fit)
  const regression = smoothFit(basis, x, fit, one(known))
  const left = less(known, smoothValues(regression, x, fit).data)
  const residuals = less(at(y, score), smoothValues(regression, x, score).data)
  if (plan.candidates.length === 0) return { residuals, left, projected: [] }
  const few = fit.subarray(0, DIRECTION_ROWS)
  const size = Math.sqrt(plan.probe * meanSquare(plan.of === 'rest' ? left : y))
  const planted = waves.map((wave) => wave.map((value) => size * value))
  const helps = plan.candidates.map((c, k) => learnedHelp(x, plan, c, few, left, planted[k]))
  const projection = smoothFit(basis, x, few, targetsAt(helps, planted, x, plan, few))
  const [truth, guess] = [targetsAt(helps, planted, x, plan, score), smoothValues(projection, x, score)]
  const open = { data: less(truth.data, guess.data), shape: truth.shape }
  return { residuals, left, projected: Array.from({ length: truth.shape[1] }, (_, t) => column(open, t)) }
}

const joined = (a: Float64Array, b: Float64Array): Float64Array => {
  const out = new Float64Array(a.length + b.length)
  out.set(a)
  out.set(b, a.length)
  return out
}

/** Fits on one half of the rows and scores on the other, both ways. Inputs x [n, k] are standardized, in random order. */
export const crossFitted = (y: Float64Array, x: Samples<Float64Array>, plan: Plan): Directions => {
  const { given, candidates, seed } = plan
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length
  const target = y.map((value) => value - mean)
  const waves = candidates.map((c) => unit(waveOf(x, c)))
  const basis = smoothBasis({
    inputs: given,
    series: given,
    waves: given.length < 2 ? 0 : GIVEN_WAVES,
    seed
  })
  const [first, second] = [span(0, y.length >> 1), span(y.length >> 1, y.length)]
  const a = scoredHalf(target, x, basis, waves, plan, second, first)
  const b = scoredHalf(target, x, basis, waves, plan, first, second)
  const parts = (t: number, scale: (values: Float64Array) => Float64Array): Float64Array[] =>
    candidates.map((_, c) => joined(scale(a.projected[TARGETS * c + t]), scale(b.projected[TARGETS * c + t])))
  const same = (values: Float64Array): Float64Array => values
  return {
    target,
    residuals: joined(a.residuals, b.residuals),
    fittedResiduals: joined(b.left, a.left),
    directions: parts(0, unit),
    probed: parts(1, unit),
    probes: parts(2, same),
    own: parts(3, same).map(meanSquare)
  }
}
