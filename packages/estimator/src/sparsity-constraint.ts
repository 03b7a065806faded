/** The bound on the number of edges: its schedule, and one step of its multiplier. */
import * as tf from '@tensorflow/tfjs-core'
import type { Sparsity } from './configuration.js'

/** 0 before `from · steps`, 1 after `to · steps`, linear between. */
const progress = (from: number, to: number, step: number, steps: number): number => {
  const start = from * steps
  const end = Math.max(to * steps, start + 1)
  return Math.min(1, Math.max(0, (step - start) / (end - start)))
}

/** The bound at `step` of `steps`: from `possible` edges down to the wanted number, linearly. */
export const edgeBound = (sparsity: Sparsity, possible: number, step: number, steps: number): number =>
  sparsity._tag === 'Constraint'
    ? possible + progress(sparsity.from, sparsity.to, step, steps) * (sparsity.edges - possible)
    : possible

/** The penalty's weight at `step` of `steps`, in nats an edge; 0 without a penalty. */
export const penaltyWeight = (sparsity: Sparsity, step: number, steps: number): number =>
  sparsity._tag === 'Penalty' ? progress(sparsity.from, sparsity.to, step, steps) * sparsity.weight : 0

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
