/** The transition p(z | past, a): one network for each latent, behind its gates ([MS] section 5). */
import * as tf from '@tensorflow/tfjs-core'
import type { Configuration } from './configuration.js'
import type { NamedTensors } from './engine.js'
import { type DiagonalGaussian, divergence, optimalDivergence } from './gaussian.js'
import { blockPerceptron } from './networks.js'

/** Output number `column` of every block: [B, blocks, outputs] ↦ [B, blocks]. */
const blockOutput = (y: tf.Tensor3D, column: number): tf.Tensor2D => {
  const [rows, blocks] = y.shape
  return tf.reshape(tf.slice(y, [0, 0, column], [rows, blocks, 1]), [rows, blocks])
}

/** The transition's outputs, [B, latents, 1 or 2], for inputs `u` [B, past latents and actions]. */
const transitionOutputs = (
  parameters: NamedTensors,
  configuration: Configuration,
  u: tf.Tensor2D,
  gates: tf.Tensor
): tf.Tensor3D => {
  // Masking a network's inputs is masking the rows of its first weights.
  const masked = tf.mul(parameters['transition/w0'], tf.expandDims(gates, 2)) as tf.Tensor3D
  return blockPerceptron(parameters, 'transition', configuration.transition, u, masked)
}

/**
 * KL of the posterior from the transition's prediction, summed over rows and latents. `u` [B, past latents and
 * actions], `gates` [latents, inputs] in the same order.
 */
export const transitionDivergence = (
  parameters: NamedTensors,
  configuration: Configuration,
  posterior: DiagonalGaussian,
  u: tf.Tensor2D,
  gates: tf.Tensor
): tf.Tensor => {
  const y = transitionOutputs(parameters, configuration, u, gates)
  const mean = blockOutput(y, 0)
  if (configuration.transitionVariance === 'optimal') return optimalDivergence(posterior, mean)
  const base = parameters['transition/logVariance']
  const logVariance =
    configuration.transitionVariance === 'network'
      ? tf.add(blockOutput(y, 1), base)
      : tf.add(tf.zerosLike(mean), base)
  return divergence(posterior, { mean, logVariance })
}
