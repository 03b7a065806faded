/** Whether fields found at some points are ambiguities at others, and at finite times. */
import type { Mechanism } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import * as E from 'fp-ts/lib/Either.js'
import { evaluateFields, type VectorFields } from '../dictionary/vector-fields.js'
import { notConfirmed, type Result } from '../errors.js'
import { combined, flowOf } from './flow.js'
import { type Transition, transitionAt } from './transition.js'

export const rms = (x: Float64Array): number => {
  let sum = 0
  for (const value of x) sum += value * value
  return x.length === 0 ? 0 : Math.sqrt(sum / x.length)
}

const difference = (x: Float64Array, y: Float64Array): Float64Array => x.map((value, e) => value - y[e])

/** What is asked of a transition in place of X(m(z)) = Dm(z) X(z): a right side for each field, N × dimension × d. */
export type RightSide = (mechanism: number, points: Float64Array, transition: Transition) => Float64Array

/**
 * rms(X(m(z)) − Dm(z) X(z)) over the fields, relative to the sizes of both sides and of what Dm could make of X.
 */
export const freshResidual = (
  fields: VectorFields,
  points: Float64Array,
  transitions: ReadonlyArray<Transition>,
  rightSide?: RightSide
): number => {
  const { latents: d, dimension } = fields
  if (dimension === 0) return 0
  const at = evaluateFields(fields, points)
  let worst = 0
  transitions.forEach((transition, m) => {
    const left = evaluateFields(fields, transition.images)
    const right = new Float64Array(left.length)
    for (let s = 0; s < points.length / d; s++)
      for (let k = 0; k < dimension; k++)
        for (let i = 0; i < d; i++)
          for (let j = 0; j < d; j++)
            right[(s * dimension + k) * d + i] +=
              transition.jacobians[(s * d + i) * d + j] * at[(s * dimension + k) * d + j]
    const scale = rms(left) + rms(right) + rms(at) * rms(transition.jacobians)
    const more = rightSide?.(m, points, transition)
    const gap = difference(left, right)
    worst = Math.max(worst, rms(more === undefined ? gap : difference(gap, more)) / scale)
  })
  return worst
}

/** Enough random combinations to hear of every field. */
const FLOWS = 4
/** Of the shortest side of the region: how far a flow moves at most. */
const REACH = 0.1
const FLOW_POINTS = 32

/** Random single fields of the span, with a time that moves points by a tenth of the region at most. */
export const randomFlows = (
  fields: VectorFields,
  points: Float64Array,
  halfWidth: Float64Array
): ReadonlyArray<readonly [field: VectorFields, time: number]> => {
  const random = generator(1).split('flows')
  return Array.from({ length: Math.min(FLOWS, fields.dimension) }, () => {
    const field = combined(
      fields,
      Float64Array.from({ length: fields.dimension }, () => random.normal())
    )
    let fastest = 0
    for (const x of evaluateFields(field, points)) fastest = Math.max(fastest, Math.abs(x))
    return [field, fastest > 0 ? (REACH * Math.min(...halfWidth)) / fastest : 0] as const
  })
}

/**
 * How far a = exp(tX) is from a ∘ m = m ∘ a: rms of the difference, relative to how far both sides move.
 *
 * Errors: those of the mechanism where the flow leads.
 */
export const flowResidual = (
  where: string,
  fields: VectorFields,
  mechanisms: ReadonlyArray<Mechanism>,
  points: Float64Array,
  transitions: ReadonlyArray<Transition>,
  halfWidth: Float64Array
): Result<number> => {
  const d = fields.latents
  const from = points.subarray(0, FLOW_POINTS * d)
  const rows = from.length / d
  let worst = 0
  for (const [field, time] of randomFlows(fields, from, halfWidth)) {
    const moved = flowOf(field, from, time)
    for (const [m, mechanism] of mechanisms.entries()) {
      const images = transitions[m].images.subarray(0, rows * d)
      const actions = transitions[m].actions.subarray(0, rows * mechanism.actions)
      const after = transitionAt(where, mechanism, moved, actions)
      if (E.isLeft(after)) return after
      const before = flowOf(field, images, time)
      const reach = rms(difference(moved, from)) * rms(transitions[m].jacobians)
      const scale = reach + rms(difference(before, images)) + rms(difference(after.right.images, images))
      const gap = rms(difference(before, after.right.images))
      if (gap > 0) worst = Math.max(worst, gap / scale)
    }
  }
  return E.right(worst)
}

/** Residuals above these, or a hundred tolerances, are no rounding. */
const ALLOWED = 1e-6
const ALLOWED_FLOW = 1e-5

/** Errors: `NotConfirmed`. */
export const confirmed = (where: string, residual: number, flow: number, tolerance: number): Result<void> => {
  const tried = [
    ['the condition on the fields', residual, Math.max(ALLOWED, 100 * tolerance)],
    ['the finite flow of the fields', flow, Math.max(ALLOWED_FLOW, 100 * tolerance)]
  ] as const
  for (const [what, actual, allowed] of tried)
    if (!(actual <= allowed)) return E.left(notConfirmed(where, what, actual, allowed))
  return E.right(undefined)
}
