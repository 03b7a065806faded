/** The encoder as a function of tensors: for whoever compiles it, or exports it to another program. */
import * as tf from '@tensorflow/tfjs-core'
import { encode, type TrainedAutoencoder } from '../model/autoencoder.js'

/** What is done to each recorded feature before the encoder sees it: (x − mean) / scale, or left out. */
export interface InputColumn {
  readonly mean: number
  readonly scale: number
  /** Whether the encoder sees it. */
  readonly used: boolean
}

/** Recorded frames: their size, and what is done to each channel of a pixel. */
export interface InputFrames {
  readonly height: number
  readonly width: number
  readonly channels: readonly InputColumn[]
}

/**
 * Recorded features `x` [rows, columns.length] ↦ latents `z` [rows, d], the means of q(z | x). With `InputFrames`, `x` are
 * frames [rows, height, width, channels]. Without either, `x` are standardized features, as `encodeRows` takes them. Weights become constants of the function: hand it to `writeOnnx` of
 * `@mechid/compiler`. Use `encodeRows` to encode in this process.
 *
 * @example
 * writeOnnx('encoder.onnx', encoderFunction(model), { x: { shape: [1, features] } }, { batch: ['x'] })
 */
export const encoderFunction =
  (model: TrainedAutoencoder, inputs?: readonly InputColumn[] | InputFrames) =>
  ({ x }: { readonly x?: tf.Tensor }): { readonly z: tf.Tensor } => {
    const { shape, configuration, parameters } = model
    const weights = Object.fromEntries(
      Object.entries(parameters).map(([name, { data, shape: size }]) => [name, tf.tensor(data, [...size])])
    )
    return { z: encode(weights, shape, configuration, seen(x as tf.Tensor, inputs)).mean }
  }

/** Recorded features or frames as the encoder sees them, [rows, features]. */
const seen = (x: tf.Tensor, inputs: readonly InputColumn[] | InputFrames | undefined): tf.Tensor2D => {
  if (inputs === undefined) return x as tf.Tensor2D
  if (!('channels' in inputs)) return standardized(x as tf.Tensor2D, inputs)
  const { height, width, channels } = inputs
  const used = channels.filter((channel) => channel.used).length
  const pixels = tf.reshape(x, [x.shape[0] * height * width, channels.length]) as tf.Tensor2D
  return tf.reshape(standardized(pixels, channels), [x.shape[0], height * width * used])
}

const standardized = (x: tf.Tensor2D, columns: readonly InputColumn[]): tf.Tensor2D => {
  const used = columns.flatMap((column, j) => (column.used ? [{ ...column, j }] : []))
  const mean = tf.tensor1d(columns.map((column) => column.mean))
  // Chooses and scales at once; what is left out has a row of zeros.
  const chosen = new Float32Array(columns.length * used.length)
  for (const [p, { j, scale }] of used.entries()) chosen[j * used.length + p] = 1 / scale
  return tf.matMul(tf.sub(x, mean) as tf.Tensor2D, tf.tensor2d(chosen, [columns.length, used.length]))
}
