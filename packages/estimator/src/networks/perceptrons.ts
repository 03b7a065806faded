/** Multilayer perceptrons, alone and in blocks of independent ones. */
import type { HostTensor, NamedTensors } from '@mechid/engine'
import type { Generator } from '@mechid/random'
import * as tf from '@tensorflow/tfjs-core'
import { zeros } from '../tensors/host-tensors.js'
import { fillOrthogonal } from './internal/initial-weights.js'
import { blockLinear, dense, HIDDEN_GAIN, leakyRelu, sharedBlockLinear } from './layers.js'
import type { Products } from './products.js'

/** Size of a perceptron: `depth` hidden layers of `width` units. */
export interface NetworkSize {
  readonly width: number
  readonly depth: number
  /** Of hidden layers of encoders and decoders; LeakyReLU(0.2) by default. */
  readonly activation?: 'leaky' | 'swish'
}

const widths = (inputs: number, size: NetworkSize, outputs: number): number[] => [
  inputs,
  ...new Array<number>(size.depth).fill(size.width),
  outputs
]

const weightMatrices = (
  blocks: number,
  rows: number,
  columns: number,
  gain: number,
  random: Generator
): Float32Array => {
  const data = new Float32Array(blocks * rows * columns)
  for (let b = 0; b < blocks; b++) {
    fillOrthogonal(data, b * rows * columns, rows, columns, gain, random.split(b))
  }
  return data
}

/** Parameters `name/w0, name/b0, …` of one perceptron: orthogonal weights, biases zero. */
export const initialPerceptron = (
  name: string,
  inputs: number,
  size: NetworkSize,
  outputs: number,
  random: Generator
): Record<string, HostTensor> => {
  const sizes = widths(inputs, size, outputs)
  const parameters: Record<string, HostTensor> = {}
  for (let layer = 0; layer + 1 < sizes.length; layer++) {
    const gain = layer < size.depth ? HIDDEN_GAIN : 1
    const [rows, columns] = [sizes[layer], sizes[layer + 1]]
    parameters[`${name}/w${layer}`] = {
      data: weightMatrices(1, rows, columns, gain, random.split(layer)),
      shape: [rows, columns]
    }
    parameters[`${name}/b${layer}`] = zeros(columns)
  }
  return parameters
}

/** `x` [B, inputs] ↦ [B, outputs]. */
export const perceptron = (
  parameters: NamedTensors,
  name: string,
  size: NetworkSize,
  x: tf.Tensor2D
): tf.Tensor2D => {
  let h = x
  for (let layer = 0; layer <= size.depth; layer++) {
    const weight = parameters[`${name}/w${layer}`] as tf.Tensor2D
    const bias = parameters[`${name}/b${layer}`] as tf.Tensor1D
    h = dense(h, weight, bias, layer < size.depth ? (size.activation ?? 'leaky') : 'linear')
  }
  return h
}

/** Kinks of the first layer's units lie within this many standard deviations of their inputs. */
const KINK_RANGE = 2
/** Last layers start small, so that a network's first outputs are near zero. */
const LAST_GAIN = 0.1

/**
 * Parameters of `blocks` perceptrons of one size (at least one hidden layer) that see the same inputs: weights
 * [blocks, n, m], biases [blocks, 1, m].
 *
 * Inputs are few, and the mean must bend within their range: units of the first layer therefore have incoming
 * weights of norm `gain` and kinks spread over the range of the inputs. With all kinks at the origin, as zero
 * biases put them, a sine takes many times more steps to learn.
 */
export const initialBlocks = (
  name: string,
  blocks: number,
  inputs: number,
  size: NetworkSize,
  outputs: number,
  random: Generator
): Record<string, HostTensor> => {
  const sizes = widths(inputs, size, outputs)
  const parameters: Record<string, HostTensor> = {}
  for (let layer = 0; layer + 1 < sizes.length; layer++) {
    const [rows, columns] = [sizes[layer], sizes[layer + 1]]
    const norm = layer === 0 ? Math.sqrt(Math.max(1, columns / rows)) : 1
    const gain = layer < size.depth ? HIDDEN_GAIN * norm : LAST_GAIN
    const stream = random.split(layer)
    parameters[`${name}/w${layer}`] = {
      data: weightMatrices(blocks, rows, columns, gain, stream),
      shape: [blocks, rows, columns]
    }
    const bias = new Float32Array(blocks * columns)
    if (layer === 0) {
      stream.split('bias').fillUniform(bias)
      for (let i = 0; i < bias.length; i++) bias[i] = KINK_RANGE * HIDDEN_GAIN * (2 * bias[i] - 1)
    }
    parameters[`${name}/b${layer}`] = { data: bias, shape: [blocks, 1, columns] }
  }
  return parameters
}

/** [d, n, m] ↦ [n, d·m]: the weights of `d` layers that share their input, side by side. */
const sideBySide = (weight: tf.Tensor): tf.Tensor2D => {
  const [blocks, rows, columns] = weight.shape
  return tf.reshape(tf.transpose(weight, [1, 0, 2]), [rows, blocks * columns])
}

/** [d, m, o] ↦ [d·m, d·o], zero off the diagonal blocks: the last layers as one product. */
const blockDiagonal = (weight: tf.Tensor): tf.Tensor2D => {
  const [blocks, rows, columns] = weight.shape
  const diagonal = tf.reshape(tf.eye(blocks), [blocks, 1, blocks, 1])
  const spread = tf.mul(tf.reshape(weight, [blocks, rows, 1, columns]), diagonal)
  return tf.reshape(spread, [blocks * rows, blocks * columns])
}

const flat = (bias: tf.Tensor): tf.Tensor1D => tf.reshape(bias, [bias.size])

/**
 * `x` [B, inputs] ↦ [blocks, B, outputs]. `firstWeight` [blocks, inputs, width] replaces the first layer's
 * weights (masked ones).
 */
export const blockPerceptron = (
  products: Products,
  parameters: NamedTensors,
  name: string,
  size: NetworkSize,
  x: tf.Tensor2D,
  firstWeight: tf.Tensor3D
): tf.Tensor3D => {
  if (!products.sideBySide) {
    const bias = parameters[`${name}/b0`] as tf.Tensor3D
    return afterFirst(products, parameters, name, size, leakyRelu(sharedBlockLinear(x, firstWeight, bias)))
  }
  const rows = x.shape[0]
  const [blocks, , width] = firstWeight.shape
  const h = dense(x, sideBySide(firstWeight), flat(parameters[`${name}/b0`]), 'leaky')
  if (size.depth === 1) return lastLayer(parameters, name, size, h, blocks)
  const hidden = tf.transpose(tf.reshape(h, [rows, blocks, width]), [1, 0, 2]) as tf.Tensor3D
  return afterFirst(products, parameters, name, size, hidden)
}

/** As `blockPerceptron`, where every block sees inputs of its own: `x` [blocks, B, inputs]. */
export const separateBlocks = (
  products: Products,
  parameters: NamedTensors,
  name: string,
  size: NetworkSize,
  x: tf.Tensor3D
): tf.Tensor3D => {
  const [weight, bias] = [parameters[`${name}/w0`], parameters[`${name}/b0`]]
  const hidden = leakyRelu(blockLinear(products, x, weight as tf.Tensor3D, bias as tf.Tensor3D))
  return afterFirst(products, parameters, name, size, hidden)
}

/** The layers after the first: [blocks, B, width] ↦ [blocks, B, outputs]. */
const afterFirst = (
  products: Products,
  parameters: NamedTensors,
  name: string,
  size: NetworkSize,
  first: tf.Tensor3D
): tf.Tensor3D => {
  const linear = (x: tf.Tensor3D, layer: number): tf.Tensor3D => {
    const [weight, bias] = [parameters[`${name}/w${layer}`], parameters[`${name}/b${layer}`]]
    return blockLinear(products, x, weight as tf.Tensor3D, bias as tf.Tensor3D)
  }
  let hidden = first
  for (let layer = 1; layer < size.depth; layer++) hidden = leakyRelu(linear(hidden, layer))
  if (!products.sideBySide) return linear(hidden, size.depth)
  const [blocks, rows, width] = hidden.shape
  const h = tf.reshape(tf.transpose(hidden, [1, 0, 2]), [rows, blocks * width]) as tf.Tensor2D
  return lastLayer(parameters, name, size, h, blocks)
}

/** The last layers of all blocks as one matrix product: [B, blocks · width] ↦ [blocks, B, outputs]. */
const lastLayer = (
  parameters: NamedTensors,
  name: string,
  size: NetworkSize,
  h: tf.Tensor2D,
  blocks: number
): tf.Tensor3D => {
  const last = parameters[`${name}/w${size.depth}`]
  const y = dense(h, blockDiagonal(last), flat(parameters[`${name}/b${size.depth}`]), 'linear')
  return tf.transpose(tf.reshape(y, [h.shape[0], blocks, last.shape[2] as number]), [1, 0, 2])
}
