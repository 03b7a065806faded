/** Convolutional networks between frames and vectors: each layer halves, or doubles, height and width. */
import type { Generator } from '@mechid/random'
import * as tf from '@tensorflow/tfjs-core'
import { doubling, halving, halvingOfData } from './convolution.js'
import type { HostTensor, NamedTensors } from './engine.js'
import { zeros } from './host-tensors.js'
import { fillOrthogonal } from './initial-weights.js'
import { HIDDEN_GAIN, leakyRelu } from './layers.js'

/**
 * Frames, held flat as features: row by row from the top, channels last. `filters`: those of each layer; every
 * layer halves height and width, which must allow it.
 */
export interface FrameNetworks {
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly filters: ReadonlyArray<number>
}

/** Features of one frame. */
export const frameSize = ({ height, width, channels }: FrameNetworks): number => height * width * channels

/** Features of the smallest picture, after the last layer. */
export const codeSize = ({ height, width, filters }: FrameNetworks): number =>
  (height * width * filters[filters.length - 1]) / 4 ** filters.length

const WINDOW = 16

/** [4, 4, c, k], orthogonal as a matrix from the window to its filters. */
const initialFilter = (c: number, k: number, gain: number, random: Generator): HostTensor => {
  const data = new Float32Array(WINDOW * c * k)
  fillOrthogonal(data, 0, WINDOW * c, k, gain, random)
  return { data, shape: [4, 4, c, k] }
}

/** Channels before and after each halving. */
const channelPairs = (inputs: number, filters: ReadonlyArray<number>): [number, number][] =>
  filters.map((after, layer) => [layer === 0 ? inputs : filters[layer - 1], after])

/** Parameters `encoder/k0, encoder/c0, …` (filters, biases) that see `views` frames, and `decoder/k0, …` of one frame. */
export const initialFrameNetworks = (
  { channels, filters }: FrameNetworks,
  views: number,
  random: Generator
): Record<string, HostTensor> => {
  const parameters: Record<string, HostTensor> = {}
  const fill = (name: string, inputs: number): void => {
    channelPairs(inputs, filters).forEach(([before, after], layer) => {
      const gain = name === 'decoder' && layer === 0 ? 1 : HIDDEN_GAIN
      parameters[`${name}/k${layer}`] = initialFilter(before, after, gain, random.split(name).split(layer))
      parameters[`${name}/c${layer}`] = zeros(name === 'decoder' ? before : after)
    })
  }
  fill('encoder', channels * views)
  fill('decoder', channels)
  return parameters
}

const filterOf = (parameters: NamedTensors, name: string, layer: number): [tf.Tensor4D, tf.Tensor1D] => [
  parameters[`${name}/k${layer}`] as tf.Tensor4D,
  parameters[`${name}/c${layer}`] as tf.Tensor1D
]

/** Frames side by side as channels: [B, views · frame] ↦ [B, height, width, views · channels]. */
const stacked = (x: tf.Tensor2D, { height, width, channels }: FrameNetworks, views: number): tf.Tensor4D => {
  const rows = x.shape[0]
  if (views === 1) return tf.reshape(x, [rows, height, width, channels])
  const apart = tf.reshape(x, [rows, views, height * width, channels])
  return tf.reshape(tf.transpose(apart, [0, 2, 1, 3]), [rows, height, width, views * channels])
}

/** Observations [B, views · frame] ↦ their code, [B, codeSize]. */
export const encodeFrames = (
  parameters: NamedTensors,
  networks: FrameNetworks,
  views: number,
  x: tf.Tensor2D
): tf.Tensor2D => {
  let h = stacked(x, networks, views)
  networks.filters.forEach((_, layer) => {
    h = leakyRelu((layer === 0 ? halvingOfData : halving)(h, ...filterOf(parameters, 'encoder', layer)))
  })
  return tf.reshape(h, [x.shape[0], codeSize(networks)])
}

/** A code [B, codeSize] ↦ frames, [B, frame]. */
export const decodeFrames = (
  parameters: NamedTensors,
  networks: FrameNetworks,
  code: tf.Tensor2D
): tf.Tensor2D => {
  const { height, width, filters } = networks
  const shrink = 2 ** filters.length
  const last = filters[filters.length - 1]
  const small = tf.reshape(code, [code.shape[0], height / shrink, width / shrink, last]) as tf.Tensor4D
  let h = leakyRelu(small)
  for (let layer = filters.length - 1; layer >= 0; layer--) {
    const larger = doubling(h, ...filterOf(parameters, 'decoder', layer))
    h = layer === 0 ? larger : leakyRelu(larger)
  }
  return tf.reshape(h, [code.shape[0], frameSize(networks)])
}
