/**
 * The mechanism-sparsity variational autoencoder ([MS] section 5 and appendix): parameters and objective.
 *
 * Static data: `x` with action `a`, prior `p(z | a)`. Temporal data: pairs of frames, prior of the first a
 * learned Gaussian, of the second the transition `p(z' | z, a)`.
 */
import type { Generator } from '@mechid/random'
import * as tf from '@tensorflow/tfjs-core'
import type { Configuration } from './configuration.js'
import { sampleGates } from './edge-gates.js'
import { edgeWorth } from './edge-worth.js'
import type { HostTensor, NamedTensors } from './engine.js'
import { type DiagonalGaussian, divergence, optimalDivergence, reparametrize } from './gaussian.js'
import { filled, scalar, zeros } from './host-tensors.js'
import { blockPerceptron, initialBlocks, initialPerceptron, perceptron } from './networks.js'

/** Sizes that come from the data. */
export interface ModelShape {
  readonly features: number
  readonly latents: number
  /** Columns of the action as the model sees it: a discrete action has one for each value. */
  readonly actions: number
  /** Whether transitions read the previous latents. */
  readonly temporal: boolean
}

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

/** Parameters at step 0, from the seed's stream `random`. */
export const initialParameters = (
  shape: ModelShape,
  configuration: Configuration,
  random: Generator
): Record<string, HostTensor> => {
  const { latents, features } = shape
  const perLatent = configuration.transitionVariance === 'network' ? 2 : 1
  return {
    ...initialPerceptron('encoder', features, configuration.encoder, 2 * latents, random.split('encoder')),
    ...initialPerceptron('decoder', latents, configuration.decoder, features, random.split('decoder')),
    ...(configuration.decoderVariance === 'learned'
      ? { 'decoder/logVariance': scalar(Math.log(configuration.initialDecoderVariance)) }
      : {}),
    ...initialBlocks(
      'transition',
      latents,
      transitionInputs(shape),
      configuration.transition,
      perLatent,
      random.split('transition')
    ),
    ...(configuration.transitionVariance === 'optimal'
      ? {}
      : { 'transition/logVariance': filled(Math.log(configuration.initialTransitionVariance), latents) }),
    ...(shape.temporal ? { 'first/mean': zeros(latents), 'first/logVariance': zeros(latents) } : {}),
    ...initialGates(shape, configuration)
  }
}

/** Whether a parameter is trained: the gates of an oracle or dense model are not. */
export const isTrained =
  ({ sparsity }: Configuration) =>
  (name: string): boolean =>
    !name.startsWith('gates/') || sparsity._tag === 'Constraint' || sparsity._tag === 'Penalty'

/** `x` [B, features] ↦ the posterior q(z | x), means and log-variances [B, latents]. */
export const encode = (
  parameters: NamedTensors,
  shape: ModelShape,
  configuration: Configuration,
  x: tf.Tensor2D
): DiagonalGaussian => {
  const y = perceptron(parameters, 'encoder', configuration.encoder, x)
  const rows = x.shape[0]
  return {
    mean: tf.slice(y, [0, 0], [rows, shape.latents]),
    logVariance: tf.slice(y, [0, shape.latents], [rows, shape.latents])
  }
}

/** `z` [B, latents] ↦ the mean of p(x | z), [B, features]. */
export const decode = (parameters: NamedTensors, configuration: Configuration, z: tf.Tensor2D): tf.Tensor2D =>
  perceptron(parameters, 'decoder', configuration.decoder, z)

/** Output number `column` of every block: [B, blocks, outputs] ↦ [B, blocks]. */
const blockOutput = (y: tf.Tensor3D, column: number): tf.Tensor2D => {
  const [rows, blocks] = y.shape
  return tf.reshape(tf.slice(y, [0, 0, column], [rows, blocks, 1]), [rows, blocks])
}

/** The transition's outputs, [B, latents, 1 or 2], for inputs `u` [B, past latents and actions]. */
const transitionOutputs = (
  parameters: NamedTensors,
  configuration: Configuration,
  u: tf.Tensor2D,
  gates: tf.Tensor
): tf.Tensor3D => {
  // Masking a network's inputs is masking the rows of its first weights.
  const masked = tf.mul(parameters['transition/w0'], tf.expandDims(gates, 2)) as tf.Tensor3D
  return blockPerceptron(parameters, 'transition', configuration.transition, u, masked)
}

/**
 * KL of the posterior from the transition's prediction, summed over rows and latents. `u` [B, past latents and
 * actions], `gates` [latents, inputs] in the same order.
 */
export const transitionDivergence = (
  parameters: NamedTensors,
  configuration: Configuration,
  posterior: DiagonalGaussian,
  u: tf.Tensor2D,
  gates: tf.Tensor
): tf.Tensor => {
  const y = transitionOutputs(parameters, configuration, u, gates)
  const mean = blockOutput(y, 0)
  if (configuration.transitionVariance === 'optimal') return optimalDivergence(posterior, mean)
  const base = parameters['transition/logVariance']
  const logVariance =
    configuration.transitionVariance === 'network'
      ? tf.add(blockOutput(y, 1), base)
      : tf.add(tf.zerosLike(mean), base)
  return divergence(posterior, { mean, logVariance })
}

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
  /** [latents, transition inputs], one 1 in each row: the gate to flip. Absent but for `local-expectation`. */
  readonly flips?: tf.Tensor2D
  /** Scalar: weight of the gates' entropy, in nats. Absent but for `local-expectation`. */
  readonly gateEntropy?: tf.Scalar
}

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

const rowsOf = (g: DiagonalGaussian, from: number, count: number): DiagonalGaussian => ({
  mean: tf.slice(g.mean as tf.Tensor2D, [from, 0], [count, g.mean.shape[1] as number]),
  logVariance: tf.slice(g.logVariance as tf.Tensor2D, [from, 0], [count, g.mean.shape[1] as number])
})

const stackGates = (parameters: NamedTensors): tf.Tensor2D => {
  const parts = ['gates/latents', 'gates/actions'].flatMap((name) =>
    name in parameters ? [parameters[name] as tf.Tensor2D] : []
  )
  return parts.length === 1 ? parts[0] : tf.concat(parts, 1)
}

/** All gate logits, [latents, transition inputs]: past latents first, then actions. */
export const gateLogits = stackGates

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
  const { x, a, posteriorNoise, gateNoise } = feeds
  const posterior = encode(parameters, shape, configuration, x)
  const z = reparametrize(posterior, posteriorNoise) as tf.Tensor2D
  const squaredError = tf.mean(tf.square(tf.sub(decode(parameters, configuration, z), x))) as tf.Scalar
  const reconstruction = reconstructionTerm(parameters, configuration, squaredError) as tf.Scalar
  const gates = sampleGates(
    stackGates(parameters),
    gateNoise,
    configuration.gateTemperature,
    configuration.gates
  )
  const rows = x.shape[0]
  const auxiliary =
    configuration.gates === 'local-expectation'
      ? gateLearning(parameters, shape, configuration, feeds, posterior, z, gates)
      : undefined
  const kl = shape.temporal
    ? pairDivergence(parameters, configuration, posterior, z, a, gates)
    : transitionDivergence(parameters, configuration, posterior, a as tf.Tensor2D, gates)
  const perFeature = tf.div(kl, rows * shape.features) as tf.Scalar
  return {
    negativeElbo: tf.add(reconstruction, perFeature) as tf.Scalar,
    ...(auxiliary === undefined ? {} : { auxiliary }),
    reconstruction,
    divergence: perFeature,
    squaredError
  }
}

/** Rows that edges are valued on: their differences share the rows, so that few do. */
const VALUED_ROWS = 64

/** The tensor itself, through which no gradient passes. */
const constant = (x: tf.Tensor): tf.Tensor =>
  tf.customGrad((...inputs) => {
    inputs.pop()
    const [value] = inputs as tf.Tensor[]
    return { value: tf.clone(value), gradFunc: (dy: tf.Tensor) => [tf.zerosLike(dy)] }
  })(x)

/**
 * The gates learn what each edge is worth; and transitions also learn to predict with one gate of each latent
 * flipped, from encodings held fixed, or an edge that was given up could never show its worth again.
 */
const gateLearning = (
  parameters: NamedTensors,
  shape: ModelShape,
  configuration: Configuration,
  { a, flips, gateEntropy }: ObjectiveFeeds,
  posterior: DiagonalGaussian,
  z: tf.Tensor2D,
  gates: tf.Tensor
): tf.Scalar => {
  const examples = shape.temporal ? z.shape[0] / 2 : z.shape[0]
  const past = shape.temporal ? tf.slice(z, [0, 0], [examples, shape.latents]) : undefined
  const u = constant(
    past === undefined ? (a as tf.Tensor) : a === undefined ? past : tf.concat([past, a], 1)
  ) as tf.Tensor2D
  const encoded = rowsOf(posterior, shape.temporal ? examples : 0, examples)
  const fixed = { mean: constant(encoded.mean), logVariance: constant(encoded.logVariance) }
  const flipped = tf.abs(tf.sub(gates, flips as tf.Tensor))
  const explored = transitionDivergence(parameters, configuration, fixed, u, flipped)
  const rows = Math.min(VALUED_ROWS, examples)
  const worth = edgeWorth(
    parameters,
    configuration,
    rowsOf(fixed, 0, rows),
    tf.slice(u, [0, 0], [rows, u.shape[1]]),
    gates,
    stackGates(parameters),
    gateEntropy as tf.Scalar,
    shape.features
  )
  return tf.add(worth, tf.div(explored, examples * shape.features)) as tf.Scalar
}

const pairDivergence = (
  parameters: NamedTensors,
  configuration: Configuration,
  posterior: DiagonalGaussian,
  z: tf.Tensor2D,
  a: tf.Tensor2D | undefined,
  gates: tf.Tensor
): tf.Tensor => {
  const pairs = z.shape[0] / 2
  const first = rowsOf(posterior, 0, pairs)
  const zero = tf.zerosLike(first.mean)
  const firstPrior: DiagonalGaussian = {
    mean: tf.add(zero, parameters['first/mean']),
    logVariance: tf.add(zero, parameters['first/logVariance'])
  }
  const past = tf.slice(z, [0, 0], [pairs, z.shape[1]])
  const u = a === undefined ? past : tf.concat([past, a], 1)
  const second = rowsOf(posterior, pairs, pairs)
  return tf.add(
    divergence(first, firstPrior),
    transitionDivergence(parameters, configuration, second, u, gates)
  )
}
