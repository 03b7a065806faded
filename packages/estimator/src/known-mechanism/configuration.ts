/** The configuration of a training with known mechanisms, and its checks. */
import { type ExampleSource, invalidOption, tooFewRows } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { OptimizerChoice } from '../configuration/configuration.js'
import type { EstimatorError } from '../errors.js'
import { type CoderConfiguration, misfit } from '../model/autoencoder.js'
import { actionsOf, type Dynamics, latentsOf } from './dynamics.js'

/**
 * Everything about a training but its data, its mechanism and its seed. An encoder of depth 0 is linear. `frames` makes
 * encoder and decoder convolutional.
 */
export interface KnownMechanismConfiguration extends CoderConfiguration {
  /**
   * For deterministic mechanisms whose actions push every latent by known amounts. Until step `from · steps` the encoder
   * learns from the mechanism alone, and errors of latents are measured in units of the pushes. From step `to · steps` on,
   * the objective is the usual one; in between, a mixture. Pushes set scale and sign: latents can pass through zero to the
   * right side. A decoder, or errors in units of the latents' own variance, would hold them where they came first.
   */
  readonly curriculum?: { readonly from: number; readonly to: number }
  /**
   * For deterministic mechanisms with some moves, such as bounces, that are much harder to see than others. Without it,
   * squared errors are averaged over all latents and pairs before the logarithm: the hard moves then make up nearly all of
   * the mean, and the others do not become exact. With it, each latent has a logarithm of its own, and with `weight`, from 0
   * to 1, so has each pair: ½ log(e² + `floor` · mean of e²).
   */
  readonly eachPair?: { readonly weight: number; readonly floor: number }
  readonly optimizer: OptimizerChoice
  readonly learningRate: number
  readonly warmup: number
  /** The learning rate falls by half a cosine from step `decayFrom · steps` on, to `finalRate` times its start. */
  readonly decayFrom: number
  readonly finalRate: number
  readonly batch: number
  readonly steps: number
}

/** Defaults that suit vectors of up to some tens of features. */
export const knownMechanismDefaults: KnownMechanismConfiguration = {
  encoder: { width: 64, depth: 2 },
  decoder: { width: 64, depth: 2 },
  optimizer: { _tag: 'Adam' },
  learningRate: 3e-3,
  warmup: 100,
  decayFrom: 0.3,
  finalRate: 0.01,
  batch: 256,
  steps: 4000
}

const WHERE = 'trainKnownMechanism'

const option = (name: string, actual: unknown, expected: string): E.Either<EstimatorError, never> =>
  E.left(invalidOption(WHERE, name, actual, expected))

/** Nothing, or what of data, mechanism and configuration does not fit together. */
export const checkKnownMechanism = (
  data: ExampleSource,
  dynamics: Dynamics,
  configuration: KnownMechanismConfiguration
): E.Either<EstimatorError, void> => {
  const { batch, steps, learningRate } = configuration
  const latents = latentsOf(dynamics)
  if (!data.temporal)
    return option('data', 'static', 'temporal data, pairs of frames before and after the mechanism')
  if (latents > data.features) {
    return option('the mechanism’s latents', latents, `at most the number of features, ${data.features}`)
  }
  if (actionsOf(dynamics) !== data.actions) {
    return option('the mechanism’s actions', actionsOf(dynamics), `${data.actions}, as the data have`)
  }
  const unfit = misfit(WHERE, data, configuration)
  if (unfit !== undefined) return E.left(unfit)
  if (dynamics._tag === 'Stochastic' && dynamics.lags !== 1) {
    return option('the kernel’s lags', dynamics.lags, '1')
  }
  if (!(Number.isInteger(batch) && batch > 0)) return option('batch', batch, 'a positive integer')
  if (!(Number.isInteger(steps) && steps > 0)) return option('steps', steps, 'a positive integer')
  const { curriculum } = configuration
  if (curriculum !== undefined) {
    const { from, to } = curriculum
    if (!(from >= 0 && from < to && to <= 1))
      return option(
        'curriculum',
        `from ${from} to ${to}`,
        'two shares of the steps, the first one below the second'
      )
    if (data.actions === 0) return option('curriculum', 'given', 'nothing, as the data have no actions')
  }
  const { eachPair } = configuration
  if (eachPair !== undefined && !(eachPair.weight >= 0 && eachPair.weight <= 1 && eachPair.floor > 0)) {
    const actual = `weight ${eachPair.weight}, floor ${eachPair.floor}`
    return option('eachPair', actual, 'a weight from 0 to 1 and a positive floor')
  }
  if (!(learningRate > 0)) return option('learningRate', learningRate, 'a positive number')
  return data.examples >= batch ? E.right(undefined) : E.left(tooFewRows('data', data.examples, batch))
}
