/** An autoencoder as plain data, and its way from observations to latents and back. */
import type { HostTensor, HostTensors, NamedTensors } from '@mechid/engine'
import type { Generator } from '@mechid/random'
import { type InvalidOption, invalidOption } from '@mechid/values'
import * as tf from '@tensorflow/tfjs-core'
import type { ModelShape } from '../configuration/model-shape.js'
import {
  beheldSize,
  codeSize,
  decodeFrames,
  encodeFrames,
  type FrameNetworks,
  frameSize,
  initialFrameNetworks
} from '../networks/frame-networks.js'
import { initialPerceptron, type NetworkSize, perceptron } from '../networks/perceptrons.js'
import type { DiagonalGaussian } from './gaussian.js'

/** The networks of an autoencoder. */
export interface CoderConfiguration {
  readonly encoder: NetworkSize
  readonly decoder: NetworkSize
  /** Convolutions before `encoder` and after `decoder`. Absent: observations are plain vectors. */
  readonly frames?: FrameNetworks
  /**
   * Consecutive frames that make one observation, the oldest first. Default 1. Latents are those of the last frame, which
   * alone is decoded. The encoder reads what one frame cannot show, such as a velocity, off the frames before it.
   */
  readonly views?: number
}

/** Sizes of the networks. */
export interface Autoencoder {
  readonly shape: ModelShape
  readonly configuration: CoderConfiguration
}

/** With weights. */
export interface TrainedAutoencoder extends Autoencoder {
  readonly parameters: HostTensors
}

/** Features that are decoded: those of one frame. */
export const decodedFeatures = (
  { features, beside = 0 }: Pick<ModelShape, 'features' | 'beside'>,
  views = 1
): number => (features - beside) / views

/** Parameters at step 0. */
export const initialAutoencoder = (
  shape: Pick<ModelShape, 'features' | 'latents' | 'beside'>,
  { encoder, decoder, frames, views = 1 }: CoderConfiguration,
  random: Generator
): Record<string, HostTensor> => {
  const { features, latents, beside = 0 } = shape
  const inputs = frames === undefined ? features : beheldSize(frames, views) + beside
  const outputs = frames === undefined ? decodedFeatures(shape, views) : codeSize(frames)
  return {
    ...initialPerceptron('encoder', inputs, encoder, 2 * latents, random.split('encoder')),
    ...initialPerceptron('decoder', latents, decoder, outputs, random.split('decoder')),
    ...(frames === undefined ? {} : initialFrameNetworks(frames, views, random.split('frames')))
  }
}

/** What the encoder's perceptron sees: features as they are, or frames through their filters and what is beside them. */
const beheld = (
  parameters: NamedTensors,
  { frames, views = 1 }: Omit<CoderConfiguration, 'decoder' | 'encoder'>,
  beside: number,
  x: tf.Tensor2D
): tf.Tensor2D => {
  if (frames === undefined) return x
  if (beside === 0) return encodeFrames(parameters, frames, views, x)
  const [rows, features] = x.shape
  const pictures = tf.slice(x, [0, 0], [rows, features - beside])
  const code = encodeFrames(parameters, frames, views, pictures)
  return tf.concat([code, tf.slice(x, [0, features - beside], [rows, beside])], 1)
}

/** `x` [B, features] ↦ the posterior q(z | x), means and log-variances [B, latents]. */
export const encode = (
  parameters: NamedTensors,
  { latents, beside = 0 }: Pick<ModelShape, 'latents' | 'beside'>,
  { encoder, ...sight }: Omit<CoderConfiguration, 'decoder'>,
  x: tf.Tensor2D
): DiagonalGaussian => {
  const y = perceptron(parameters, 'encoder', encoder, beheld(parameters, sight, beside, x))
  const rows = x.shape[0]
  return {
    mean: tf.slice(y, [0, 0], [rows, latents]),
    logVariance: tf.slice(y, [0, latents], [rows, latents])
  }
}

/** `z` [B, latents] ↦ the mean of p(x | z), [B, features of one frame]. */
export const decode = (
  parameters: NamedTensors,
  { decoder, frames }: Omit<CoderConfiguration, 'encoder'>,
  z: tf.Tensor2D
): tf.Tensor2D => {
  const y = perceptron(parameters, 'decoder', decoder, z)
  return frames === undefined ? y : decodeFrames(parameters, frames, y)
}

/** What of `frames` and `views` does not suit an observation. `where`: the function that was given them. */
export const misfit = (
  where: string,
  { features, beside = 0 }: Pick<ModelShape, 'features' | 'beside'>,
  { frames, views = 1 }: CoderConfiguration
): InvalidOption | undefined => {
  const seen = features - beside
  if (!(Number.isInteger(views) && views > 0 && seen % views === 0)) {
    const expected = `a positive integer that divides the ${seen} features of an observation`
    return invalidOption(where, 'views', views, expected)
  }
  if (frames === undefined) return undefined
  const { height, width, channels, filters, viewCode } = frames
  const sides = [height, width, channels, ...filters]
  if (!sides.every((side) => Number.isInteger(side) && side > 0)) {
    const actual = `${height} × ${width} × ${channels} with filters ${filters.join(', ')}`
    return invalidOption(where, 'frames', actual, 'positive integers')
  }
  // The last layer, too, has something to halve.
  if (filters.length === 0 || 2 ** (filters.length - 1) >= Math.min(height, width)) {
    const expected = `one layer or more, each of which halves ${height} × ${width}`
    return invalidOption(where, 'frames.filters', `${filters.length} layers`, expected)
  }
  if (frameSize(frames) * views !== seen) {
    const expected = `${seen} features in all, as an observation has`
    const actual = `${views} × ${height} × ${width} × ${channels}`
    return invalidOption(where, 'frames', actual, expected)
  }
  if (
    viewCode !== undefined &&
    !(Number.isInteger(viewCode.size) && viewCode.size > 0 && viewCode.rate > 0)
  ) {
    const expected = 'a positive integer size and a positive rate'
    return invalidOption(where, 'frames.viewCode', `${viewCode.size} and ${viewCode.rate}`, expected)
  }
  return undefined
}
