/** Whether fields found at some points are ambiguities at others, and at finite times. */
import type { Mechanism } from '@mechid/mechanisms'
import type { RankDecision } from '@mechid/numerics'
import { generator } from '@mechid/random'
import * as E from 'fp-ts/lib/Either.js'
import { evaluateFields, type VectorFields } from '../dictionary/vector-fields.js'
import { notConfirmed, type Result } from '../errors.js'
import { combined, flowOf } from './flow.js'
import { measuredIn, slopesIn } from './measured.js'
import { type Transition, transitionAt } from './transition.js'

export const rms = (x: Float64Array): number => {
  let sum = 0
  for (const value of x) sum += value * value
  return x.length === 0 ? 0 : Math.sqrt(sum / x.length)
}

const difference = (x: Float64Array, y: Float64Array): Float64Array => x.map((value, e) => value - y[e])

/** What rounding makes of a value, relative to the fields or points that it came from. */
const ROUNDING = 1e-12

/** A difference beyond rounding in `size`, relative to `scale`. */
const beyondRounding = (gap: number, size: number, scale: number): number => {
  const left = gap - ROUNDING * size
  return left > 0 ? left / scale : 0
}

/** What is asked of a transition in place of X(m(z)) = Dm(z) X(z): a right side for each field, N × dimension × d. */
export type RightSide = (mechanism: number, points: Float64Array, transition: Transition) => Float64Array

/** Dm(z) X(z) of each field, N × dimension × d. */
const carriedFields = (
  at: Float64Array,
  { jacobians }: Transition,
  d: number,
  dimension: number
): Float64Array => {
  const out = new Float64Array(at.length)
  for (let s = 0; s < jacobians.length / (d * d); s++)
    for (let k = 0; k < dimension; k++)
      for (let i = 0; i < d; i++)
        for (let j = 0; j < d; j++)
          out[(s * dimension + k) * d + i] += jacobians[(s * d + i) * d + j] * at[(s * dimension + k) * d + j]
  return out
}

/**
 * rms(X(m(z)) − Dm(z) X(z)) over the fields, in units, relative to the sizes of both sides and of what Dm could make of
 * X; rounding in X itself does not count.
 */
export const freshResidual = (
  fields: VectorFields,
  points: Float64Array,
  transitions: ReadonlyArray<Transition>,
  units: Float64Array,
  rightSide?: RightSide
): number => {
  const { latents: d, dimension } = fields
  if (dimension === 0) return 0
  const raw = evaluateFields(fields, points)
  const at = rms(measuredIn(units, raw.slice()))
  let worst = 0
  transitions.forEach((transition, m) => {
    const left = measuredIn(units, evaluateFields(fields, transition.images))
    const right = measuredIn(units, carriedFields(raw, transition, d, dimension))
    const scale = rms(left) + rms(right) + at * rms(slopesIn(units, transition.jacobians))
    const more = rightSide?.(m, points, transition)
    const gap = difference(left, right)
    const rest = more === undefined ? gap : difference(gap, measuredIn(units, more))
    worst = Math.max(worst, beyondRounding(rms(rest), at, scale))
  })
  return worst
}

/** One list of points after the other. */
export const joinedPoints = (parts: ReadonlyArray<Float64Array>): Float64Array => {
  const out = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** Enough random combinations to hear of every field. */
const FLOWS = 4
/** In units of the latents: how far a flow moves at most. */
const REACH = 0.1
const FLOW_POINTS = 32

/** Random single fields of the span, with a time that moves given points by a tenth of a unit at most. */
export const randomFlows = (
  fields: VectorFields,
  points: Float64Array,
  units: Float64Array
): ReadonlyArray<readonly [field: VectorFields, time: number]> => {
  const random = generator(1).split('flows')
  return Array.from({ length: Math.min(FLOWS, fields.dimension) }, () => {
    const field = combined(
      fields,
      Float64Array.from({ length: fields.dimension }, () => random.normal())
    )
    let fastest = 0
    for (const x of measuredIn(units, evaluateFields(field, points))) fastest = Math.max(fastest, Math.abs(x))
    return [field, fastest > 0 ? REACH / fastest : 0] as const
  })
}

/**
 * How far a = exp(tX) is from a ∘ m = m ∘ a: rms of the difference in units, relative to how far both sides move.
 *
 * Errors: those of the mechanism where the flow leads.
 */
export const flowResidual = (
  where: string,
  fields: VectorFields,
  mechanisms: ReadonlyArray<Mechanism>,
  points: Float64Array,
  transitions: ReadonlyArray<Transition>,
  units: Float64Array
): Result<number> => {
  const d = fields.latents
  const from = points.subarray(0, FLOW_POINTS * d)
  const rows = from.length / d
  const apart = (x: Float64Array, y: Float64Array): number => rms(measuredIn(units, difference(x, y)))
  const size = rms(measuredIn(units, from.slice()))
  const places = joinedPoints([from, ...transitions.map(({ images }) => images.subarray(0, rows * d))])
  let worst = 0
  for (const [field, time] of randomFlows(fields, places, units)) {
    const moved = flowOf(field, from, time)
    for (const [m, mechanism] of mechanisms.entries()) {
      const images = transitions[m].images.subarray(0, rows * d)
      const actions = transitions[m].actions.subarray(0, rows * mechanism.actions)
      const after = transitionAt(where, mechanism, moved, actions)
      if (E.isLeft(after)) return after
      const before = flowOf(field, images, time)
      const reach = apart(moved, from) * rms(slopesIn(units, transitions[m].jacobians))
      const scale = reach + apart(before, images) + apart(after.right.images, images)
      worst = Math.max(worst, beyondRounding(apart(before, after.right.images), size, scale))
    }
  }
  return E.right(worst)
}

/** The largest singular value that counts as zero, or could: what fields that it belongs to may fail by. */
export const zeroLevel = ({ ladder, nullity, tolerance }: RankDecision): number =>
  Math.max(tolerance, ladder[ladder.length - nullity] ?? 0)

/** Residuals above these, or a hundred times what counts as zero, are no rounding. */
const ALLOWED = 1e-6
const ALLOWED_FLOW = 1e-5
const FACTOR = 100

/** `level`: as of `zeroLevel`. Errors: `NotConfirmed`. */
export const confirmed = (where: string, residual: number, flow: number, level: number): Result<void> => {
  const tried = [
    ['the condition on the fields', residual, Math.max(ALLOWED, FACTOR * level)],
    ['the finite flow of the fields', flow, Math.max(ALLOWED_FLOW, FACTOR * level)]
  ] as const
  for (const [what, actual, allowed] of tried)
    if (!(actual <= allowed)) return E.left(notConfirmed(where, what, actual, allowed))
  return E.right(undefined)
}
