/** An autoencoder: plain data that says which networks, and the way from observations to latents and back. */
import type { Generator } from '@mechid/random'
import * as tf from '@tensorflow/tfjs-core'
import type { HostTensor, HostTensors, NamedTensors } from './engine.js'
import {
  codeSize,
  decodeFrames,
  encodeFrames,
  type FrameNetworks,
  frameSize,
  initialFrameNetworks
} from './frame-networks.js'
import type { DiagonalGaussian } from './gaussian.js'
import { initialPerceptron, type NetworkSize, perceptron } from './networks.js'

/** Sizes that come from the data. */
export interface ModelShape {
  readonly features: number
  readonly latents: number
  /** Columns of the action as the model sees it: a discrete action has one for each value. */
  readonly actions: number
  /** Whether transitions read the previous latents. */
  readonly temporal: boolean
}

/** The networks of an autoencoder. */
export interface CoderConfiguration {
  readonly encoder: NetworkSize
  readonly decoder: NetworkSize
  /** Convolutions before `encoder` and after `decoder`; without them, observations are plain vectors. */
  readonly frames?: FrameNetworks
  /**
   * Consecutive frames that make one observation, the oldest first; 1 unless told otherwise. The latents are those
   * of the last frame, and it alone is decoded: what one frame cannot show, such as a velocity, the encoder reads
   * off the frames before it.
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
export const decodedFeatures = ({ features }: Pick<ModelShape, 'features'>, views = 1): number =>
  features / views

/** Parameters at step 0. */
export const initialAutoencoder = (
  { features, latents }: Pick<ModelShape, 'features' | 'latents'>,
  { encoder, decoder, frames, views = 1 }: CoderConfiguration,
  random: Generator
): Record<string, HostTensor> => {
  const inputs = frames === undefined ? features : codeSize(frames)
  const outputs = frames === undefined ? features / views : codeSize(frames)
  return {
    ...initialPerceptron('encoder', inputs, encoder, 2 * latents, random.split('encoder')),
    ...initialPerceptron('decoder', latents, decoder, outputs, random.split('decoder')),
    ...(frames === undefined ? {} : initialFrameNetworks(frames, views, random.split('frames')))
  }
}

/** `x` [B, features] ↦ the posterior q(z | x), means and log-variances [B, latents]. */
export const encode = (
  parameters: NamedTensors,
  { latents }: Pick<ModelShape, 'latents'>,
  { encoder, frames, views = 1 }: Omit<CoderConfiguration, 'decoder'>,
  x: tf.Tensor2D
): DiagonalGaussian => {
  const code = frames === undefined ? x : encodeFrames(parameters, frames, views, x)
  const y = perceptron(parameters, 'encoder', encoder, code)
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

/** `frames` and `views` as an observation of so many features can have them, or what does not fit. */
export const misfit = (
  features: number,
  { frames, views = 1 }: CoderConfiguration
): { readonly option: string; readonly actual: string; readonly expected: string } | undefined => {
  if (!(Number.isInteger(views) && views > 0 && features % views === 0)) {
    const expected = `a positive integer that divides the ${features} features of an observation`
    return { option: 'views', actual: String(views), expected }
  }
  if (frames === undefined) return undefined
  const { height, width, channels, filters } = frames
  const shrink = 2 ** filters.length
  if (filters.length === 0 || height % shrink !== 0 || width % shrink !== 0) {
    const expected = `one layer or more, each of which halves ${height} × ${width}`
    return { option: 'frames.filters', actual: `${filters.length} layers`, expected }
  }
  if (frameSize(frames) * views !== features) {
    const expected = `${features} features in all, as an observation has`
    return { option: 'frames', actual: `${views} × ${height} × ${width} × ${channels}`, expected }
  }
  return undefined
}
