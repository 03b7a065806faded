/**
 * A transition's mean as a sum of one function an input, each a line and a Fourier series: the additive class
 * μ_i(u) = b_i + Σ_j M_ij (a_ij v_j + Σ_k s_ijk sin ω_k v_j + c_ijk cos ω_k v_j), v_j = (u_j − centre_j) / unit_j. Sines of several periods, which a
 * perceptron learns slowly, cost it two numbers each, and it is what a fit in closed form gives.
 */
import type { HostTensor, NamedTensors } from '@mechid/engine'
import * as tf from '@tensorflow/tfjs-core'
import { dense } from '../networks/layers.js'
import { filled, zeros } from '../tensors/host-tensors.js'

/** Terms of one input's function: the input itself, then sines, then cosines. */
export const seriesTerms = (frequencies: readonly number[]): number => 1 + 2 * frequencies.length

/**
 * `transition/series` [latents, inputs, terms] and `transition/offset` [latents], zero at the start; and, not trained, the
 * units that inputs are read in, `transition/centre` and `transition/unit` [inputs].
 */
export const initialSeries = (
  latents: number,
  inputs: number,
  frequencies: readonly number[]
): Record<string, HostTensor> => ({
  'transition/series': zeros(latents, inputs, seriesTerms(frequencies)),
  'transition/offset': zeros(latents),
  'transition/centre': zeros(inputs),
  'transition/unit': filled(1, inputs)
})

/** Whether a parameter only says how inputs are read. */
export const isUnit = (name: string): boolean => name === 'transition/centre' || name === 'transition/unit'

/** `u` [B, inputs] ↦ the terms of every input, [B, inputs, terms]. */
const termsOf = (parameters: NamedTensors, u: tf.Tensor2D, frequencies: readonly number[]): tf.Tensor3D => {
  const read = tf.div(tf.sub(u, parameters['transition/centre']), parameters['transition/unit'])
  const lines = tf.expandDims(read, 2)
  const angles = tf.mul(lines, tf.reshape(tf.tensor1d([...frequencies], 'float32'), [1, 1, -1]))
  return tf.concat([lines, tf.sin(angles), tf.cos(angles)], 2) as tf.Tensor3D
}

/** `u` [B, inputs] under `gates` [latents, inputs] ↦ means, [latents, B, 1]. */
export const seriesMeans = (
  parameters: NamedTensors,
  frequencies: readonly number[],
  u: tf.Tensor2D,
  gates: tf.Tensor
): tf.Tensor3D => {
  const [latents, inputs, terms] = parameters['transition/series'].shape
  const masked = tf.mul(parameters['transition/series'], tf.expandDims(gates, 2))
  const weight = tf.transpose(tf.reshape(masked, [latents, inputs * terms])) as tf.Tensor2D
  const flat = tf.reshape(termsOf(parameters, u, frequencies), [u.shape[0], inputs * terms]) as tf.Tensor2D
  const means = dense(flat, weight, parameters['transition/offset'] as tf.Tensor1D, 'linear')
  return tf.expandDims(tf.transpose(means), 2)
}

/** `u` [B, inputs] under several masks a latent, [latents, masks, inputs] ↦ means, [latents, masks, B]. */
export const seriesUnderMasks = (
  parameters: NamedTensors,
  frequencies: readonly number[],
  u: tf.Tensor2D,
  masks: tf.Tensor3D
): tf.Tensor3D => {
  const series = parameters['transition/series']
  const terms = tf.expandDims(termsOf(parameters, u, frequencies), 0)
  const contributions = tf.sum(tf.mul(terms, tf.expandDims(series, 1)), 3) as tf.Tensor3D
  const sums = tf.matMul(masks, tf.transpose(contributions, [0, 2, 1])) as tf.Tensor3D
  return tf.add(sums, tf.reshape(parameters['transition/offset'], [-1, 1, 1]))
}
