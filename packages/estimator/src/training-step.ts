/** One training step as a pure function of tensors. */

import type { HostTensor, NamedTensors, StepFunction } from '@mechid/engine'
import * as tf from '@tensorflow/tfjs-core'
import type { ModelShape } from './autoencoder.js'
import { firstCarry, parametersOf, updated } from './carry.js'
import type { Configuration } from './configuration.js'
import { differentiate } from './differentiate.js'
import { expectedEdges, gateLogits } from './edge-gates.js'
import { scalar } from './host-tensors.js'
import { adam, muon, sgd } from './optimizer/alias.js'
import type { GradientTransformation } from './optimizer/base.js'
import { chain, partition } from './optimizer/combine.js'
import { clipByGlobalNorm, scale } from './optimizer/transform.js'
import { nextMultiplier } from './sparsity-constraint.js'
import { isTrained, objective, objectiveFeeds } from './sparsity-vae.js'

const MULTIPLIER = 'multiplier'

const isGate = (name: string): boolean => name.startsWith('gates/')

/** The optimizer that a configuration names. */
export const baseOptimizer = ({ optimizer }: Pick<Configuration, 'optimizer'>): GradientTransformation => {
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
  ...firstCarry(parameters, optimizerOf(configuration), isTrained(configuration)),
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

/**
 * The step of a configuration. Feeds: those of `ObjectiveFeeds` and the scalars `learningRate`,
 * `bound` and `penalty`. Outputs (scalars): `loss`, `reconstruction`, `divergence`, `squaredError`, `edges`, `multiplier`.
 */
export const trainingStep = (shape: ModelShape, configuration: Configuration): StepFunction => {
  const optimizer = optimizerOf(configuration)
  const { sparsity } = configuration
  return (carry, feeds) => {
    const parameters = parametersOf(carry)
    const trained = trainedOnly(parameters, configuration)
    const multiplier = carry[MULTIPLIER] as tf.Scalar
    const { gradients, outputs } = differentiate(trained, (current) => {
      const all = { ...parameters, ...current }
      const terms = objective(all, shape, configuration, objectiveFeeds(configuration, feeds))
      const { edges, cost } = sparsityTerm(all, shape, configuration, multiplier, feeds)
      const parts = [terms.negativeElbo, terms.auxiliary, cost].filter((part) => part !== undefined)
      const { negativeElbo, reconstruction, divergence, squaredError } = terms
      return {
        minimized: tf.addN(parts) as tf.Scalar,
        outputs: { loss: negativeElbo, reconstruction, divergence, squaredError, edges }
      }
    })
    const next = updated(carry, gradients, optimizer, feeds.learningRate)
    const violation = tf.sub(outputs.edges, feeds.bound) as tf.Scalar
    const nextDual =
      sparsity._tag === 'Constraint'
        ? nextMultiplier(multiplier, violation, sparsity.dualRate, sparsity.restarts)
        : multiplier
    return {
      carry: { ...next, [MULTIPLIER]: nextDual },
      outputs: { ...outputs, multiplier: nextDual }
    }
  }
}
