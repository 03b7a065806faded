/** What keeps the learned graph sparse: the term of the objective, and one step of its multiplier. */
import type { NamedTensors } from '@mechid/engine'
import * as tf from '@tensorflow/tfjs-core'
import type { Configuration } from '../configuration/configuration.js'
import type { ModelShape } from '../configuration/model-shape.js'
import { expectedEdges, gateLogits } from '../model/edge-gates.js'
import type { Occurrences } from '../training/occurrences.js'

/** Shares of all inputs, [inputs]: past latents act in every row. */
export const sharesOf = ({ shares }: Occurrences, inputs: number): tf.Tensor1D =>
  tf.tensor1d([...new Array<number>(inputs - shares.length).fill(1), ...shares], 'float32')

/** Scalars. */
export interface SparsityTerm {
  readonly edges: tf.Scalar
  /** Added to the loss. */
  readonly cost: tf.Scalar | undefined
}

/**
 * Expected edges, and what they cost. `multiplier` is that of a constraint; feeds: `penalty`, a scalar. An edge costs its price
 * in the rows in which its cause acts: `occurrences`; every row if left out. Else what an action is worth in every row in
 * which it acts would be compared with a price that is paid in all of them.
 */
export const sparsityTerm = (
  parameters: NamedTensors,
  shape: ModelShape,
  { sparsity }: Configuration,
  multiplier: tf.Tensor,
  feeds: NamedTensors,
  occurrences?: Occurrences
): SparsityTerm => {
  const logits = gateLogits(parameters)
  const edges = expectedEdges(logits)
  const priced =
    occurrences === undefined
      ? edges
      : (tf.sum(tf.mul(tf.sigmoid(logits), sharesOf(occurrences, logits.shape[1]))) as tf.Scalar)
  switch (sparsity._tag) {
    case 'Constraint':
      return { edges, cost: tf.mul(priced, multiplier) as tf.Scalar }
    case 'Penalty':
      return { edges, cost: tf.mul(priced, tf.div(feeds.penalty, shape.features)) as tf.Scalar }
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
