/** iVAE (I. Khemakhem, D. Kingma, R. Monti, A. Hyvärinen, Variational Autoencoders and Nonlinear ICA, AISTATS 2020). */
import { initialBlocks, klDivergence, type NetworkSize, separateBlocks } from '@mechid/estimator'
import * as tf from '@tensorflow/tfjs-core'
import type { BaselineMethod } from '../method.js'
import { featuresOf, reconstructed } from './gaussian-elbo.js'

export interface IVaeOptions {
  /**
   * What of the prior p(z | a) depends on actions. `mean and variance`, the default, as in [MS]; `variance`: means are 0, as
   * in the authors' code.
   */
  readonly prior?: 'mean and variance' | 'variance'
  /** The prior's network. Default: two hidden layers of 128 units; [MS] has five of 512. */
  readonly network?: NetworkSize
}

/**
 * The evidence lower bound with a prior p(z | a), Gaussian and factorized over latents, whose parameters are a network of
 * the actions; the encoder q(z | x, a) sees them, too (Khemakhem et al. 2020). Static data with actions.
 *
 * Differs from the paper: KL in closed form instead of by one sample; a decoder variance at its optimum for each batch; no
 * annealing of the terms. `encodeBaseline` needs the actions, as the published scores do.
 */
export const iVae = ({
  prior = 'mean and variance',
  network = { width: 128, depth: 2 }
}: IVaeOptions = {}): BaselineMethod => ({
  name: 'iVAE',
  needs: 'actions',
  seesActions: true,
  decodes: true,
  samples: true,
  settings: { prior, network },
  terms: ['reconstruction', 'divergence'],
  initial: ({ shape: { actions, latents } }, random) =>
    initialBlocks('prior', 1, actions, network, prior === 'variance' ? latents : 2 * latents, random),
  objective: (parameters, batch, { model, products }) => {
    const { posterior, negativeLogLikelihood: reconstruction } = reconstructed(parameters, batch, model)
    const { latents } = model.shape
    const a = tf.expandDims(batch.a as tf.Tensor2D, 0) as tf.Tensor3D
    const rows = batch.x.shape[0]
    const answers = separateBlocks(products, parameters, 'prior', network, a)
    const columns = (from: number): tf.Tensor2D =>
      tf.reshape(tf.slice(answers, [0, 0, from], [1, rows, latents]), [rows, latents])
    const logVariance = columns(0)
    const mean = prior === 'variance' ? tf.zerosLike(logVariance) : columns(latents)
    const divergence = tf.div(
      klDivergence(posterior, { mean, logVariance }),
      rows * featuresOf(batch)
    ) as tf.Scalar
    const minimized = tf.add(reconstruction, divergence) as tf.Scalar
    return { minimized, outputs: { reconstruction, divergence } }
  }
})
