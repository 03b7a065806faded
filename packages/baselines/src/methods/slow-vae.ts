/** SlowVAE (D. Klindt et al., Towards Nonlinear Disentanglement in Natural Data with Temporal Sparse Coding, ICLR 2021). */
import { type DiagonalGaussian, rowsOf } from '@mechid/estimator'
import * as tf from '@tensorflow/tfjs-core'
import type { BaselineMethod } from '../method.js'
import { divergenceFromStandard, featuresOf, reconstructed } from './gaussian-elbo.js'

export interface SlowVaeOptions {
  /** Weight of the KL from N(0, I). Default 1. */
  readonly beta?: number
  /** Weight of the KL from the Laplace transition. Default 10, as in the paper; [MS] averages over 1 to 16. */
  readonly gamma?: number
  /** λ, the inverse scale of the Laplace transition. Default 6, as in the paper; [MS] averages over 1 to 10. */
  readonly rate?: number
}

const LOG_TWO_PI_E = Math.log(2 * Math.PI) + 1

/**
 * Cross-entropy −E log Laplace(z; 0, 1/rate), where z is Gaussian with this mean and log-variance, summed over entries:
 * rate (σ √(2/π) exp(−m² / 2σ²) + m erf(m / σ√2)) − log(rate / 2) each (Klindt et al. 2021, appendix).
 */
export const laplaceCrossEntropy = ({ mean, logVariance }: DiagonalGaussian, rate: number): tf.Scalar => {
  const deviation = tf.exp(tf.mul(logVariance, 0.5))
  const scaled = tf.div(mean, tf.mul(deviation, Math.SQRT2))
  const folded = tf.mul(tf.mul(deviation, Math.sqrt(2 / Math.PI)), tf.exp(tf.neg(tf.square(scaled))))
  const absolute = tf.add(folded, tf.mul(mean, tf.erf(scaled)))
  return tf.sum(tf.sub(tf.mul(absolute, rate), Math.log(rate / 2))) as tf.Scalar
}

/** Entropy of a diagonal Gaussian, summed over entries. */
const entropy = ({ logVariance }: DiagonalGaussian): tf.Scalar =>
  tf.mul(tf.sum(tf.add(logVariance, LOG_TWO_PI_E)), 0.5) as tf.Scalar

/**
 * For each pair of frames: −2 log p(x | z) + β KL(q ‖ N(0, I)) + γ (H(q₁, L₀) + H(q₀, L₁) − H(q)), where L is the Laplace
 * transition around the other frame's mean, both ways, and H(q) the mean entropy of a frame. This is the objective of the
 * authors' code, with which the published figures were made. Divided by two and by the number of features. Actions are not
 * used.
 *
 * Differs from the code: a decoder variance at its optimum for each batch. The paper's equation has the transition one way
 * only.
 */
export const slowVae = ({ beta = 1, gamma = 10, rate = 6 }: SlowVaeOptions = {}): BaselineMethod => ({
  name: 'SlowVAE',
  needs: 'frames',
  decodes: true,
  samples: true,
  settings: { beta, gamma, rate },
  positive: ['rate'],
  terms: ['reconstruction', 'divergence', 'slowness'],
  objective: (parameters, batch, { model }) => {
    const { posterior, negativeLogLikelihood: reconstruction } = reconstructed(parameters, batch, model)
    const frames = batch.x.shape[0]
    const pairs = frames / 2
    const [first, second] = [rowsOf(posterior, 0, pairs), rowsOf(posterior, pairs, pairs)]
    const change = tf.sub(second.mean, first.mean)
    const crossEntropy = tf.add(
      laplaceCrossEntropy({ mean: change, logVariance: first.logVariance }, rate),
      laplaceCrossEntropy({ mean: change, logVariance: second.logVariance }, rate)
    )
    const width = 2 * featuresOf(batch)
    const divergence = tf.div(divergenceFromStandard(posterior), frames * width) as tf.Scalar
    const slowness = tf.sub(
      tf.div(crossEntropy, pairs * width),
      tf.div(entropy(posterior), frames * width)
    ) as tf.Scalar
    const weighted = tf.add(tf.mul(divergence, beta), tf.mul(slowness, gamma))
    const minimized = tf.add(reconstruction, weighted) as tf.Scalar
    return { minimized, outputs: { reconstruction, divergence, slowness } }
  }
})
