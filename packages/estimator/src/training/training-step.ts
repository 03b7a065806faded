/** One training step as a pure function of tensors. */
import type { StepFunction } from '@mechid/engine'
import * as tf from '@tensorflow/tfjs-core'
import type { Configuration } from '../configuration/configuration.js'
import type { ModelShape } from '../configuration/model-shape.js'
import { isTrained } from '../model/parameters.js'
import { productsFor } from '../networks/products.js'
import { nextMultiplier, sparsityTerm } from '../objective/sparsity-term.js'
import { objective, objectiveFeeds } from '../objective/sparsity-vae.js'
import { optimizerOf } from '../optimizer/configured.js'
import { parametersOf, updated } from './carry.js'
import { differentiate } from './differentiate.js'
import { MULTIPLIER } from './initial-carry.js'
import type { Occurrences } from './occurrences.js'

const trainedOnly = <A>(
  record: Readonly<Record<string, A>>,
  configuration: Configuration
): Record<string, A> => {
  const trained = isTrained(configuration)
  return Object.fromEntries(Object.entries(record).filter(([name]) => trained(name)))
}

/**
 * The step of a configuration. Feeds: those of `ObjectiveFeeds` and the scalars `learningRate`,
 * `bound` and `penalty`. Outputs (scalars): `loss`, `reconstruction`, `divergence`, `squaredError`, `edges`, `multiplier`, and
 * `edgeLearning` where gates learn from what edges are worth, and `encoderMiss` where an encoder learns precise latents. `occurrences`: how often actions act, by which edges are priced; always, if left
 * out.
 */
export const trainingStep = (
  shape: ModelShape,
  configuration: Configuration,
  occurrences?: Occurrences
): StepFunction => {
  const optimizer = optimizerOf(configuration)
  const { sparsity } = configuration
  return (carry, feeds, device) => {
    const products = productsFor(device)
    const parameters = parametersOf(carry)
    const trained = trainedOnly(parameters, configuration)
    const multiplier = carry[MULTIPLIER] as tf.Scalar
    const objectiveOf = objectiveFeeds(parameters, shape, configuration, feeds, occurrences)
    const { gradients, outputs } = differentiate(trained, (current) => {
      const all = { ...parameters, ...current }
      const terms = objective(all, shape, configuration, objectiveOf, products)
      const { edges, cost } = sparsityTerm(all, shape, configuration, multiplier, feeds, occurrences)
      const { negativeElbo, edgeLearning, encoderMiss, reconstruction, divergence, squaredError } = terms
      const parts = [negativeElbo, edgeLearning, encoderMiss, cost].filter((part) => part !== undefined)
      return {
        minimized: tf.addN(parts) as tf.Scalar,
        outputs: {
          loss: negativeElbo,
          reconstruction,
          divergence,
          squaredError,
          edges,
          ...(edgeLearning === undefined ? {} : { edgeLearning }),
          ...(encoderMiss === undefined ? {} : { encoderMiss })
        }
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
