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
import type { Occurrences } from '../../training/occurrences.js'
import { sharesOf } from '../sparsity-term.js'

/** `u` [B, n] under masks [latents, masks, n] ↦ [latents, masks · B, n]. */
const underMasks = (u: tf.Tensor2D, masks: tf.Tensor3D): tf.Tensor3D => {
  const [rows, inputs] = u.shape
  const [latents, count] = masks.shape
  const seen = tf.mul(tf.reshape(u, [1, 1, rows, inputs]), tf.expandDims(masks, 2))
  return tf.reshape(seen, [latents, count * rows, inputs])
}

/**
 * Every latent's KL under every mask in every row, twice, but for what no mask changes: [latents, masks, B]. Where the variance is
 * optimal, σq² + (μq − μp)² instead, of whose mean over rows the KL is ½ log.
 */
const rowCosts = (
  parameters: NamedTensors,
  transitions: Transitions,
  posterior: DiagonalGaussian,
  u: tf.Tensor2D,
  masks: tf.Tensor3D
): tf.Tensor3D => {
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
  if (transitionVariance === 'optimal') return spread as tf.Tensor3D
  const base = tf.reshape(parameters['transition/logVariance'], [latents, 1, 1])
  const logVariance = transitionVariance === 'network' ? tf.add(output(1), base) : base
  return tf.add(tf.mul(spread, tf.exp(tf.neg(logVariance))), logVariance) as tf.Tensor3D
}

/** KL, but for what no mask changes, of mean costs. */
const divergenceOf = ({ transitionVariance }: Transitions, means: tf.Tensor): tf.Tensor =>
  tf.mul(transitionVariance === 'optimal' ? tf.log(tf.add(means, SMALLEST_VARIANCE)) : means, 0.5)

/**
 * KL without an edge minus KL with it, in nats an example, [latents, inputs]; all other gates as in `gates`
 * [latents, inputs], entries 0 or 1. Positive: the edge helps. No gradient passes. `exclusive`: so many of the last inputs are 0 and 1,
 * and at most one of them is 1 in a row. A row then sees but one of their gates, so that one mask flips all of them.
 */
export const edgeValues = (
  parameters: NamedTensors,
  transitions: Transitions,
  posterior: DiagonalGaussian,
  u: tf.Tensor2D,
  gates: tf.Tensor,
  exclusive = 0
): tf.Tensor2D => {
  const [latents, inputs] = gates.shape as [number, number]
  const given = tf.expandDims(gates, 1)
  const alone = inputs - exclusive
  const flipping = (flips: tf.Tensor, count: number): tf.Tensor3D =>
    tf.abs(tf.sub(given, tf.reshape(flips, [1, count, inputs]))) as tf.Tensor3D
  const masks = [
    given,
    ...(alone === 0 ? [] : [flipping(tf.slice(tf.eye(inputs), [0, 0], [alone, inputs]), alone)]),
    ...(exclusive === 0 ? [] : [flipping(lastOnes(inputs, exclusive), 1)])
  ]
  const costs = rowCosts(parameters, transitions, posterior, u, tf.concat(masks, 1) as tf.Tensor3D)
  const rows = u.shape[0]
  const part = (first: number, count: number): tf.Tensor3D =>
    tf.slice(costs, [0, first, 0], [latents, count, rows])
  const asGiven = part(0, 1)
  const mean = tf.mean(asGiven, 2) as tf.Tensor2D
  const flipped = [
    ...(alone === 0 ? [] : [tf.mean(part(1, alone), 2)]),
    ...(exclusive === 0
      ? []
      : [
          tf.add(
            mean,
            actedOn(tf.sub(part(1 + alone, 1), asGiven), tf.slice(u, [0, alone], [rows, exclusive]))
          )
        ])
  ]
  const all = flipped.length === 1 ? flipped[0] : tf.concat(flipped, 1)
  const change = tf.sub(divergenceOf(transitions, all), divergenceOf(transitions, mean))
  // An open gate was flipped shut, so the change is the worth; a shut one was flipped open.
  return tf.mul(change, tf.sub(tf.mul(gates, 2), 1)) as tf.Tensor2D
}

/** 1 in the last `count` of `inputs` places, else 0. */
const lastOnes = (inputs: number, count: number): tf.Tensor =>
  tf.concat([tf.zeros([inputs - count]), tf.ones([count])].slice(count === inputs ? 1 : 0))

/** Changes by row, [latents, 1, B], as each of some exclusive columns `a` [B, k] gives them to the mean: [latents, k]. */
const actedOn = (changes: tf.Tensor, a: tf.Tensor2D): tf.Tensor2D => {
  const [rows] = a.shape
  const flat = tf.reshape(changes, [-1, rows]) as tf.Tensor2D
  return tf.div(tf.matMul(flat, a), rows)
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
  features: number,
  occurrences?: Occurrences
): tf.Scalar =>
  withGradient([logits], ([logit], save) => {
    const open = tf.sigmoid(logit)
    const slope = tf.mul(open, tf.sub(1, open))
    const exclusive = occurrences?.exclusive === true ? occurrences.shares.length : 0
    const worth = edgeValues(parameters, transitions, posterior, u, gates, exclusive)
    const inputs = logit.shape[1] as number
    // A rare edge is worth as little over all rows as its entropy shall weigh.
    const weight =
      occurrences === undefined ? entropyWeight : tf.mul(sharesOf(occurrences, inputs), entropyWeight)
    // The entropy of a gate changes by −logit · slope.
    const pull = tf.sub(tf.mul(logit, weight), worth)
    save([tf.mul(tf.mul(pull, slope), 1 / features)])
    return { value: tf.scalar(0), gradFunc: (dy, saved) => [tf.mul(saved[0], dy)] }
  })
