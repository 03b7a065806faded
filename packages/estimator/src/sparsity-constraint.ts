/** The bound on the number of edges: its schedule, and one step of its multiplier. */
import * as tf from '@tensorflow/tfjs-core'
import type { Sparsity } from './configuration.js'
import { ramp } from './schedule.js'

/** The bound at `step` of `steps`: from `possible` edges down to the wanted number, linearly. */
export const edgeBound = (sparsity: Sparsity, possible: number, step: number, steps: number): number =>
  sparsity._tag === 'Constraint'
    ? possible + ramp(step, steps, sparsity) * (sparsity.edges - possible)
    : possible

/** The penalty's weight at `step` of `steps`, in nats an edge; 0 without a penalty. */
export const penaltyWeight = (sparsity: Sparsity, step: number, steps: number): number =>
  sparsity._tag === 'Penalty' ? ramp(step, steps, sparsity) * sparsity.weight : 0

/**
 * Gradient ascent on the multiplier λ of `edges − bound ≤ 0`, kept ≥ 0. With restarts λ returns to 0 as soon
 * as the constraint holds (J. Gallego-Posada et al., "Controlled sparsity via constrained optimization",
 * 2022), so that an old violation does not push the edges below the bound.
 */
export const nextMultiplier = (
  multiplier: tf.Scalar,
  violation: tf.Scalar,
  dualRate: number,
  restarts: boolean
): tf.Scalar => {
  const ascended = tf.relu(tf.add(multiplier, tf.mul(violation, dualRate)))
  return (restarts ? tf.mul(ascended, tf.step(violation)) : ascended) as tf.Scalar
}
