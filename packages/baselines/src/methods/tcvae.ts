/** β-TCVAE (R. Chen, X. Li, R. Grosse, D. Duvenaud, Isolating Sources of Disentanglement in VAEs, NeurIPS 2018). */
import * as tf from '@tensorflow/tfjs-core'
import type { BaselineMethod } from '../method.js'
import { type AggregateSampling, aggregateDensity } from './aggregate-posterior.js'
import { divergenceFromStandard, featuresOf, reconstructed } from './gaussian-elbo.js'

export interface TcVaeOptions {
  /** Weight of the total correlation; 1 gives the VAE. Default 2: [MS] averages over .25 to 5. */
  readonly beta?: number
  /** How a batch stands for the data. Default `weighted`, as in [MS]. */
  readonly sampling?: AggregateSampling
}

/**
 * The evidence lower bound with its total correlation, KL(q(z) ‖ Π q(z_k)), weighted by β (Chen et al. 2018, equation 4),
 * per row and feature. q(z) is estimated from the batch, with N the number of examples. Frames of sequences count as rows;
 * actions are not used.
 *
 * Differs from the paper: a Gaussian decoder whose variance is at its optimum for each batch; the bound itself has the KL in
 * closed form, and the other (β − 1) of the total correlation is added to it. The expectation is the same.
 */
export const tcVae = ({ beta = 2, sampling = 'weighted' }: TcVaeOptions = {}): BaselineMethod => ({
  name: 'beta-TCVAE',
  needs: 'rows',
  decodes: true,
  samples: true,
  settings: { beta, sampling },
  terms: ['reconstruction', 'divergence', 'totalCorrelation'],
  objective: (parameters, batch, { model, examples }) => {
    const { posterior, z, negativeLogLikelihood: reconstruction } = reconstructed(parameters, batch, model)
    const count = batch.x.shape[0] * featuresOf(batch)
    const frames = examples * (model.shape.temporal ? 2 : 1)
    const { joint, marginals } = aggregateDensity(z, posterior, sampling, frames)
    const divergence = tf.div(divergenceFromStandard(posterior), count) as tf.Scalar
    const totalCorrelation = tf.div(tf.sub(joint, marginals), count) as tf.Scalar
    const minimized = tf.addN([reconstruction, divergence, tf.mul(totalCorrelation, beta - 1)]) as tf.Scalar
    return { minimized, outputs: { reconstruction, divergence, totalCorrelation } }
  }
})
