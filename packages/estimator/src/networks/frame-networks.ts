/** Convolutional networks between frames and vectors: each layer halves, or doubles, height and width. */
import type { HostTensor, NamedTensors } from '@mechid/engine'
import type { Generator } from '@mechid/random'
import * as tf from '@tensorflow/tfjs-core'
import { zeros } from '../tensors/host-tensors.js'
import { doubling, halving, halvingOfData } from './internal/convolution.js'
import { fillOrthogonal } from './internal/initial-weights.js'
import { HIDDEN_GAIN, leakyRelu } from './layers.js'
import { initialPerceptron, perceptron } from './perceptrons.js'

/**
 * Frames, held flat as features: row by row from the top, channels last. `filters`: how many each layer has. Every layer
 * halves height and width, which must be divisible that often.
 */
export interface FrameNetworks {
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly filters: ReadonlyArray<number>
  /**
   * Every view of an observation passes the same filters and becomes `size` numbers. The encoder sees those of the last
   * view, and `rate` times their changes from view to view. So positions are read off alike in each view; with a `rate` of
   * about the frames in a unit of time, changes are as large as velocities. Absent: views enter the first filters side by
   * side, as channels.
   */
  readonly viewCode?: { readonly size: number; readonly rate: number }
}

/** Features of one frame. */
export const frameSize = ({ height, width, channels }: FrameNetworks): number => height * width * channels

/** Features of the smallest picture, after the last layer. */
export const codeSize = ({ height, width, filters }: FrameNetworks): number =>
  (height * width * filters[filters.length - 1]) / 4 ** filters.length

const WINDOW = 16

/** Numbers that the encoder's perceptron sees of an observation. */
export const beheldSize = (networks: FrameNetworks, views: number): number =>
  networks.viewCode === undefined ? codeSize(networks) : networks.viewCode.size * views

/** [4, 4, c, k], orthogonal as a matrix from the window to its filters. */
const initialFilter = (c: number, k: number, gain: number, random: Generator): HostTensor => {
  const data = new Float32Array(WINDOW * c * k)
  fillOrthogonal(data, 0, WINDOW * c, k, gain, random)
  return { data, shape: [4, 4, c, k] }
}

/** Channels before and after each halving. */
const channelPairs = (inputs: number, filters: ReadonlyArray<number>): [number, number][] =>
  filters.map((after, layer) => [layer === 0 ? inputs : filters[layer - 1], after])

/** A view's code is linear in what its filters give. */
const VIEW = 'encoder/view'
const LINEAR = { width: 1, depth: 0 }

/**
 * Parameters `encoder/k0, encoder/c0, …` (filters, biases) that see `views` frames, `decoder/k0, …` of one frame, and
 * `encoder/view/…` from filters to a view's code.
 */
export const initialFrameNetworks = (
  networks: FrameNetworks,
  views: number,
  random: Generator
): Record<string, HostTensor> => {
  const { channels, filters, viewCode } = networks
  const parameters: Record<string, HostTensor> = {}
  const fill = (name: string, inputs: number): void => {
    channelPairs(inputs, filters).forEach(([before, after], layer) => {
      const gain = name === 'decoder' && layer === 0 ? 1 : HIDDEN_GAIN
      parameters[`${name}/k${layer}`] = initialFilter(before, after, gain, random.split(name).split(layer))
      parameters[`${name}/c${layer}`] = zeros(name === 'decoder' ? before : after)
    })
  }
  fill('encoder', viewCode === undefined ? channels * views : channels)
  fill('decoder', channels)
  if (viewCode === undefined) return parameters
  const view = initialPerceptron(VIEW, codeSize(networks), LINEAR, viewCode.size, random.split('view'))
  return { ...parameters, ...view }
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

const filtered = (parameters: NamedTensors, networks: FrameNetworks, x: tf.Tensor4D): tf.Tensor2D => {
  let h = x
  networks.filters.forEach((_, layer) => {
    h = leakyRelu((layer === 0 ? halvingOfData : halving)(h, ...filterOf(parameters, 'encoder', layer)))
  })
  return tf.reshape(h, [x.shape[0], codeSize(networks)])
}

/** Codes of views [B, views · k] ↦ `rate` times what each view adds to the one before it, then the last view's. */
const changesAndLast = (codes: tf.Tensor2D, views: number, rate: number): tf.Tensor2D => {
  if (views === 1) return codes
  const [rows, columns] = codes.shape
  const size = columns / views
  const but = (from: number): tf.Tensor => tf.slice(codes, [0, from], [rows, columns - size])
  const last = tf.slice(codes, [0, columns - size], [rows, size])
  return tf.concat([tf.mul(tf.sub(but(size), but(0)), rate), last], 1) as tf.Tensor2D
}

/** Observations [B, views · frame] ↦ what the encoder's perceptron sees of them, [B, beheldSize]. */
export const encodeFrames = (
  parameters: NamedTensors,
  networks: FrameNetworks,
  views: number,
  x: tf.Tensor2D
): tf.Tensor2D => {
  const { height, width, channels, viewCode } = networks
  if (viewCode === undefined) return filtered(parameters, networks, stacked(x, networks, views))
  const frames = tf.reshape(x, [x.shape[0] * views, height, width, channels]) as tf.Tensor4D
  const codes = perceptron(parameters, VIEW, LINEAR, filtered(parameters, networks, frames))
  return changesAndLast(
    tf.reshape(codes, [x.shape[0], views * viewCode.size]) as tf.Tensor2D,
    views,
    viewCode.rate
  )
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
