/** Diagonal Gaussians: what the objective needs of them. Log-variances are natural logarithms. */
import * as tf from '@tensorflow/tfjs-core'

/** Means and log-variances, same shape. */
export interface DiagonalGaussian {
  readonly mean: tf.Tensor
  readonly logVariance: tf.Tensor
}

/** A sample by reparametrization: mean + exp(logVariance / 2) · noise. */
export const reparametrize = ({ mean, logVariance }: DiagonalGaussian, noise: tf.Tensor): tf.Tensor =>
  tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), noise))

/**
 * KL(q ‖ p), summed over all entries of q: Σ ½ (log σp² − log σq² + (σq² + (μq − μp)²) / σp² − 1). p may be spread along
 * axes of length 1.
 */
export const divergence = (q: DiagonalGaussian, p: DiagonalGaussian): tf.Scalar => {
  const logRatio = tf.sub(q.logVariance, p.logVariance)
  const distance = tf.mul(tf.square(tf.sub(q.mean, p.mean)), tf.exp(tf.neg(p.logVariance)))
  const spread = tf.sum(tf.sub(tf.exp(logRatio), tf.add(logRatio, 1)))
  return tf.mul(tf.add(tf.sum(distance), spread), 0.5) as tf.Scalar
}

/** Keeps the logarithm of an optimal variance finite. */
export const SMALLEST_VARIANCE = 1e-8

/**
 * KL(q ‖ p), summed over all entries [latents, B, 1], where p has the given means and one variance a latent, at its
 * optimum for these rows: σp² = mean of σq² + (μq − μp)². Then KL = Σ ½ (log σp² − log σq²).
 */
export const optimalDivergence = (q: DiagonalGaussian, mean: tf.Tensor): tf.Scalar => {
  const rows = mean.shape[1] as number
  const spread = tf.add(tf.exp(q.logVariance), tf.square(tf.sub(q.mean, mean)))
  const variance = tf.mul(tf.sum(spread, 1, true), 1 / rows)
  const prior = tf.sum(tf.log(tf.add(variance, SMALLEST_VARIANCE)))
  return tf.mul(tf.sub(tf.mul(prior, rows), tf.sum(q.logVariance)), 0.5) as tf.Scalar
}

/** Rows `from` to `from + count − 1` of a matrix. */
export const rows = (x: tf.Tensor2D, from: number, count: number): tf.Tensor2D =>
  tf.slice(x, [from, 0], [count, x.shape[1]])

/** The Gaussians of some rows. */
export const rowsOf = (
  { mean, logVariance }: DiagonalGaussian,
  from: number,
  count: number
): DiagonalGaussian => ({
  mean: rows(mean as tf.Tensor2D, from, count),
  logVariance: rows(logVariance as tf.Tensor2D, from, count)
})
