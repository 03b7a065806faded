/** What the variational methods share: a Gaussian decoder, a standard normal prior, and densities of latents. */
import type { NamedTensors } from '@mechid/engine'
import {
  type Autoencoder,
  type DiagonalGaussian,
  decode,
  encode,
  klDivergence,
  reparametrize
} from '@mechid/estimator'
import * as tf from '@tensorflow/tfjs-core'
import type { BaselineBatch } from '../method.js'

const LOG_TWO_PI = Math.log(2 * Math.PI)
/** Keeps the logarithm of the optimal variance finite. */
const SMALLEST_VARIANCE = 1e-8

/** An encoded and decoded batch. */
export interface Reconstruction {
  readonly posterior: DiagonalGaussian
  /** Latents drawn from the posterior, [rows, d]. */
  readonly z: tf.Tensor2D
  /** Mean squared error of one feature. */
  readonly squaredError: tf.Scalar
  /**
   * −log p(x | z) per row and feature, in nats, with the decoder's variance at its optimum for the batch, the mean squared
   * error: what a learned variance converges to.
   */
  readonly negativeLogLikelihood: tf.Scalar
}

/** Encodes a batch, draws latents, decodes them. */
export const reconstructed = (
  parameters: NamedTensors,
  { x, decoded, noise }: BaselineBatch,
  { shape, configuration }: Autoencoder
): Reconstruction => {
  const posterior = encode(parameters, shape, configuration, x)
  const z = reparametrize(posterior, noise as tf.Tensor2D) as tf.Tensor2D
  const squaredError = tf.mean(tf.square(tf.sub(decode(parameters, configuration, z), decoded))) as tf.Scalar
  const logVariance = tf.log(tf.add(squaredError, SMALLEST_VARIANCE))
  const negativeLogLikelihood = tf.mul(tf.add(logVariance, LOG_TWO_PI + 1), 0.5) as tf.Scalar
  return { posterior, z, squaredError, negativeLogLikelihood }
}

/** Features that a batch decodes: what sums over rows and features are divided by, beside rows. */
export const featuresOf = ({ decoded }: BaselineBatch): number => decoded.shape[1]

/** KL(q ‖ N(0, I)), summed over rows and latents. */
export const divergenceFromStandard = (q: DiagonalGaussian): tf.Scalar => {
  const zero = tf.zerosLike(q.mean)
  return klDivergence(q, { mean: zero, logVariance: zero })
}

/** log N(z; mean, variance), entry by entry. */
export const logNormal = (z: tf.Tensor, { mean, logVariance }: DiagonalGaussian): tf.Tensor => {
  const distance = tf.mul(tf.square(tf.sub(z, mean)), tf.exp(tf.neg(logVariance)))
  return tf.mul(tf.add(tf.add(distance, logVariance), LOG_TWO_PI), -0.5)
}
