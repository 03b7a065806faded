/** What an encoder that learns precise latents is told. */
import * as tf from '@tensorflow/tfjs-core'
import type { DiagonalGaussian } from '../../model/gaussian.js'
import { stopGradient } from '../../tensors/stop-gradient.js'

/** Keeps the logarithm of an error finite. */
const SMALLEST_ERROR = 1e-10

/**
 * Half the logarithm of each latent's mean squared error, so that each weighs alike whatever its scale; and the log-variances by the
 * likelihood of these errors, so that an encoder says by how much it misses. `latents` [n, d] are held. Per feature, as the objective is.
 */
export const encoderMiss = (
  { mean, logVariance }: DiagonalGaussian,
  latents: tf.Tensor,
  features: number
): tf.Scalar => {
  const squares = tf.square(tf.sub(mean, stopGradient(latents)))
  const miss = tf.sum(tf.mul(tf.log(tf.add(tf.mean(squares, 0), SMALLEST_ERROR)), 0.5))
  const spread = tf.mul(stopGradient(squares), tf.exp(tf.neg(logVariance)))
  const likelihood = tf.mul(tf.sum(tf.mean(tf.add(spread, logVariance), 0)), 0.5)
  return tf.div(tf.add(miss, likelihood), features) as tf.Scalar
}
