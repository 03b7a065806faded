/**
 * The objective of an autoencoder whose latents move by a known mechanism ([PfM] section 3): observations are
 * reconstructed, and latents follow.
 */
import { logDensity } from '@mechid/mechanisms'
import * as tf from '@tensorflow/tfjs-core'
import type { Autoencoder } from '../autoencoder.js'
import type { NamedTensors } from '../engine.js'
import { reparametrize, rows, rowsOf } from '../gaussian.js'
import { decode, encode } from '../sparsity-vae.js'
import { tensor } from '../tensor-reading.js'
import type { Dynamics, ParametricMechanism } from './dynamics.js'

/** What the host draws for one step. */
export interface KnownMechanismFeeds {
  /** [2B, features]: first frames before second ones. */
  readonly x: tf.Tensor2D
  /** [B, action columns]; absent without actions. */
  readonly a?: tf.Tensor2D
  /** Standard normal, [2B, latents]; only for stochastic dynamics. */
  readonly posteriorNoise?: tf.Tensor2D
}

/** The terms, each a scalar. `loss` is their sum. */
export interface KnownMechanismTerms {
  readonly loss: tf.Scalar
  /** Mean squared error of one feature. */
  readonly squaredError: tf.Scalar
  /** How far latents are from where the mechanism moves them: see `trainKnownMechanism`. */
  readonly dynamics: tf.Scalar
}

/** Keeps logarithms finite. */
const SMALLEST = 1e-7

const meanSquare = (x: tf.Tensor, y: tf.Tensor): tf.Scalar => tf.mean(tf.square(tf.sub(x, y))) as tf.Scalar

/** The log of a mean square: its gradient does not fade as the fit becomes good. */
const halfLog = (square: tf.Tensor): tf.Scalar => tf.mul(tf.log(tf.add(square, SMALLEST)), 0.5) as tf.Scalar

const columnsOf = (x: tf.Tensor2D | undefined): tf.Tensor[] => (x === undefined ? [] : tf.unstack(x, 1))

/** [B, d] ↦ [B, d]: where the mechanism moves latents. */
const moved = (
  { initial, step }: ParametricMechanism,
  parameters: NamedTensors,
  z: tf.Tensor2D,
  a: tf.Tensor2D | undefined
): tf.Tensor2D => {
  const learned = initial.length === 0 ? [] : tf.unstack(parameters.mechanism)
  const next = step(tensor, columnsOf(z), columnsOf(a), learned)
  const zero = tf.zeros([z.shape[0]])
  // A constant coordinate is a scalar; every column has a number for each row.
  return tf.stack(
    next.map((column) => tf.add(zero, column)),
    1
  ) as tf.Tensor2D
}

/** Squared distance of each latent from its prediction, in units of the latent's variance over the batch. */
const relativeError = (z: tf.Tensor2D, predicted: tf.Tensor2D): tf.Scalar => {
  const error = tf.mean(tf.square(tf.sub(z, predicted)), 0)
  const centred = tf.sub(z, tf.mean(z, 0, true))
  return tf.mean(tf.div(error, tf.add(tf.mean(tf.square(centred), 0), SMALLEST))) as tf.Scalar
}

const deterministic = (
  parameters: NamedTensors,
  { shape, configuration }: Autoencoder,
  mechanism: ParametricMechanism,
  { x, a }: KnownMechanismFeeds
): KnownMechanismTerms => {
  const pairs = x.shape[0] / 2
  const z = encode(parameters, shape, configuration, x).mean as tf.Tensor2D
  const second = rows(z, pairs, pairs)
  const predicted = moved(mechanism, parameters, rows(z, 0, pairs), a)
  const squaredError = meanSquare(decode(parameters, configuration, z), x)
  const predictionError = meanSquare(decode(parameters, configuration, predicted), rows(x, pairs, pairs))
  const dynamics = relativeError(second, predicted)
  const loss = tf.addN([halfLog(squaredError), halfLog(predictionError), halfLog(dynamics)]) as tf.Scalar
  return { loss, squaredError, dynamics }
}

const LOG_TWO_PI_E = Math.log(2 * Math.PI) + 1

/** −E log p(z' | z, a) − entropy of q(z' | x'), summed over latents, a mean over pairs; z from their posteriors. */
const stochastic = (
  parameters: NamedTensors,
  { shape, configuration }: Autoencoder,
  { kernel }: Extract<Dynamics, { readonly _tag: 'Stochastic' }>,
  { x, a, posteriorNoise }: KnownMechanismFeeds
): KnownMechanismTerms => {
  const pairs = x.shape[0] / 2
  const posterior = encode(parameters, shape, configuration, x)
  const z = reparametrize(posterior, posteriorNoise as tf.Tensor2D) as tf.Tensor2D
  const squaredError = meanSquare(decode(parameters, configuration, z), x)
  const [past, next] = [rows(z, 0, pairs), rows(z, pairs, pairs)]
  const fit = tf.mean(logDensity(tensor, kernel, columnsOf(next), columnsOf(past), columnsOf(a)))
  const { logVariance } = rowsOf(posterior, pairs, pairs)
  const entropy = tf.mul(tf.mean(tf.sum(tf.add(logVariance, LOG_TWO_PI_E), 1)), 0.5)
  const firstEntropy = tf.mul(
    tf.mean(tf.sum(tf.add(rowsOf(posterior, 0, pairs).logVariance, LOG_TWO_PI_E), 1)),
    0.5
  )
  const dynamics = tf.neg(tf.addN([fit, entropy, firstEntropy])) as tf.Scalar
  // Two frames are reconstructed, each feature at the variance that is optimal for the batch.
  const reconstruction = tf.mul(halfLog(squaredError), 2 * shape.features)
  return {
    loss: tf.div(tf.add(reconstruction, dynamics), shape.features) as tf.Scalar,
    squaredError,
    dynamics
  }
}

/** The objective of one batch. */
export const knownMechanismObjective = (
  parameters: NamedTensors,
  model: Autoencoder,
  dynamics: Dynamics,
  feeds: KnownMechanismFeeds
): KnownMechanismTerms =>
  dynamics._tag === 'Deterministic'
    ? deterministic(parameters, model, dynamics.mechanism, feeds)
    : stochastic(parameters, model, dynamics, feeds)
