/** The configuration of a training with known mechanisms, and its checks. */
import { type ExampleSource, type InvalidOption, invalidOption, tooFewRows } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { Configuration } from '../configuration/configuration.js'
import type { DistillationSchedule } from '../configuration/staged-configuration.js'
import type { EstimatorError } from '../errors.js'
import { type CoderConfiguration, misfit } from '../model/autoencoder.js'
import { actionsOf, type Dynamics, latentsOf } from './dynamics.js'

/**
 * Everything about a training but its data, its mechanism and its seed. An encoder of depth 0 is linear. `frames` makes
 * encoder and decoder convolutional.
 */
export interface KnownMechanismConfiguration
  extends CoderConfiguration,
    DistillationSchedule,
    Pick<Configuration, 'optimizer'> {
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

/** What is wrong with the terms that only some mechanisms have. */
const termMisfit = (
  { actions }: ExampleSource,
  { curriculum, eachPair }: KnownMechanismConfiguration
): InvalidOption | undefined => {
  if (curriculum !== undefined) {
    const { from, to } = curriculum
    if (!(from >= 0 && from < to && to <= 1)) {
      const expected = 'two shares of the steps, the first one below the second'
      return invalidOption(WHERE, 'curriculum', `from ${from} to ${to}`, expected)
    }
    if (actions === 0) {
      return invalidOption(WHERE, 'curriculum', 'given', 'nothing, as the data have no actions')
    }
  }
  if (eachPair !== undefined && !(eachPair.weight >= 0 && eachPair.weight <= 1 && eachPair.floor > 0)) {
    const actual = `weight ${eachPair.weight}, floor ${eachPair.floor}`
    return invalidOption(WHERE, 'eachPair', actual, 'a weight from 0 to 1 and a positive floor')
  }
  return undefined
}

/** What is wrong with data, beside this mechanism. */
const dataMisfit = (data: ExampleSource, dynamics: Dynamics): InvalidOption | undefined => {
  const [latents, actions] = [latentsOf(dynamics), actionsOf(dynamics)]
  if (!data.temporal) {
    const expected = 'temporal data, pairs of frames before and after the mechanism'
    return invalidOption(WHERE, 'data', 'static', expected)
  }
  if (latents > data.features) {
    const expected = `at most the number of features, ${data.features}`
    return invalidOption(WHERE, 'the mechanism’s latents', latents, expected)
  }
  if (actions !== data.actions) {
    return invalidOption(WHERE, 'the mechanism’s actions', actions, `${data.actions}, as the data have`)
  }
  return dynamics._tag === 'Stochastic' && dynamics.lags !== 1
    ? invalidOption(WHERE, 'the kernel’s lags', dynamics.lags, '1')
    : undefined
}

const positiveInteger = (name: string, value: number): InvalidOption | undefined =>
  Number.isInteger(value) && value > 0 ? undefined : invalidOption(WHERE, name, value, 'a positive integer')

/** Nothing, or what of data, mechanism and configuration does not fit together. */
export const checkKnownMechanism = (
  data: ExampleSource,
  dynamics: Dynamics,
  configuration: KnownMechanismConfiguration
): E.Either<EstimatorError, void> => {
  const { batch, steps, learningRate } = configuration
  const wrong =
    dataMisfit(data, dynamics) ??
    misfit(WHERE, data, configuration) ??
    positiveInteger('batch', batch) ??
    positiveInteger('steps', steps) ??
    termMisfit(data, configuration) ??
    (learningRate > 0
      ? undefined
      : invalidOption(WHERE, 'learningRate', learningRate, 'a positive number')) ??
    (data.examples >= batch ? undefined : tooFewRows('data', data.examples, batch))
  return wrong === undefined ? E.right(undefined) : E.left(wrong)
}
