/** Densities of the aggregate posterior q(z) and of its marginals, estimated from one batch (R. Chen et al. 2018). */
import type { DiagonalGaussian } from '@mechid/estimator'
import * as tf from '@tensorflow/tfjs-core'
import { logNormal } from './gaussian-elbo.js'
import { logSumExpLast } from './log-sum-exp.js'

/**
 * How rows of a batch of M stand for a data set of N. `weighted`: each counts 1/(N M), biased (Chen et al. 2018,
 * section 3.1); `stratified`: the row itself 1/N, one other (N − M + 1)/(N (M − 1)), the rest 1/(M − 1) (appendix C).
 */
export type AggregateSampling = 'weighted' | 'stratified'

/** log of the weight of row j in the density at row i, [M, M] as rows. */
export const logWeights = (sampling: AggregateSampling, rows: number, examples: number): Float32Array => {
  const out = new Float32Array(rows * rows)
  if (sampling === 'weighted' || rows < 2) return out.fill(-Math.log(rows * examples))
  const others = rows - 1
  out.fill(-Math.log(others))
  const stratified = Math.log((examples - others) / (examples * others))
  for (let i = 0; i < rows; i++) {
    out[i * rows + i] = -Math.log(examples)
    out[i * rows + ((i + 1) % rows)] = stratified
  }
  return out
}

/** log q(z) and Σ_k log q(z_k), summed over the rows of a batch. */
export interface AggregateDensity {
  readonly joint: tf.Scalar
  readonly marginals: tf.Scalar
}

/** [M, d] ↦ [d, M, 1] or [d, 1, M]. */
const byLatent = (x: tf.Tensor, axis: 1 | 2): tf.Tensor => tf.expandDims(tf.transpose(x), axis)

/** Of latents `z` [M, d], drawn from `posterior`, in a data set of `examples` rows. */
export const aggregateDensity = (
  z: tf.Tensor2D,
  { mean, logVariance }: DiagonalGaussian,
  sampling: AggregateSampling,
  examples: number
): AggregateDensity => {
  const rows = z.shape[0]
  const everyPair = logNormal(byLatent(z, 2), {
    mean: byLatent(mean, 1),
    logVariance: byLatent(logVariance, 1)
  })
  const weights = tf.tensor2d(logWeights(sampling, rows, examples), [rows, rows])
  const joint = tf.sum(logSumExpLast(tf.add(tf.sum(everyPair, 0), weights))) as tf.Scalar
  const marginals = tf.sum(logSumExpLast(tf.add(everyPair, weights))) as tf.Scalar
  return { joint, marginals }
}
