/** The transition p(z | past, a): one network for each latent, behind its gates ([MS] section 5). */
import type { NamedTensors } from '@mechid/engine'
import * as tf from '@tensorflow/tfjs-core'
import type { Configuration } from '../configuration/configuration.js'
import { blockPerceptron } from '../networks/perceptrons.js'
import type { Products } from '../networks/products.js'
import { type DiagonalGaussian, divergence, optimalDivergence } from './gaussian.js'
import { seriesMeans } from './transition-series.js'

/** Output number `column` of every block: [blocks, B, outputs] ↦ [blocks, B, 1]. */
export const blockOutput = (y: tf.Tensor3D, column: number): tf.Tensor3D => {
  const [blocks, rows] = y.shape
  return tf.slice(y, [0, 0, column], [blocks, rows, 1])
}

/** What an encoder gives, [B, latents], as a transition gives it: [latents, B, 1]. */
export const byLatent = ({ mean, logVariance }: DiagonalGaussian): DiagonalGaussian => ({
  mean: tf.expandDims(tf.transpose(mean), 2),
  logVariance: tf.expandDims(tf.transpose(logVariance), 2)
})

/** The networks of transitions, as a configuration has them, and how a device multiplies them. */
export interface Transitions extends Pick<Configuration, 'transition' | 'transitionVariance'> {
  readonly products: Products
}

/** The transition's outputs, [latents, B, 1 or 2], for inputs `u` [B, past latents and actions]. */
const transitionOutputs = (
  parameters: NamedTensors,
  { transition, products }: Transitions,
  u: tf.Tensor2D,
  gates: tf.Tensor
): tf.Tensor3D => {
  const { frequencies = [], depth } = transition
  if (depth === 0) return seriesMeans(parameters, frequencies, u, gates)
  // Masking a network's inputs is masking the rows of its first weights.
  const masked = tf.mul(parameters['transition/w0'], tf.expandDims(gates, 2)) as tf.Tensor3D
  const y = blockPerceptron(products, parameters, 'transition', transition, u, masked)
  return frequencies.length === 0 ? y : addedToMeans(y, seriesMeans(parameters, frequencies, u, gates))
}

/** Means [latents, B, 1] added to the first of the networks' outputs [latents, B, 1 or 2]. */
const addedToMeans = (y: tf.Tensor3D, means: tf.Tensor3D): tf.Tensor3D => {
  const sum = tf.add(blockOutput(y, 0), means) as tf.Tensor3D
  return y.shape[2] === 1 ? sum : (tf.concat([sum, blockOutput(y, 1)], 2) as tf.Tensor3D)
}

/**
 * KL of the posterior from the transition's prediction, summed over rows and latents. `u` [B, past latents and
 * actions], `gates` [latents, inputs] in the same order. What one latent costs is computed without the others, so that
 * an engine can go through a latent's network and back before it turns to the next one.
 */
export const transitionDivergence = (
  parameters: NamedTensors,
  transitions: Transitions,
  posterior: DiagonalGaussian,
  u: tf.Tensor2D,
  gates: tf.Tensor
): tf.Tensor => {
  const y = transitionOutputs(parameters, transitions, u, gates)
  const encoded = byLatent(posterior)
  const mean = blockOutput(y, 0)
  if (transitions.transitionVariance === 'optimal') return optimalDivergence(encoded, mean)
  const base = tf.reshape(parameters['transition/logVariance'], [y.shape[0], 1, 1])
  const logVariance = transitions.transitionVariance === 'network' ? tf.add(blockOutput(y, 1), base) : base
  return divergence(encoded, { mean, logVariance })
}
