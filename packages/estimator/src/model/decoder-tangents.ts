/** A decoder's value and Jacobian at given latents, in forward mode: a tangent for each latent goes through the network. */
import type { NamedTensors } from '@mechid/engine'
import * as tf from '@tensorflow/tfjs-core'
import { decodeFramesWithTangents, type WithTangents } from '../networks/frame-networks.js'
import { LEAK } from '../networks/layers.js'
import type { CoderConfiguration } from './autoencoder.js'

/** What a decoder gives for rows of latents, and how that changes with them. */
export interface LinearizedDecoder {
  /** [B, features of one frame] */
  readonly value: tf.Tensor2D
  /** ∂x_f / ∂z_i at [row, i, f]: [B, d, features of one frame]. */
  readonly jacobian: tf.Tensor3D
}

/** The perceptron's value and its tangents, a row's d tangents one after the other: [rows · d, width]. */
const perceptronWithTangents = (
  parameters: NamedTensors,
  { depth, activation = 'leaky' }: CoderConfiguration['decoder'],
  z: tf.Tensor2D
): WithTangents => {
  const [rows, d] = z.shape
  let value: tf.Tensor2D = z
  let tangents: tf.Tensor2D | undefined
  for (let layer = 0; layer <= depth; layer++) {
    const weight = parameters[`decoder/w${layer}`] as tf.Tensor2D
    const sum = tf.add(tf.matMul(value, weight), parameters[`decoder/b${layer}`]) as tf.Tensor2D
    const width = weight.shape[1]
    // The first tangents are the weights, the same for every row.
    const pushed =
      tangents === undefined
        ? (tf.expandDims(weight, 0) as tf.Tensor3D)
        : tf.reshape(tf.matMul(tangents, weight), [rows, d, width])
    if (layer === depth) {
      value = sum
      const all = pushed.shape[0] === rows ? pushed : tf.tile(pushed, [rows, 1, 1])
      tangents = tf.reshape(all, [rows * d, width]) as tf.Tensor2D
      break
    }
    const gate = activation === 'leaky' ? tf.step(sum, LEAK) : tf.sigmoid(sum)
    value = tf.mul(sum, gate) as tf.Tensor2D
    const slope = activation === 'leaky' ? gate : tf.add(value, tf.mul(gate, tf.sub(1, value)))
    const spread = tf.mul(pushed, tf.expandDims(slope, 1))
    tangents = tf.reshape(spread, [rows * d, width]) as tf.Tensor2D
  }
  return { value, tangents: tangents as tf.Tensor2D }
}

/** The decoder at latents `z` [B, d]. */
export const linearizedAt = (
  parameters: NamedTensors,
  { decoder, frames }: Pick<CoderConfiguration, 'decoder' | 'frames'>,
  z: tf.Tensor2D
): LinearizedDecoder => {
  const code = perceptronWithTangents(parameters, decoder, z)
  const { value, tangents } = frames === undefined ? code : decodeFramesWithTangents(parameters, frames, code)
  const [rows, d] = z.shape
  return { value, jacobian: tf.reshape(tangents, [rows, d, value.shape[1]]) }
}
