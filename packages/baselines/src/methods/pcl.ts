/** PCL (A. Hyvärinen, H. Morioka, Nonlinear ICA of Temporally Dependent Stationary Sources, AISTATS 2017). */
import { encode, initialBlocks, type NetworkSize, rowsOf, separateBlocks } from '@mechid/estimator'
import * as tf from '@tensorflow/tfjs-core'
import type { BaselineMethod } from '../method.js'

export interface PclOptions {
  /** One network a latent, of its values in both frames. Default: two hidden layers of 32 units; [MS] has five of 512. */
  readonly network?: NetworkSize
  /** Permuted pairs that are drawn for each real one. Default 8, where the paper has 1. Only the noise of a step depends on it. */
  readonly permutations?: number
  /**
   * ν: how many permuted pairs the loss counts for each real one, however many are drawn. Default 64; in the paper 1. The best r is
   * the same for every ν, and estimates of it are the more exact the greater ν is (M. Gutmann, A. Hyvärinen, JMLR 13, 2012). At 1,
   * pairs of ten latents are told apart long before the latents are, and then teach nothing.
   */
  readonly noiseRatio?: number
}

/** The rows `by` further down; the last ones come first. */
const rotated = (x: tf.Tensor2D, by: number): tf.Tensor2D => {
  const [rows, columns] = x.shape
  const last = tf.slice(x, [rows - by, 0], [by, columns])
  return tf.concat([last, tf.slice(x, [0, 0], [rows - by, columns])], 0) as tf.Tensor2D
}

/** [B, d] of either frame ↦ [d, B, 2]. */
const paired = (now: tf.Tensor2D, before: tf.Tensor2D): tf.Tensor3D =>
  tf.stack([tf.transpose(now), tf.transpose(before)], 2) as tf.Tensor3D

/**
 * Permutation-contrastive learning: tells pairs of consecutive frames from pairs with a first frame of another example, by
 * logistic regression on r = Σ_i B_i(h_i(x_t), h_i(x_{t−1})), where h is the encoder (Hyvärinen & Morioka 2017, section 3).
 * Each B_i is a network, as in [MS]. No decoder; actions are not used. The loss is in nats for a real pair and ν permuted ones.
 *
 * Differs from the paper: networks B_i instead of those of one family of sources; LeakyReLU instead of maxout. Frames of
 * other examples are those of the rows before in the shuffled batch, so none is its own; several are drawn for each pair, and
 * the loss counts them ν times.
 */
export const pcl = ({
  network = { width: 32, depth: 2 },
  permutations = 8,
  noiseRatio = 64
}: PclOptions = {}): BaselineMethod => ({
  name: 'PCL',
  needs: 'frames',
  decodes: false,
  samples: false,
  leastBatch: permutations + 1,
  settings: { network, permutations, noiseRatio },
  positive: ['permutations', 'noiseRatio'],
  terms: ['accuracy'],
  initial: ({ shape: { latents } }, random) => initialBlocks('pairs', latents, 2, network, 1, random),
  objective: (parameters, { x }, { model: { shape, configuration }, products }) => {
    const posterior = encode(parameters, shape, configuration, x)
    const pairs = x.shape[0] / 2
    const before = rowsOf(posterior, 0, pairs).mean as tf.Tensor2D
    const now = rowsOf(posterior, pairs, pairs).mean as tf.Tensor2D
    const ratio = (first: tf.Tensor2D, second: tf.Tensor2D): tf.Tensor =>
      tf.sum(separateBlocks(products, parameters, 'pairs', network, paired(second, first)), 0)
    const others = Array.from({ length: permutations }, (_, k) => rotated(before, k + 1))
    const real = ratio(before, now)
    const permuted = ratio(
      tf.concat(others, 0) as tf.Tensor2D,
      tf.concat(
        others.map(() => now),
        0
      ) as tf.Tensor2D
    )
    const shift = Math.log(noiseRatio)
    const missed = tf.mean(tf.softplus(tf.sub(shift, real)))
    const mistaken = tf.mul(tf.mean(tf.softplus(tf.sub(permuted, shift))), noiseRatio)
    const right = tf.add(tf.mean(tf.step(real)), tf.mean(tf.step(tf.neg(permuted))))
    return {
      minimized: tf.add(missed, mistaken) as tf.Scalar,
      outputs: { accuracy: tf.mul(right, 0.5) as tf.Scalar }
    }
  }
})
