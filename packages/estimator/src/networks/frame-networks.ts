/** Convolutional networks between frames and vectors: each layer halves, or doubles, height and width. */
import type { HostTensor, NamedTensors } from '@mechid/engine'
import type { Generator } from '@mechid/random'
import * as tf from '@tensorflow/tfjs-core'
import { zeros } from '../tensors/host-tensors.js'
import { doubled, doubling, halving, halvingOfData } from './internal/convolution.js'
import { fillOrthogonal } from './internal/initial-weights.js'
import { HIDDEN_GAIN, LEAK, leakyRelu } from './layers.js'
import { initialPerceptron, perceptron } from './perceptrons.js'

/** Pixels, and numbers of each. */
export interface FrameSize {
  readonly height: number
  readonly width: number
  readonly channels: number
}

/**
 * Frames, held flat as features: row by row from the top, channels last. `filters`: how many each layer has. Every layer
 * halves height and width, rounded up: frames that cannot be halved so often get a rim of zeros, which is cut off again
 * where they are decoded.
 */
export interface FrameNetworks extends FrameSize {
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
export const frameSize = ({ height, width, channels }: FrameSize): number => height * width * channels

/** Height and width of the smallest picture, after the last layer. */
const smallest = ({ height, width, filters }: FrameNetworks): readonly [number, number] => [
  Math.ceil(height / 2 ** filters.length),
  Math.ceil(width / 2 ** filters.length)
]

/** Features of the smallest picture. */
export const codeSize = (networks: FrameNetworks): number => {
  const [height, width] = smallest(networks)
  return height * width * networks.filters[networks.filters.length - 1]
}

/** Sides of the smallest picture by default, at least. */
const SMALLEST_SIDE = 4
const FIRST_FILTERS = 8
const MOST_FILTERS = 64

/**
 * Networks for frames of a size: as many layers as bring the shorter side nearest to four pixels (in octaves), one at
 * least; 8 filters in the first, twice as many in each next one, 64 at most.
 *
 * @example
 * frameNetworks({ height: 84, width: 84, channels: 3 }).filters // [8, 16, 32, 64]
 */
export const frameNetworks = (size: FrameSize): FrameNetworks => {
  const { height, width, channels } = size
  const layers = Math.max(1, Math.round(Math.log2(Math.min(height, width) / SMALLEST_SIDE)))
  const filters = Array.from({ length: layers }, (_, layer) =>
    Math.min(MOST_FILTERS, FIRST_FILTERS * 2 ** layer)
  )
  return { height, width, channels, filters }
}

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

/** Rows and columns of zeros around frames until every layer can halve them: [before, after] of each axis. */
const rimOf = (networks: FrameNetworks): [number, number][] => {
  const [rows, columns] = smallest(networks)
  const around = (side: number, needed: number): [number, number] => {
    const missing = needed * 2 ** networks.filters.length - side
    return [Math.floor(missing / 2), Math.ceil(missing / 2)]
  }
  return [[0, 0], around(networks.height, rows), around(networks.width, columns), [0, 0]]
}

const hasRim = (rim: ReadonlyArray<readonly [number, number]>): boolean =>
  rim.some(([before, after]) => before + after > 0)

const withRim = (x: tf.Tensor4D, networks: FrameNetworks): tf.Tensor4D => {
  const rim = rimOf(networks)
  return hasRim(rim) ? (tf.pad(x, rim) as tf.Tensor4D) : x
}

const withoutRim = (x: tf.Tensor4D, networks: FrameNetworks): tf.Tensor4D => {
  const rim = rimOf(networks)
  if (!hasRim(rim)) return x
  const { height, width } = networks
  const [batch, , , channels] = x.shape
  return tf.slice(x, [0, rim[1][0], rim[2][0], 0], [batch, height, width, channels])
}

const filtered = (parameters: NamedTensors, networks: FrameNetworks, x: tf.Tensor4D): tf.Tensor2D => {
  let h = withRim(x, networks)
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

/** A code [B, codeSize] as the smallest picture. */
const pictured = (code: tf.Tensor2D, networks: FrameNetworks): tf.Tensor4D => {
  const { filters } = networks
  return tf.reshape(code, [code.shape[0], ...smallest(networks), filters[filters.length - 1]])
}

const flat = (x: tf.Tensor4D, networks: FrameNetworks): tf.Tensor2D =>
  tf.reshape(withoutRim(x, networks), [x.shape[0], frameSize(networks)])

/** A code [B, codeSize] ↦ frames, [B, frame]. */
export const decodeFrames = (
  parameters: NamedTensors,
  networks: FrameNetworks,
  code: tf.Tensor2D
): tf.Tensor2D => {
  let h = pictured(code, networks)
  for (let layer = networks.filters.length - 1; layer >= 0; layer--) {
    h = doubling(leakyRelu(h), ...filterOf(parameters, 'decoder', layer))
  }
  return flat(h, networks)
}

/** A function's value, and how it moves with each of d numbers: rows of tangents, a row's d one after the other. */
export interface WithTangents {
  /** [B, n] */
  readonly value: tf.Tensor2D
  /** [B · d, n] */
  readonly tangents: tf.Tensor2D
}

/** As `decodeFrames`, with tangents, in forward mode. */
export const decodeFramesWithTangents = (
  parameters: NamedTensors,
  networks: FrameNetworks,
  code: WithTangents
): WithTangents => {
  const rows = code.value.shape[0]
  const each = code.tangents.shape[0] / rows
  let value = pictured(code.value, networks)
  let tangents = pictured(code.tangents, networks)
  for (let layer = networks.filters.length - 1; layer >= 0; layer--) {
    const [filter, bias] = filterOf(parameters, 'decoder', layer)
    const [, height, width, channels] = value.shape
    const slope = tf.step(value, LEAK)
    const spread = tf.mul(
      tf.reshape(tangents, [rows, each, height * width * channels]),
      tf.reshape(slope, [rows, 1, height * width * channels])
    )
    tangents = doubled(tf.reshape(spread, [rows * each, height, width, channels]), filter)
    value = doubling(tf.mul(value, slope) as tf.Tensor4D, filter, bias)
  }
  return { value: flat(value, networks), tangents: flat(tangents, networks) }
}
