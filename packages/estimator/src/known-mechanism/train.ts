/** Trains an autoencoder whose latents move by a known mechanism. */
import type { HostTensor, HostTensors, StepFunction } from '@mechid/engine'
import { type Generator, generator } from '@mechid/random'
import type { ExampleSource } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { EstimatorError } from '../errors.js'
import { type Autoencoder, initialAutoencoder, type TrainedAutoencoder } from '../model/autoencoder.js'
import { baseOptimizer } from '../optimizer/configured.js'
import { scalar, zeros } from '../tensors/host-tensors.js'
import { batches } from '../training/batches.js'
import { firstCarry, parametersOf, updated } from '../training/carry.js'
import { dataFingerprint } from '../training/data-fingerprint.js'
import { differentiate } from '../training/differentiate.js'
import type { History } from '../training/history.js'
import { ramp, rateFactor } from '../training/schedule.js'
import { type RunOptions, type RunResult, runTraining, type StepFeeds } from '../training/training-loop.js'
import {
  checkKnownMechanism,
  type KnownMechanismConfiguration,
  knownMechanismDefaults
} from './configuration.js'
import { type Dynamics, initialOf, latentsOf, nameOf } from './dynamics.js'
import { knownMechanismFeeds, knownMechanismObjective } from './internal/objective.js'

/** What is recorded at each step. */
const terms = ['loss', 'squaredError', 'dynamics'] as const
export type KnownMechanismTerm = (typeof terms)[number]

export interface KnownMechanismOptions extends RunOptions {
  /** Temporal data: pairs of observations, before and after the mechanism. */
  readonly data: ExampleSource
  readonly dynamics: Dynamics
  /** What differs from {@link knownMechanismDefaults}. */
  readonly configuration?: Partial<KnownMechanismConfiguration>
  /** Equal seeds give equal results on the same engine. */
  readonly seed: number
  readonly onProgress?: (progress: {
    readonly step: number
    readonly steps: number
    readonly loss: number
  }) => void
}

export interface KnownMechanismResult extends Omit<RunResult, 'carry' | 'history'> {
  /** The autoencoder, for `encodeRows` and `decodeRows`. */
  readonly model: TrainedAutoencoder
  /** Learned parameters of the mechanism or kernel, in its order. Empty where it was known. */
  readonly mechanism: ReadonlyArray<number>
  readonly history: History<KnownMechanismTerm>
}

const initialParameters = (
  { shape, configuration }: Autoencoder,
  dynamics: Dynamics,
  random: Generator
): Record<string, HostTensor> => {
  const learned = initialOf(dynamics)
  return {
    ...initialAutoencoder(shape, configuration, random),
    ...(learned.length === 0
      ? {}
      : { mechanism: { data: Float32Array.from(learned), shape: [learned.length] } })
  }
}

const stepOf = (
  model: Autoencoder,
  configuration: KnownMechanismConfiguration,
  dynamics: Dynamics
): StepFunction => {
  const optimizer = baseOptimizer(configuration)
  const objective = knownMechanismObjective(model, dynamics, configuration.eachPair)
  return (carry, feeds) => {
    const { gradients, outputs } = differentiate(parametersOf(carry), (current) => {
      const found = objective(current, knownMechanismFeeds(feeds))
      return { minimized: found.loss, outputs: { ...found } }
    })
    return { carry: updated(carry, gradients, optimizer, feeds.learningRate), outputs }
  }
}

const feedsOf = (
  data: ExampleSource,
  dynamics: Dynamics,
  configuration: KnownMechanismConfiguration,
  random: Generator
): StepFeeds => {
  const { batch, steps, learningRate } = configuration
  const drawn = batches(data, batch, random.split('order'))
  const noise = zeros(batch, latentsOf(dynamics))
  const rate = scalar(0)
  const noises = random.split('noise')
  const stochastic = dynamics._tag === 'Stochastic'
  const progress = scalar(0)
  const curriculum = stochastic ? undefined : configuration.curriculum
  return {
    feeds: {
      x: drawn.x,
      ...(data.actions > 0 ? { a: drawn.a } : {}),
      ...(stochastic ? { posteriorNoise: noise } : {}),
      ...(curriculum === undefined ? {} : { curriculum: progress }),
      learningRate: rate
    },
    fill: async (step) => {
      await drawn.fill(step)
      if (stochastic) noises.split(step).fillNormal(noise.data)
      if (curriculum !== undefined) progress.data[0] = ramp(step, steps, curriculum)
      rate.data[0] = learningRate * rateFactor(step, steps, configuration)
    }
  }
}

/** Learned numbers of the mechanism, out of the parameters. */
const mechanismOf = (parameters: HostTensors): number[] =>
  parameters.mechanism === undefined ? [] : Array.from(parameters.mechanism.data)

/**
 * Trains an autoencoder on pairs of frames whose latents must move by a known mechanism ([PfM] section 3).
 *
 * When to use it: where you know how latents move, or of which class their motion is. Latents are then identified up to the
 * maps that commute with the mechanism; ask `ambiguityOf` of `@mechid/algebra` which these are. Where mechanisms are unknown
 * but sparse, use `train`.
 *
 * The objective of a deterministic mechanism is a sum of three terms, each ½ log of a mean squared error: of both frames; of
 * the second frame, decoded from the moved latents of the first; and of latents against where they should have moved, in
 * units of their variance, so that shrinking them gains nothing. See also `curriculum` and `eachPair`. That of a stochastic
 * one is the negative evidence lower bound of second frames given first ones, per feature, with the kernel as prior, plus
 * the error of first frames. An observation of several `views` is reconstructed as its last frame.
 *
 * Errors: `InvalidOption`, `TooFewRows`, and those of `runTraining`.
 *
 * @example
 * trainKnownMechanism({ data, dynamics: known(rotation), engine, seed: 1 })
 */
export const trainKnownMechanism =
  (options: KnownMechanismOptions): TaskEither<EstimatorError, KnownMechanismResult> =>
  async () => {
    const { data, dynamics, seed, onProgress } = options
    const configuration = { ...knownMechanismDefaults, ...options.configuration }
    const checked = checkKnownMechanism(data, dynamics, configuration)
    if (E.isLeft(checked)) return checked
    const { features, actions, beside = 0 } = data
    const model: Autoencoder = {
      shape: { features, latents: latentsOf(dynamics), actions, temporal: true, beside },
      configuration
    }
    const random = generator(seed)
    const trainable = {
      name: 'trainKnownMechanism',
      step: stepOf(model, configuration, dynamics),
      initial: firstCarry(
        initialParameters(model, dynamics, random.split('initial')),
        baseOptimizer(configuration)
      ),
      feeds: feedsOf(data, dynamics, configuration, random.split('training')),
      terms,
      steps: configuration.steps,
      fingerprint: async () => ({
        model: nameOf(dynamics),
        configuration: JSON.stringify(configuration),
        seed: String(seed),
        data: await dataFingerprint(data)
      })
    }
    const done = await runTraining(trainable, options, (step, outputs) =>
      onProgress?.({ step, steps: configuration.steps, loss: outputs.loss.data[0] })
    )()
    return E.map(({ carry, ...result }: RunResult<KnownMechanismTerm>): KnownMechanismResult => {
      const parameters = parametersOf(carry)
      return { ...result, model: { ...model, parameters }, mechanism: mechanismOf(parameters) }
    })(done)
  }
