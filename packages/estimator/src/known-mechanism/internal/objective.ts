/**
 * The objective of an autoencoder whose latents move by a known mechanism ([PfM] section 3): observations are
 * reconstructed, and latents follow.
 */
import type { NamedTensors } from '@mechid/engine'
import { type Elementary, type Kernel, logDensity } from '@mechid/mechanisms'
import * as tf from '@tensorflow/tfjs-core'
import { type Autoencoder, decode, decodedFeatures, encode } from '../../model/autoencoder.js'
import { reparametrize, rows, rowsOf } from '../../model/gaussian.js'
import { stopGradient } from '../../tensors/stop-gradient.js'
import { tensor } from '../../tensors/tensor-reading.js'
import type { KnownMechanismConfiguration } from '../configuration.js'
import type { Dynamics, ParametricKernel, ParametricMechanism } from '../dynamics.js'

/** What the host draws for one step. */
export interface KnownMechanismFeeds {
  /** [2B, features]: first frames before second ones. */
  readonly x: tf.Tensor2D
  /** [B, action columns]; absent without actions. */
  readonly a?: tf.Tensor2D
  /** Scalar: how far the curriculum is, from 0 (pushes alone) to 1 (the whole objective); 1 if absent. Only for deterministic dynamics. */
  readonly curriculum?: tf.Tensor
  /** Standard normal, [B, latents], for second frames; only for stochastic dynamics. */
  readonly posteriorNoise?: tf.Tensor2D
}

/** What the objective needs of a step's feeds. */
export const knownMechanismFeeds = (feeds: NamedTensors): KnownMechanismFeeds => ({
  x: feeds.x as tf.Tensor2D,
  ...('a' in feeds ? { a: feeds.a as tf.Tensor2D } : {}),
  ...('curriculum' in feeds ? { curriculum: feeds.curriculum } : {}),
  ...('posteriorNoise' in feeds ? { posteriorNoise: feeds.posteriorNoise as tf.Tensor2D } : {})
})

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

/** What is decoded: the last frame of each observation. */
const lastFrames = ({ shape, configuration }: Autoencoder, x: tf.Tensor2D): tf.Tensor2D => {
  const { views = 1 } = configuration
  const decoded = decodedFeatures(shape, views)
  return shape.features === decoded ? x : tf.slice(x, [0, (views - 1) * decoded], [x.shape[0], decoded])
}

/** A tensor along an axis. TF.js has no gradient of an `unstack` into a single part. */
const parts = (x: tf.Tensor, axis: number): tf.Tensor[] =>
  x.shape[axis] === 1 ? [tf.squeeze(x, [axis])] : tf.unstack(x, axis)

/** The numbers of the dynamics that are learned. */
const learnedOf = ({ initial }: { readonly initial: ReadonlyArray<number> }, parameters: NamedTensors) =>
  initial.length === 0 ? [] : parts(parameters.mechanism, 0)

const columnsOf = (x: tf.Tensor2D | undefined): tf.Tensor[] => (x === undefined ? [] : parts(x, 1))

/** [B, d] ↦ [B, d]: where the mechanism moves latents. */
const moved = (
  mechanism: ParametricMechanism,
  parameters: NamedTensors,
  z: tf.Tensor2D,
  a: tf.Tensor2D | undefined
): tf.Tensor2D => {
  const next = mechanism.step(tensor, columnsOf(z), columnsOf(a), learnedOf(mechanism, parameters))
  const zero = tf.zeros([z.shape[0]])
  // A constant coordinate is a scalar; every column has a number for each row.
  return tf.stack(
    next.map((column) => tf.add(zero, column)),
    1
  ) as tf.Tensor2D
}

const columnMeanSquares = (x: tf.Tensor): tf.Tensor => tf.mean(tf.square(x), 0)

/** The variance of each latent over the batch. */
const variances = (z: tf.Tensor2D): tf.Tensor => columnMeanSquares(tf.sub(z, tf.mean(z, 0, true)))

/** The same numbers, through which gradients pass at `weight` times their size. */
const scaleGradient = (z: tf.Tensor2D, weight: tf.Tensor | undefined): tf.Tensor2D => {
  if (weight === undefined) return z
  return lerp(stopGradient(z), z, weight) as tf.Tensor2D
}

/** From `x`, at weight 0, to `y`, at weight 1. */
const lerp = (x: tf.Tensor, y: tf.Tensor, weight: tf.Tensor): tf.Tensor =>
  tf.add(x, tf.mul(weight, tf.sub(y, x)))

/** By how much actions move each latent: half the mean squared difference that another row's action makes. */
const pushSizes = (predicted: tf.Tensor2D, otherwise: tf.Tensor2D): tf.Tensor =>
  stopGradient(tf.mul(columnMeanSquares(tf.sub(predicted, otherwise)), 0.5))

type EachPair = KnownMechanismConfiguration['eachPair']

/**
 * ½ log of the latents' errors, from their squares [B, d] in units of each latent's scale: of the mean over all, or as
 * `eachPair` says, to the degree that the curriculum has come. A pair's error is measured against the mean of all, which
 * passes no gradient: otherwise a few wild pairs would gain by raising it.
 */
const logError = (squares: tf.Tensor, eachPair: EachPair, curriculum: tf.Tensor | undefined): tf.Tensor => {
  const whole = halfLog(tf.mean(squares) as tf.Scalar)
  if (eachPair === undefined) return whole
  const { weight, floor } = eachPair
  const means = tf.mean(squares, 0)
  const least = tf.add(tf.mul(stopGradient(means), floor), SMALLEST)
  const each = tf.mean(tf.log(tf.add(squares, least)))
  const together = tf.mean(tf.log(tf.add(means, SMALLEST)))
  const apart = tf.mul(lerp(together, each, tf.scalar(weight)), 0.5)
  return curriculum === undefined ? apart : lerp(whole, apart, curriculum)
}

const deterministic = (
  parameters: NamedTensors,
  model: Autoencoder,
  mechanism: ParametricMechanism,
  eachPair: EachPair,
  { x, a, curriculum }: KnownMechanismFeeds
): KnownMechanismTerms => {
  const { shape, configuration } = model
  const pairs = x.shape[0] / 2
  const z = encode(parameters, shape, configuration, x).mean as tf.Tensor2D
  const second = rows(z, pairs, pairs)
  const first = rows(z, 0, pairs)
  const predicted = moved(mechanism, parameters, first, a)
  const target = lastFrames(model, x)
  const seen = (latents: tf.Tensor2D): tf.Tensor2D =>
    decode(parameters, configuration, scaleGradient(latents, curriculum))
  const squaredError = meanSquare(seen(z), target)
  const predictionError = meanSquare(seen(predicted), rows(target, pairs, pairs))
  const spread = variances(second)
  const scale =
    curriculum === undefined || a === undefined
      ? spread
      : lerp(pushSizes(predicted, moved(mechanism, parameters, first, tf.reverse(a, 0))), spread, curriculum)
  const squares = tf.div(tf.square(tf.sub(second, predicted)), tf.add(scale, SMALLEST))
  const dynamics = tf.mean(squares) as tf.Scalar
  const terms = [halfLog(squaredError), halfLog(predictionError), logError(squares, eachPair, curriculum)]
  const loss = tf.addN(terms) as tf.Scalar
  return { loss, squaredError, dynamics }
}

/** The kernel with its learned numbers put in; it is read by tensors alone. */
const settled = (kernel: ParametricKernel, learned: ReadonlyArray<tf.Tensor>): Kernel => {
  const put =
    (f: ParametricMechanism['step']): Kernel['location'] =>
    <A>(F: Elementary<A>, past: ReadonlyArray<A>, a: ReadonlyArray<A>) =>
      f(F, past, a, learned as ReadonlyArray<unknown> as ReadonlyArray<A>)
  return { ...kernel, lags: 1, location: put(kernel.location), scale: put(kernel.scale), actionDomains: [] }
}

const LOG_TWO_PI_E = Math.log(2 * Math.PI) + 1

/**
 * The negative evidence lower bound of second frames given first ones, summed over latents, averaged over pairs. First
 * frames stand at their means, without a prior: it would say something about scale and axes of the latents that the kernel
 * does not.
 */
const stochastic = (
  parameters: NamedTensors,
  model: Autoencoder,
  kernel: ParametricKernel,
  { x, a, posteriorNoise }: KnownMechanismFeeds
): KnownMechanismTerms => {
  const { shape, configuration } = model
  const pairs = x.shape[0] / 2
  const posterior = encode(parameters, shape, configuration, x)
  const past = rowsOf(posterior, 0, pairs).mean as tf.Tensor2D
  const second = rowsOf(posterior, pairs, pairs)
  const next = reparametrize(second, posteriorNoise as tf.Tensor2D) as tf.Tensor2D
  const law = settled(kernel, learnedOf(kernel, parameters))
  const fit = tf.mean(logDensity(tensor, law, columnsOf(next), columnsOf(past), columnsOf(a)))
  const entropy = tf.mul(tf.mean(tf.sum(tf.add(second.logVariance, LOG_TWO_PI_E), 1)), 0.5)
  const dynamics = tf.neg(tf.add(fit, entropy)) as tf.Scalar
  const target = lastFrames(model, x)
  const seen = decode(parameters, configuration, tf.concat([past, next], 0) as tf.Tensor2D)
  const errors = [0, pairs].map((from) => meanSquare(rows(seen, from, pairs), rows(target, from, pairs)))
  // Each feature at the variance that is optimal for the batch.
  const decoded = decodedFeatures(shape, configuration.views)
  const reconstruction = tf.mul(tf.addN(errors.map(halfLog)), decoded)
  return {
    loss: tf.div(tf.add(reconstruction, dynamics), decoded) as tf.Scalar,
    squaredError: tf.mul(tf.addN(errors), 0.5) as tf.Scalar,
    dynamics
  }
}

/** The objective of one batch. */
export const knownMechanismObjective =
  (model: Autoencoder, dynamics: Dynamics, eachPair?: EachPair) =>
  (parameters: NamedTensors, feeds: KnownMechanismFeeds): KnownMechanismTerms =>
    dynamics._tag === 'Deterministic'
      ? deterministic(parameters, model, dynamics.mechanism, eachPair, feeds)
      : stochastic(parameters, model, dynamics.kernel, feeds)
