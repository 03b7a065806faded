/** How gates of the kind `local-expectation` learn: from what each edge is worth. */
import type { NamedTensors } from '@mechid/engine'
import * as tf from '@tensorflow/tfjs-core'
import { gateLogits } from '../../model/edge-gates.js'
import { type DiagonalGaussian, rowsOf } from '../../model/gaussian.js'
import { type Transitions, transitionDivergence } from '../../model/transition.js'
import { stopGradient } from '../../tensors/stop-gradient.js'
import { edgeWorth } from './edge-worth.js'

/** What transitions predict, and from what. */
export interface TransitionData {
  /** Encodings that the transitions predict, [B, latents]. */
  readonly posterior: DiagonalGaussian
  /** Past latents and actions, [B, inputs]. */
  readonly u: tf.Tensor2D
}

/** What the host draws or sets for one step. */
export interface GateLearningFeeds {
  /** [latents, inputs], one 1 in each row: the gate to flip. */
  readonly flips: tf.Tensor2D
  /** Scalar: weight of the gates' entropy, in nats. */
  readonly gateEntropy: tf.Scalar
}

/** Rows on which edges are valued. Few are enough, as a value is a difference over the same rows. */
const VALUED_ROWS = 64

/**
 * To be minimized along with the objective, per example and feature. The gates learn what each edge is worth. Transitions
 * also learn to predict with one gate of each latent flipped, from encodings held fixed: otherwise an edge that was given up
 * could never show its worth again.
 */
export const gateLearning = (
  parameters: NamedTensors,
  transitions: Transitions,
  { posterior, u }: TransitionData,
  gates: tf.Tensor,
  { flips, gateEntropy }: GateLearningFeeds,
  features: number
): tf.Scalar => {
  const [examples, inputs] = u.shape
  const seen = stopGradient(u)
  const fixed = { mean: stopGradient(posterior.mean), logVariance: stopGradient(posterior.logVariance) }
  const flipped = tf.abs(tf.sub(gates, flips))
  const explored = transitionDivergence(parameters, transitions, fixed, seen, flipped)
  const rows = Math.min(VALUED_ROWS, examples)
  const worth = edgeWorth(
    parameters,
    transitions,
    rowsOf(fixed, 0, rows),
    tf.slice(seen, [0, 0], [rows, inputs]),
    gates,
    gateLogits(parameters),
    gateEntropy,
    features
  )
  return tf.add(worth, tf.div(explored, examples * features)) as tf.Scalar
}
