/** What keeps the learned graph sparse: the term of the objective, and one step of its multiplier. */
import type { NamedTensors } from '@mechid/engine'
import * as tf from '@tensorflow/tfjs-core'
import type { Configuration } from '../configuration/configuration.js'
import type { ModelShape } from '../configuration/model-shape.js'
import { expectedEdges, gateLogits } from '../model/edge-gates.js'

/** Scalars. */
export interface SparsityTerm {
  readonly edges: tf.Scalar
  /** Added to the loss. */
  readonly cost: tf.Scalar | undefined
}

/** Expected edges, and what they cost. `multiplier` is that of a constraint; feeds: `penalty`, a scalar. */
export const sparsityTerm = (
  parameters: NamedTensors,
  shape: ModelShape,
  { sparsity }: Configuration,
  multiplier: tf.Tensor,
  feeds: NamedTensors
): SparsityTerm => {
  const edges = expectedEdges(gateLogits(parameters))
  switch (sparsity._tag) {
    case 'Constraint':
      return { edges, cost: tf.mul(edges, multiplier) as tf.Scalar }
    case 'Penalty':
      return { edges, cost: tf.mul(edges, tf.div(feeds.penalty, shape.features)) as tf.Scalar }
    case 'Oracle':
    case 'Dense':
      return { edges, cost: undefined }
  }
}

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
