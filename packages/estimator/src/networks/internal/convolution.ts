/**
 * Convolutions that halve or double the sides of frames: 4×4 windows, two apart, one pixel of padding.
 *
 * The two are adjoint, and all their gradients are forward convolutions: the WebAssembly backend has no gradient
 * of a filter, and its own transposed convolution is a plain loop.
 */
import * as tf from '@tensorflow/tfjs-core'
import { withGradient } from '../../tensors/with-gradient.js'
import { columnSums } from '../layers.js'

const RING: [number, number][] = [
  [0, 0],
  [1, 1],
  [1, 1],
  [0, 0]
]

const ringed = (x: tf.Tensor): tf.Tensor4D => tf.pad(x, RING) as tf.Tensor4D

/** [B, 2n, 2m, c] and [4, 4, c, k] ↦ [B, n, m, k]. */
const halved = (x: tf.Tensor, filter: tf.Tensor): tf.Tensor4D =>
  tf.conv2d(ringed(x), filter as tf.Tensor4D, 2, 'valid')

/** Channels as (row parity, column parity, channel): [B, n, m, 4c] ↦ [B, 2n, 2m, c]. */
const interleaved = (phases: tf.Tensor): tf.Tensor => {
  const [batch, n, m, channels] = phases.shape
  const rows = tf.reshape(phases, [batch * n, m, 2, channels / 2])
  return tf.reshape(tf.transpose(rows, [0, 2, 1, 3]), [batch, 2 * n, 2 * m, channels / 4])
}

/**
 * The adjoint: [B, n, m, k] and [4, 4, c, k] ↦ [B, 2n, 2m, c]. Pixels of one parity see every second row and
 * column of the window, so that four 2×2 convolutions, interleaved, are all of it.
 */
export const doubled = (y: tf.Tensor, filter: tf.Tensor): tf.Tensor4D => {
  const [, , c, k] = filter.shape
  const [batch, n, m] = y.shape
  // Rows of the window as (pair, parity), likewise columns: pairs turned around, parities beside channels.
  const split = tf.reverse(tf.reshape(filter, [2, 2, 2, 2 * c * k]), [0, 2])
  const apart = tf.transpose(tf.reshape(split, [2, 2, 2, 2 * c, k]), [0, 2, 4, 1, 3])
  const phases = tf.conv2d(ringed(y), tf.reshape(apart, [2, 2, k, 4 * c]) as tf.Tensor4D, 1, 'valid')
  return tf.slice(interleaved(phases), [0, 1, 1, 0], [batch, 2 * n, 2 * m, c]) as tf.Tensor4D
}

/** The gradient of ⟨halved(x, filter), y⟩ by the filter: images and channels change places. */
const filterGradient = (x: tf.Tensor, y: tf.Tensor): tf.Tensor4D => {
  const images = tf.transpose(ringed(x), [3, 1, 2, 0]) as tf.Tensor4D
  const window = tf.transpose(y, [1, 2, 0, 3]) as tf.Tensor4D
  return tf.transpose(tf.conv2d(images, window, 1, 'valid', 'NHWC', 2), [1, 2, 0, 3])
}

/** Sums over all but the last axis. */
const channelSums = (x: tf.Tensor): tf.Tensor => {
  const channels = x.shape[x.shape.length - 1]
  return columnSums(tf.reshape(x, [x.size / channels, channels]))
}

type Linear = (x: tf.Tensor, filter: tf.Tensor) => tf.Tensor4D

const layer =
  (
    forward: Linear,
    backward: Linear,
    byFilter: (x: tf.Tensor, dy: tf.Tensor) => tf.Tensor4D,
    inputIsData: boolean
  ) =>
  (x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor1D): tf.Tensor4D =>
    withGradient([x, filter, bias], ([a, w, b], save) => {
      save([a, w])
      return {
        value: tf.add(forward(a, w), b) as tf.Tensor4D,
        gradFunc: (dy, saved) => [
          inputIsData ? tf.zerosLike(saved[0]) : backward(dy, saved[1]),
          byFilter(saved[0], dy),
          channelSums(dy)
        ]
      }
    })

/** Frames [B, 2n, 2m, c], filter [4, 4, c, k], bias [k] ↦ [B, n, m, k]. */
export const halving = layer(halved, doubled, filterGradient, false)

/** As `halving`, for frames that are data: no gradient reaches them. */
export const halvingOfData = layer(halved, doubled, filterGradient, true)

/** Frames [B, n, m, k], filter [4, 4, c, k], bias [c] ↦ [B, 2n, 2m, c]. */
export const doubling = layer(doubled, halved, (y, dx) => filterGradient(dx, y), false)
