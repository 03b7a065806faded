/**
 * The mechanism-sparsity variational autoencoder ([MS] section 5 and appendix): parameters and objective.
 *
 * Static data: `x` with action `a`, prior `p(z | a)`. Temporal data: pairs of frames, prior of the first a
 * learned Gaussian, of the second the transition `p(z' | z, a)`.
 */
import type { HostTensor, NamedTensors } from '@mechid/engine'
import type { Generator } from '@mechid/random'
import * as tf from '@tensorflow/tfjs-core'
import { decode, encode, initialAutoencoder, type ModelShape } from './autoencoder.js'
import type { Configuration } from './configuration.js'
import { gateLogits, sampleGates } from './edge-gates.js'
import { type GateLearningFeeds, gateLearning, type TransitionData } from './gate-learning.js'
import { type DiagonalGaussian, divergence, reparametrize, rows, rowsOf } from './gaussian.js'
import { filled, scalar, zeros } from './host-tensors.js'
import { initialBlocks } from './networks.js'
import { transitionDivergence } from './transition.js'
import { initialSeries, isUnit } from './transition-series.js'

/** Number of edges that a model of this shape can have. */
export const possibleEdges = ({ latents, actions, temporal }: ModelShape): number =>
  latents * (actions + (temporal ? latents : 0))

const transitionInputs = ({ latents, actions, temporal }: ModelShape): number =>
  actions + (temporal ? latents : 0)

const fromRows = (rows: ReadonlyArray<ReadonlyArray<number>>): HostTensor => ({
  data: Float32Array.from(rows.flat()),
  shape: [rows.length, rows[0]?.length ?? 0]
})

/** Logits that sigmoid and sampling cannot move from 0 or 1. */
const CERTAIN = 40

const initialGates = (shape: ModelShape, configuration: Configuration): Record<string, HostTensor> => {
  const { sparsity, initialGateLogit } = configuration
  const gates: Record<string, HostTensor> = {}
  const start = (columns: number, known: ReadonlyArray<ReadonlyArray<number>> | undefined): HostTensor => {
    if (sparsity._tag === 'Dense') return filled(CERTAIN, shape.latents, columns)
    if (sparsity._tag !== 'Oracle') return filled(initialGateLogit, shape.latents, columns)
    const rows = known ?? Array.from({ length: shape.latents }, () => new Array<number>(columns).fill(1))
    return fromRows(rows.map((row) => row.map((edge) => (edge === 1 ? CERTAIN : -CERTAIN))))
  }
  const known = sparsity._tag === 'Oracle' ? sparsity.graph : {}
  if (shape.temporal) gates['gates/latents'] = start(shape.latents, known.latents)
  if (shape.actions > 0) gates['gates/actions'] = start(shape.actions, known.actions)
  return gates
}

const initialTransition = (
  shape: ModelShape,
  { transition, transitionVariance }: Configuration,
  random: Generator
): Record<string, HostTensor> => {
  const inputs = transitionInputs(shape)
  const { frequencies = [], depth } = transition
  const outputs = transitionVariance === 'network' ? 2 : 1
  return {
    ...(depth === 0 ? {} : initialBlocks('transition', shape.latents, inputs, transition, outputs, random)),
    ...(frequencies.length === 0 ? {} : initialSeries(shape.latents, inputs, frequencies))
  }
}

/** Parameters at step 0, from the seed's stream `random`. */
export const initialParameters = (
  shape: ModelShape,
  configuration: Configuration,
  random: Generator
): Record<string, HostTensor> => {
  const { latents } = shape
  return {
    ...initialAutoencoder(shape, configuration, random),
    ...(configuration.decoderVariance === 'learned'
      ? { 'decoder/logVariance': scalar(Math.log(configuration.initialDecoderVariance)) }
      : {}),
    ...initialTransition(shape, configuration, random.split('transition')),
    ...(configuration.transitionVariance === 'optimal'
      ? {}
      : { 'transition/logVariance': filled(Math.log(configuration.initialTransitionVariance), latents) }),
    ...(shape.temporal ? { 'first/mean': zeros(latents), 'first/logVariance': zeros(latents) } : {}),
    ...initialGates(shape, configuration)
  }
}

/** Whether a parameter is trained: the gates of an oracle or dense model are not, nor are units. */
export const isTrained =
  ({ sparsity }: Configuration) =>
  (name: string): boolean =>
    !isUnit(name) &&
    (!name.startsWith('gates/') || sparsity._tag === 'Constraint' || sparsity._tag === 'Penalty')

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
  /** `flips` and `gateEntropy`, for gates of the kind `local-expectation` alone. */
  readonly gateLearning?: GateLearningFeeds
}

/** What the objective of a configuration needs of a step's feeds. */
export const objectiveFeeds = ({ gates }: Configuration, feeds: NamedTensors): ObjectiveFeeds => ({
  x: feeds.x as tf.Tensor2D,
  ...('a' in feeds ? { a: feeds.a as tf.Tensor2D } : {}),
  posteriorNoise: feeds.posteriorNoise as tf.Tensor2D,
  gateNoise: feeds.gateNoise as tf.Tensor2D,
  ...(gates === 'local-expectation'
    ? { gateLearning: { flips: feeds.flips as tf.Tensor2D, gateEntropy: feeds.gateEntropy as tf.Scalar } }
    : {})
})

/** The terms of the objective, each a scalar. */
export interface ObjectiveTerms {
  /** Negative ELBO per example, divided by the number of features. */
  readonly negativeElbo: tf.Scalar
  /** To be minimized along with the negative ELBO, and no part of it: what the gates need to learn. */
  readonly auxiliary?: tf.Scalar
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
  feeds: ObjectiveFeeds
): ObjectiveTerms => {
  const { x, a, posteriorNoise, gateNoise, gateLearning: learning } = feeds
  const posterior = encode(parameters, shape, configuration, x)
  const z = reparametrize(posterior, posteriorNoise) as tf.Tensor2D
  const squaredError = tf.mean(tf.square(tf.sub(decode(parameters, configuration, z), x))) as tf.Scalar
  const reconstruction = reconstructionTerm(parameters, configuration, squaredError) as tf.Scalar
  const gates = sampleGates(
    gateLogits(parameters),
    gateNoise,
    configuration.gateTemperature,
    configuration.gates
  )
  const transitions = transitionData(shape, posterior, z, a)
  const auxiliary =
    learning === undefined
      ? undefined
      : gateLearning(parameters, configuration, transitions, gates, learning, shape.features)
  const predicted = transitionDivergence(
    parameters,
    configuration,
    transitions.posterior,
    transitions.u,
    gates
  )
  const kl = shape.temporal ? tf.add(firstDivergence(parameters, posterior), predicted) : predicted
  const perFeature = tf.div(kl, x.shape[0] * shape.features) as tf.Scalar
  return {
    negativeElbo: tf.add(reconstruction, perFeature) as tf.Scalar,
    ...(auxiliary === undefined ? {} : { auxiliary }),
    reconstruction,
    divergence: perFeature,
    squaredError
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
