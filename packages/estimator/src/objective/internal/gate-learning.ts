/** How gates of the kind `local-expectation` learn: from what each edge is worth. */
import type { NamedTensors } from '@mechid/engine'
import * as tf from '@tensorflow/tfjs-core'
import { gateLogits } from '../../model/edge-gates.js'
import { type DiagonalGaussian, rowsOf } from '../../model/gaussian.js'
import { type Transitions, transitionDivergence } from '../../model/transition.js'
import { stopGradient } from '../../tensors/stop-gradient.js'
import type { Occurrences } from '../../training/occurrences.js'
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
  /** [latents, inputs], 1 at the gate to flip in each row; at all gates of exclusive actions, of which an example sees but one. */
  readonly flips: tf.Tensor2D
  /** Scalar: weight of the gates' entropy, in nats. */
  readonly gateEntropy: tf.Scalar
  /** How often actions act; always, if left out. */
  readonly occurrences?: Occurrences
}

/** Rows on which edges are valued. Few are enough, as a value is a difference over the same rows. */
const VALUED_ROWS = 64
/** The same of exclusive actions of static data, which are rare, and valued at the cost of one. */
const VALUED_EXCLUSIVE_ROWS = 512

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
  { flips, gateEntropy, occurrences }: GateLearningFeeds,
  features: number
): tf.Scalar => {
  const [examples, inputs] = u.shape
  const seen = stopGradient(u)
  const fixed = { mean: stopGradient(posterior.mean), logVariance: stopGradient(posterior.logVariance) }
  const flipped = tf.abs(tf.sub(gates, flips))
  const explored = transitionDivergence(parameters, transitions, fixed, seen, flipped)
  const oneMask = occurrences?.exclusive === true && occurrences.shares.length === inputs
  const rows = Math.min(oneMask ? VALUED_EXCLUSIVE_ROWS : VALUED_ROWS, examples)
  const worth = edgeWorth(
    parameters,
    transitions,
    rowsOf(fixed, 0, rows),
    tf.slice(seen, [0, 0], [rows, inputs]),
    gates,
    gateLogits(parameters),
    gateEntropy,
    features,
    occurrences
  )
  return tf.add(worth, tf.div(explored, examples * features)) as tf.Scalar
}
