/**
 * What each edge is worth: the exact change of the objective when its gate is flipped, all else equal.
 *
 * The gradient that a sample passes straight through says how the objective changes when an input is scaled a
 * little; at the best fit that is zero, however much the edge matters. The difference between edge and no edge
 * is what decides, and it is cheap: a latent's KL depends on the latent's own gates alone, so one pass over a
 * few rows flips one gate of every latent at once.
 */
import type { NamedTensors } from '@mechid/engine'
import * as tf from '@tensorflow/tfjs-core'
import { type DiagonalGaussian, SMALLEST_VARIANCE } from '../../model/gaussian.js'
import { blockOutput, byLatent, type Transitions } from '../../model/transition.js'
import { seriesUnderMasks } from '../../model/transition-series.js'
import { separateBlocks } from '../../networks/perceptrons.js'
import { withGradient } from '../../tensors/with-gradient.js'

/** `u` [B, n] under masks [latents, masks, n] ↦ [latents, masks · B, n]. */
const underMasks = (u: tf.Tensor2D, masks: tf.Tensor3D): tf.Tensor3D => {
  const [rows, inputs] = u.shape
  const [latents, count] = masks.shape
  const seen = tf.mul(tf.reshape(u, [1, 1, rows, inputs]), tf.expandDims(masks, 2))
  return tf.reshape(seen, [latents, count * rows, inputs])
}

/** Every latent's KL under every mask, but for what no mask changes: a mean over rows, [latents, masks]. */
const divergences = (
  parameters: NamedTensors,
  transitions: Transitions,
  posterior: DiagonalGaussian,
  u: tf.Tensor2D,
  masks: tf.Tensor3D
): tf.Tensor2D => {
  const [latents, count] = masks.shape
  const rows = u.shape[0]
  const { transition, transitionVariance, products } = transitions
  const { frequencies = [], depth } = transition
  const y =
    depth === 0
      ? undefined
      : separateBlocks(products, parameters, 'transition', transition, underMasks(u, masks))
  const output = (column: number): tf.Tensor3D =>
    y === undefined
      ? tf.zeros([latents, count, rows])
      : tf.reshape(blockOutput(y, column), [latents, count, rows])
  const series = frequencies.length === 0 ? tf.scalar(0) : seriesUnderMasks(parameters, frequencies, u, masks)
  const means = tf.add(output(0), series)
  const encoded = byLatent(posterior)
  // [latents, 1, B], alike for every mask.
  const given = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [latents, 1, rows])
  const distance = tf.square(tf.sub(given(encoded.mean), means))
  const spread = tf.add(given(tf.exp(encoded.logVariance)), distance)
  if (transitionVariance === 'optimal') {
    return tf.mul(tf.log(tf.add(tf.mean(spread, 2), SMALLEST_VARIANCE)), 0.5) as tf.Tensor2D
  }
  const base = tf.reshape(parameters['transition/logVariance'], [latents, 1, 1])
  const logVariance = transitionVariance === 'network' ? tf.add(output(1), base) : base
  const costs = tf.add(tf.mul(spread, tf.exp(tf.neg(logVariance))), logVariance)
  return tf.mul(tf.mean(costs, 2), 0.5) as tf.Tensor2D
}

/**
 * KL without an edge minus KL with it, in nats an example, [latents, inputs]; all other gates as in `gates`
 * [latents, inputs], entries 0 or 1. Positive: the edge helps. No gradient passes.
 */
export const edgeValues = (
  parameters: NamedTensors,
  transitions: Transitions,
  posterior: DiagonalGaussian,
  u: tf.Tensor2D,
  gates: tf.Tensor
): tf.Tensor2D => {
  const [latents, inputs] = gates.shape as [number, number]
  const given = tf.expandDims(gates, 1)
  const flips = tf.abs(tf.sub(given, tf.reshape(tf.eye(inputs), [1, inputs, inputs])))
  const all = tf.concat([given, flips], 1) as tf.Tensor3D
  const costs = divergences(parameters, transitions, posterior, u, all)
  const asGiven = tf.slice(costs, [0, 0], [latents, 1])
  const flipped = tf.slice(costs, [0, 1], [latents, inputs])
  const change = tf.sub(flipped, asGiven)
  // An open gate was flipped shut, so the change is the worth; a shut one was flipped open.
  return tf.mul(change, tf.sub(tf.mul(gates, 2), 1)) as tf.Tensor2D
}

/**
 * Zero, with the gradient of the expected objective by the gates' logits, per example and feature:
 * σ'(logit) · (KL with the edge − KL without), a local expectation gradient (M. Titsias, M. Lázaro-Gredilla,
 * "Local expectation gradients for black box variational inference", 2015).
 */
export const edgeWorth = (
  parameters: NamedTensors,
  transitions: Transitions,
  posterior: DiagonalGaussian,
  u: tf.Tensor2D,
  gates: tf.Tensor,
  logits: tf.Tensor,
  entropyWeight: tf.Scalar,
  features: number
): tf.Scalar =>
  withGradient([logits], ([logit], save) => {
    const open = tf.sigmoid(logit)
    const slope = tf.mul(open, tf.sub(1, open))
    const worth = edgeValues(parameters, transitions, posterior, u, gates)
    // The entropy of a gate changes by −logit · slope.
    const pull = tf.sub(tf.mul(logit, entropyWeight), worth)
    save([tf.mul(tf.mul(pull, slope), 1 / features)])
    return { value: tf.scalar(0), gradFunc: (dy, saved) => [tf.mul(saved[0], dy)] }
  })
