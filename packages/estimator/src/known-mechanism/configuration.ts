/** What a training with known mechanisms is told. */
import * as E from 'fp-ts/lib/Either.js'
import type { EstimatorError } from '../errors.js'
import type { ExampleSource } from '../example-source.js'
import type { NetworkSize } from '../networks.js'
import { actionsOf, type Dynamics, latentsOf } from './dynamics.js'

/** Everything about a training but its data, its mechanism and its seed. */
export interface KnownMechanismConfiguration {
  /** Depth 0: a linear encoder. */
  readonly encoder: NetworkSize
  readonly decoder: NetworkSize
  readonly learningRate: number
  readonly warmup: number
  /** The learning rate falls by half a cosine from step `decayFrom · steps` on, to `finalRate` times its start. */
  readonly decayFrom: number
  readonly finalRate: number
  readonly batch: number
  readonly steps: number
}

/** A start that suits vectors of up to some tens of features. */
export const knownMechanismDefaults: KnownMechanismConfiguration = {
  encoder: { width: 64, depth: 2 },
  decoder: { width: 64, depth: 2 },
  learningRate: 3e-3,
  warmup: 100,
  decayFrom: 0.3,
  finalRate: 0.01,
  batch: 256,
  steps: 4000
}

const option = (name: string, actual: unknown, expected: string): E.Either<EstimatorError, never> =>
  E.left({ _tag: 'BadOption', option: name, actual: String(actual), expected })

/** Data, mechanism and configuration fit together, or what does not. */
export const checkKnownMechanism = (
  data: ExampleSource,
  dynamics: Dynamics,
  { batch, steps, learningRate }: KnownMechanismConfiguration
): E.Either<EstimatorError, void> => {
  const latents = latentsOf(dynamics)
  if (!data.temporal)
    return option('data', 'static', 'temporal: pairs of frames, before and after the mechanism')
  if (latents > data.features) {
    return option('the mechanism’s latents', latents, `at most the number of features, ${data.features}`)
  }
  if (actionsOf(dynamics) !== data.actions) {
    return option('the mechanism’s actions', actionsOf(dynamics), `${data.actions}, as the data have`)
  }
  if (dynamics._tag === 'Stochastic' && dynamics.kernel.lags !== 1) {
    return option('the kernel’s lags', dynamics.kernel.lags, '1')
  }
  if (!(Number.isInteger(batch) && batch > 0)) return option('batch', batch, 'a positive integer')
  if (!(Number.isInteger(steps) && steps > 0)) return option('steps', steps, 'a positive integer')
  if (!(learningRate > 0)) return option('learningRate', learningRate, 'a positive number')
  return data.examples >= batch
    ? E.right(undefined)
    : E.left({ _tag: 'TooFewRows', where: 'the training data', actual: data.examples, needed: batch })
}
