/**
 * The mechanism-sparsity variational autoencoder ([MS] section 5 and appendix): its objective.
 *
 * Static data: `x` with action `a`, prior `p(z | a)`. Temporal data: pairs of frames, prior of the first a
 * learned Gaussian, of the second the transition `p(z' | z, a)`.
 */
import type { NamedTensors } from '@mechid/engine'
import * as tf from '@tensorflow/tfjs-core'
import type { Configuration } from '../configuration/configuration.js'
import type { ModelShape } from '../configuration/model-shape.js'
import { decode, encode } from '../model/autoencoder.js'
import { gateLogits, sampleGates } from '../model/edge-gates.js'
import { type DiagonalGaussian, divergence, reparametrize, rows, rowsOf } from '../model/gaussian.js'
import { type PosteriorStart, posteriorStart, precisePosterior } from '../model/precise-posterior.js'
import { transitionDivergence } from '../model/transition.js'
import type { Products } from '../networks/products.js'
import type { Occurrences } from '../training/occurrences.js'
import { encoderMiss } from './internal/encoder-miss.js'
import { type GateLearningFeeds, gateLearning, type TransitionData } from './internal/gate-learning.js'

/** What the host draws and hands in for one step. */
export interface ObjectiveFeeds {
  /** [B, features]; temporal: [2B, features], first frames before second ones. */
  readonly x: tf.Tensor2D
  /** [B, action columns]; absent without actions. */
  readonly a?: tf.Tensor2D
  /** Standard normal, as many rows as `x`, one column a latent. */
  readonly posteriorNoise: tf.Tensor2D
  /** Standard logistic, [latents, transition inputs]. */
  readonly gateNoise: tf.Tensor2D
  /** Of precise posteriors alone; computed in the step, but outside of what is differentiated. */
  readonly start?: PosteriorStart
  /** `flips` and `gateEntropy`, for gates of the kind `local-expectation` alone. */
  readonly gateLearning?: GateLearningFeeds
}

/** What the objective of a configuration needs of a step's feeds, and of the model before the step. */
export const objectiveFeeds = (
  parameters: NamedTensors,
  shape: ModelShape,
  configuration: Configuration,
  feeds: NamedTensors,
  occurrences?: Occurrences
): ObjectiveFeeds => ({
  x: feeds.x as tf.Tensor2D,
  ...(configuration.posterior === 'precise'
    ? { start: posteriorStart(parameters, shape, configuration, feeds.x as tf.Tensor2D) }
    : {}),
  ...('a' in feeds ? { a: feeds.a as tf.Tensor2D } : {}),
  posteriorNoise: feeds.posteriorNoise as tf.Tensor2D,
  gateNoise: feeds.gateNoise as tf.Tensor2D,
  ...(configuration.gates === 'local-expectation' && 'flips' in feeds
    ? {
        gateLearning: {
          flips: feeds.flips as tf.Tensor2D,
          gateEntropy: feeds.gateEntropy as tf.Scalar,
          ...(occurrences === undefined ? {} : { occurrences })
        }
      }
    : {})
})

/** The terms of the objective, each a scalar. */
export interface ObjectiveTerms {
  /** Negative ELBO per example, divided by the number of features. */
  readonly negativeElbo: tf.Scalar
  /** To be minimized along with the negative ELBO, and no part of it: what the gates need to learn. */
  readonly edgeLearning?: tf.Scalar
  /** The same of an encoder that learns precise latents. */
  readonly encoderMiss?: tf.Scalar
  readonly reconstruction: tf.Scalar
  readonly divergence: tf.Scalar
  /** Mean squared reconstruction error of one feature. */
  readonly squaredError: tf.Scalar
}

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI)
/** The optimal variance is the squared error itself; this keeps its logarithm finite. */
const SMALLEST_VARIANCE = 1e-8

const reconstructionTerm = (
  parameters: NamedTensors,
  configuration: Configuration,
  squaredError: tf.Tensor
): tf.Tensor => {
  if (configuration.decoderVariance === 'optimal') {
    const variance = tf.add(squaredError, SMALLEST_VARIANCE)
    return tf.add(tf.mul(tf.log(variance), 0.5), HALF_LOG_TWO_PI + 0.5)
  }
  const logVariance = parameters['decoder/logVariance']
  const scaled = tf.mul(squaredError, tf.exp(tf.neg(logVariance)))
  return tf.add(tf.mul(tf.add(scaled, logVariance), 0.5), HALF_LOG_TWO_PI)
}

/**
 * The objective of one batch, per example and feature ([MS] appendix): reconstruction and KL are both divided
 * by the number of features; the two frames of a pair are averaged.
 */
export const objective = (
  parameters: NamedTensors,
  shape: ModelShape,
  configuration: Configuration,
  feeds: ObjectiveFeeds,
  products: Products
): ObjectiveTerms => {
  const transitions = { ...configuration, products }
  const { x, a, gateNoise, gateLearning: learning } = feeds
  const encoded = encodings(parameters, shape, configuration, feeds)
  const { posterior, z, squaredError, dependence, encoderMiss: miss } = encoded
  const reconstruction = reconstructionTerm(parameters, configuration, squaredError) as tf.Scalar
  const gates = sampleGates(
    gateLogits(parameters),
    gateNoise,
    configuration.gateTemperature,
    configuration.gates
  )
  const moves = transitionData(shape, posterior, z, a)
  const edgeLearning =
    learning === undefined
      ? undefined
      : gateLearning(parameters, transitions, moves, gates, learning, shape.features)
  const predicted = transitionDivergence(parameters, transitions, moves.posterior, moves.u, gates)
  const parts = [predicted, dependence, shape.temporal ? firstDivergence(parameters, posterior) : undefined]
  const kl = tf.addN(parts.filter((part) => part !== undefined))
  const perFeature = tf.div(kl, x.shape[0] * shape.features) as tf.Scalar
  return {
    negativeElbo: tf.add(reconstruction, perFeature) as tf.Scalar,
    ...(edgeLearning === undefined ? {} : { edgeLearning }),
    ...(miss === undefined ? {} : { encoderMiss: miss }),
    reconstruction,
    divergence: perFeature,
    squaredError
  }
}

/** What observations are taken for. */
interface Encodings {
  readonly posterior: DiagonalGaussian
  /** What transitions start from: a draw, or the mode of a precise posterior. */
  readonly z: tf.Tensor2D
  readonly squaredError: tf.Scalar
  /** See `PrecisePosterior`. */
  readonly dependence?: tf.Scalar
  readonly encoderMiss?: tf.Scalar
}

const encodings = (
  parameters: NamedTensors,
  shape: ModelShape,
  configuration: Configuration,
  { x, posteriorNoise, start }: ObjectiveFeeds
): Encodings => {
  if (start === undefined) {
    const posterior = encode(parameters, shape, configuration, x)
    const z = reparametrize(posterior, posteriorNoise) as tf.Tensor2D
    const missed = tf.sub(decode(parameters, configuration, z), x)
    return { posterior, z, squaredError: tf.mean(tf.square(missed)) }
  }
  const precise = precisePosterior(parameters, configuration, x, start, posteriorNoise)
  const { marginal: posterior, dependence, squaredError } = precise
  const encoded = encode(parameters, shape, configuration, x)
  return {
    posterior,
    z: posterior.mean as tf.Tensor2D,
    squaredError,
    dependence,
    encoderMiss: encoderMiss(encoded, posterior.mean, shape.features)
  }
}

/** Static: every row, from its action. Temporal: second frames, from the drawn first ones and the action. */
const transitionData = (
  shape: ModelShape,
  posterior: DiagonalGaussian,
  z: tf.Tensor2D,
  a: tf.Tensor2D | undefined
): TransitionData => {
  if (!shape.temporal) return { posterior, u: a as tf.Tensor2D }
  const pairs = z.shape[0] / 2
  const past = rows(z, 0, pairs)
  const u = a === undefined ? past : (tf.concat([past, a], 1) as tf.Tensor2D)
  return { posterior: rowsOf(posterior, pairs, pairs), u }
}

/** KL of the first frames' posterior from a learned Gaussian, summed over pairs and latents. */
const firstDivergence = (parameters: NamedTensors, posterior: DiagonalGaussian): tf.Tensor => {
  const first = rowsOf(posterior, 0, posterior.mean.shape[0] / 2)
  const zero = tf.zerosLike(first.mean)
  return divergence(first, {
    mean: tf.add(zero, parameters['first/mean']),
    logVariance: tf.add(zero, parameters['first/logVariance'])
  })
}
