/** β-VAE (I. Higgins et al., β-VAE: Learning Basic Visual Concepts with a Constrained Variational Framework, ICLR 2017). */
import * as tf from '@tensorflow/tfjs-core'
import type { BaselineMethod } from '../method.js'
import { divergenceFromStandard, featuresOf, reconstructed } from './gaussian-elbo.js'

/**
 * −log p(x | z) + β KL(q(z | x) ‖ N(0, I)), per row and feature (Higgins et al. 2017, equation 4). β = 1 is the VAE
 * (D. Kingma, M. Welling 2014). Frames of sequences count as rows; actions are not used.
 *
 * Differs from the paper: a Gaussian decoder whose variance is at its optimum for each batch, where the paper has a
 * Bernoulli one, or a fixed variance. So β weighs against nats of the data.
 */
export const betaVae = ({ beta = 4 }: { readonly beta?: number } = {}): BaselineMethod => ({
  name: 'beta-VAE',
  needs: 'rows',
  decodes: true,
  samples: true,
  settings: { beta },
  terms: ['reconstruction', 'divergence'],
  objective: (parameters, batch, { model }) => {
    const { posterior, negativeLogLikelihood: reconstruction } = reconstructed(parameters, batch, model)
    const count = batch.x.shape[0] * featuresOf(batch)
    const divergence = tf.div(divergenceFromStandard(posterior), count) as tf.Scalar
    const minimized = tf.add(reconstruction, tf.mul(divergence, beta)) as tf.Scalar
    return { minimized, outputs: { reconstruction, divergence } }
  }
})
