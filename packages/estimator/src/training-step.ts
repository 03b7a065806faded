/** One training step as a pure function of tensors. */
import * as tf from '@tensorflow/tfjs-core'
import type { Configuration } from './configuration.js'
import { expectedEdges, gateLogits } from './edge-gates.js'
import type { HostTensor, NamedTensors, StepFunction } from './engine.js'
import { scalar } from './host-tensors.js'
import { adam, muon, sgd } from './optimizer/alias.js'
import type { GradientTransformation } from './optimizer/base.js'
import { chain, partition } from './optimizer/combine.js'
import { clipByGlobalNorm, scale } from './optimizer/transform.js'
import { nextMultiplier } from './sparsity-constraint.js'
import { isTrained, type ModelShape, type ObjectiveFeeds, objective } from './sparsity-vae.js'

const PARAMETER = 'parameter/'
const OPTIMIZER = 'optimizer/'
const MULTIPLIER = 'multiplier'

const isGate = (name: string): boolean => name.startsWith('gates/')

const baseOptimizer = ({ optimizer }: Configuration): GradientTransformation => {
  switch (optimizer._tag) {
    case 'Adam':
      return adam()
    case 'Sgd':
      return sgd(optimizer.momentum)
    case 'Muon':
      return muon({ matrixRate: optimizer.matrixRate })
  }
}

/** The optimizer of a configuration: gates always take Adam, at their own rate. */
export const optimizerOf = (configuration: Configuration): GradientTransformation => {
  const { maxGradientNorm, gateRate } = configuration
  const parts = partition((name) => (isGate(name) ? 'gates' : 'networks'), {
    networks: baseOptimizer(configuration),
    gates: chain(adam(), scale(gateRate))
  })
  return maxGradientNorm === undefined ? parts : chain(clipByGlobalNorm(maxGradientNorm), parts)
}

const withPrefix = <A>(record: Readonly<Record<string, A>>, prefix: string): Record<string, A> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [prefix + name, value]))

/** The entries whose names start with `prefix`, without it. */
const withoutPrefix = <A>(record: Readonly<Record<string, A>>, prefix: string): Record<string, A> =>
  Object.fromEntries(
    Object.entries(record)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value])
  )

/** The model's parameters within a carry. */
export const parametersOf = <A>(carry: Readonly<Record<string, A>>): Record<string, A> =>
  withoutPrefix(carry, PARAMETER)

const trainedOnly = <A>(
  record: Readonly<Record<string, A>>,
  configuration: Configuration
): Record<string, A> => {
  const trained = isTrained(configuration)
  return Object.fromEntries(Object.entries(record).filter(([name]) => trained(name)))
}

/** The carry before the first step. */
export const initialCarry = (
  parameters: Readonly<Record<string, HostTensor>>,
  configuration: Configuration
): Record<string, HostTensor> => ({
  ...withPrefix(parameters, PARAMETER),
  ...withPrefix(optimizerOf(configuration).init(trainedOnly(parameters, configuration)), OPTIMIZER),
  [MULTIPLIER]: scalar(0)
})

interface SparsityTerm {
  readonly edges: tf.Scalar
  readonly cost: tf.Scalar | undefined
}

const sparsityTerm = (
  parameters: NamedTensors,
  shape: ModelShape,
  { sparsity }: Configuration,
  multiplier: tf.Tensor,
  feeds: NamedTensors
): SparsityTerm => {
  const edges = expectedEdges(gateLogits(parameters))
  switch (sparsity._tag) {
    case 'Constraint':
      return { edges, cost: tf.mul(edges, multiplier) as tf.Scalar }
    case 'Penalty':
      return { edges, cost: tf.mul(edges, tf.div(feeds.penalty, shape.features)) as tf.Scalar }
    case 'Oracle':
    case 'Dense':
      return { edges, cost: undefined }
  }
}

const keepAll = (tensors: NamedTensors): NamedTensors => {
  for (const tensor of Object.values(tensors)) tf.keep(tensor)
  return tensors
}

/** Gives kept tensors back to the surrounding scope. */
const handOver = (kept: NamedTensors): NamedTensors => {
  const owned = Object.fromEntries(Object.entries(kept).map(([name, tensor]) => [name, tf.clone(tensor)]))
  tf.dispose(kept)
  return owned
}

/**
 * The step of a configuration. Feeds: those of {@link ObjectiveFeeds} and the scalars `learningRate`,
 * `bound` and `penalty`. Outputs (scalars): `loss`, `reconstruction`, `divergence`, `squaredError`, `edges`, `multiplier`.
 */
export const trainingStep = (shape: ModelShape, configuration: Configuration): StepFunction => {
  const optimizer = optimizerOf(configuration)
  const { sparsity } = configuration
  return (carry, feeds) => {
    const parameters = parametersOf(carry)
    const trained = trainedOnly(parameters, configuration)
    const names = Object.keys(trained)
    const multiplier = carry[MULTIPLIER] as tf.Scalar
    let outputs: NamedTensors = {}
    const loss = (...values: tf.Tensor[]): tf.Scalar => {
      const current = { ...parameters, ...Object.fromEntries(names.map((name, i) => [name, values[i]])) }
      const terms = objective(current, shape, configuration, feeds as unknown as ObjectiveFeeds)
      const { edges, cost } = sparsityTerm(current, shape, configuration, multiplier, feeds)
      // Kept, or they would be freed together with the tape of the gradient.
      outputs = keepAll({
        loss: terms.negativeElbo,
        reconstruction: terms.reconstruction,
        divergence: terms.divergence,
        squaredError: terms.squaredError,
        edges
      })
      const parts = [terms.negativeElbo, terms.auxiliary, cost].filter((part) => part !== undefined)
      return tf.addN(parts) as tf.Scalar
    }
    const gradients = tf.grads(loss)(Object.values(trained))
    outputs = handOver(outputs)
    const { updates, state } = optimizer.update(
      Object.fromEntries(names.map((name, i) => [name, gradients[i]])),
      withoutPrefix(carry, OPTIMIZER),
      { parameters: trained, learningRate: feeds.learningRate }
    )
    const next = names.map((name) => [name, tf.add(trained[name], updates[name])])
    const violation = tf.sub(outputs.edges, feeds.bound) as tf.Scalar
    const nextDual =
      sparsity._tag === 'Constraint'
        ? nextMultiplier(multiplier, violation, sparsity.dualRate, sparsity.restarts)
        : multiplier
    return {
      carry: {
        ...withPrefix({ ...parameters, ...Object.fromEntries(next) }, PARAMETER),
        ...withPrefix(state, OPTIMIZER),
        [MULTIPLIER]: nextDual
      },
      outputs: { ...outputs, multiplier: nextDual }
    }
  }
}
