/** Trains a method on data, as the estimator trains its own model. */
import type { Engine, HostTensor, HostTensors, NamedTensors, StepFunction } from '@mechid/engine'
import {
  type Autoencoder,
  batches,
  configuredOptimizer,
  dataFingerprint,
  differentiate,
  findEngine,
  firstCarry,
  type History,
  initialAutoencoder,
  parametersOf,
  productsFor,
  type RunOptions,
  type RunResult,
  rateFactor,
  runTraining,
  type StepFeeds,
  type Trainable,
  type TrainedAutoencoder,
  updatedCarry
} from '@mechid/estimator'
import { type Generator, generator } from '@mechid/random'
import type { ExampleSource } from '@mechid/values'
import * as tf from '@tensorflow/tfjs-core'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type BaselineConfiguration, baselineDefaults, checkBaseline } from './configuration.js'
import type { BaselineError } from './errors.js'
import type { BaselineBatch, BaselineMethod } from './method.js'

export interface BaselineOptions extends Omit<RunOptions, 'engine'> {
  /** `betaVae()`, `iVae()`, … or a method of your own. */
  readonly method: BaselineMethod
  /** Number of latents, at most the number of features. */
  readonly latents: number
  /** What differs from {@link baselineDefaults}. */
  readonly configuration?: Partial<BaselineConfiguration>
  /** Default: `findEngine('auto')`. */
  readonly engine?: Engine
  /** Equal seeds give equal results on the same engine. Default 1. */
  readonly seed?: number
  readonly onProgress?: (progress: {
    readonly step: number
    readonly steps: number
    readonly loss: number
  }) => void
}

export interface TrainedBaseline extends Omit<RunResult, 'carry' | 'history'> {
  readonly method: BaselineMethod
  /**
   * Encoder, decoder where the method has one, and the method's further parameters. Where the encoder sees actions, they are
   * the last of its features; `encodeBaseline` puts them there.
   */
  readonly model: TrainedAutoencoder
  /** The engine that trained it. */
  readonly engine: Engine
  /** `loss`, and the method's own terms. */
  readonly history: History<string>
}

/** Sizes of the networks: actions that the encoder sees count as features recorded beside the others. */
const modelFor = (
  { features, actions, temporal, beside = 0 }: ExampleSource,
  { seesActions = false }: BaselineMethod,
  latents: number,
  { encoder, decoder, frames }: BaselineConfiguration
): Autoencoder => {
  const seen = seesActions ? actions : 0
  return {
    shape: { features: features + seen, latents, actions, temporal, beside: beside + seen },
    configuration: { encoder, decoder, ...(frames === undefined ? {} : { frames }) }
  }
}

const initialParameters = (
  model: Autoencoder,
  method: BaselineMethod,
  random: Generator
): Record<string, HostTensor> => {
  const coders = Object.entries(initialAutoencoder(model.shape, model.configuration, random))
  return {
    ...Object.fromEntries(coders.filter(([name]) => method.decodes || !name.startsWith('decoder/'))),
    ...method.initial?.(model, random.split('method'))
  }
}

const batchOf = (
  { x, a, noise }: NamedTensors,
  { seesActions = false }: BaselineMethod,
  { shape }: Autoencoder
): BaselineBatch => {
  const seen = (seesActions ? tf.concat([x, a], 1) : x) as tf.Tensor2D
  const { features, beside = 0 } = shape
  const decoded =
    beside === 0 ? seen : (tf.slice(seen, [0, 0], [seen.shape[0], features - beside]) as tf.Tensor2D)
  return {
    x: seen,
    decoded,
    ...(a === undefined ? {} : { a: a as tf.Tensor2D }),
    ...(noise === undefined ? {} : { noise: noise as tf.Tensor2D })
  }
}

const stepOf = (
  model: Autoencoder,
  method: BaselineMethod,
  objective: NonNullable<BaselineMethod['objective']>,
  configuration: BaselineConfiguration,
  examples: number
): StepFunction => {
  const optimizer = configuredOptimizer(configuration)
  return (carry, feeds, device) => {
    const context = { model, examples, products: productsFor(device) }
    const { gradients, outputs } = differentiate(parametersOf(carry), (current) => {
      const { minimized, outputs: found } = objective(current, batchOf(feeds, method, model), context)
      return { minimized, outputs: { ...found, loss: minimized } }
    })
    return { carry: updatedCarry(carry, gradients, optimizer, feeds.learningRate), outputs }
  }
}

const feedsOf = (
  data: ExampleSource,
  { samples, needs, seesActions = false }: BaselineMethod,
  latents: number,
  configuration: BaselineConfiguration,
  random: Generator
): StepFeeds => {
  const { batch, steps, learningRate } = configuration
  const drawn = batches(data, batch, random.split('order'))
  const noise = { data: new Float32Array(drawn.x.shape[0] * latents), shape: [drawn.x.shape[0], latents] }
  const rate = { data: new Float32Array(1), shape: [] }
  const noises = random.split('noise')
  const readsActions = seesActions || needs === 'actions' || needs === 'labels'
  return {
    feeds: {
      x: drawn.x,
      ...(readsActions ? { a: drawn.a } : {}),
      ...(samples ? { noise } : {}),
      learningRate: rate
    },
    fill: async (step) => {
      await drawn.fill(step)
      if (samples) noises.split(step).fillNormal(noise.data)
      rate.data[0] = learningRate * rateFactor(step, steps, configuration)
    }
  }
}

/** A method without an objective stays as it starts. */
const untrained = (
  method: BaselineMethod,
  model: Autoencoder,
  parameters: HostTensors,
  engine: Engine
): TrainedBaseline => ({
  method,
  model: { ...model, parameters },
  engine,
  history: { steps: 0, terms: {} },
  resumedAt: 0,
  aborted: false,
  seconds: 0
})

/**
 * Trains `method` on `data`: the same examples, engines, optimizers, checkpoints, progress and guard as `train` of
 * `@mechid/estimator`.
 *
 * When to use it: to know what an identifiable method gains over those that people know. Encode held-out rows by
 * `encodeBaseline` and score them by `evaluate` of `@mechid/evaluation`. For FastICA see `fastIca`.
 *
 * A run that is killed and resumed gives the same numbers as an unbroken one on the same engine.
 *
 * Errors: `NotApplicable` where the method needs other data, `InvalidOption`, `TooFewRows`, and those of `runTraining`.
 *
 * @example
 * const trained = await orThrow(trainBaseline(data, { method: betaVae({ beta: 4 }), latents: 10 }))
 */
export const trainBaseline =
  (data: ExampleSource, options: BaselineOptions): TaskEither<BaselineError, TrainedBaseline> =>
  async () => {
    const { method, latents, engine: given, seed = 1, onProgress, ...rest } = options
    const configuration = { ...baselineDefaults, ...options.configuration }
    const checked = checkBaseline(data, method, latents, configuration)
    if (E.isLeft(checked)) return checked
    const found = given === undefined ? await findEngine('auto')() : E.right(given)
    if (E.isLeft(found)) return found
    const engine = found.right
    const model = modelFor(data, method, latents, configuration)
    const random = generator(seed)
    const parameters = initialParameters(model, method, random.split('initial'))
    if (method.objective === undefined) return E.right(untrained(method, model, parameters, engine))
    const { steps } = configuration
    const trainable: Trainable = {
      step: stepOf(model, method, method.objective, configuration, data.examples),
      initial: firstCarry(parameters, configuredOptimizer(configuration)),
      feeds: feedsOf(data, method, latents, configuration, random.split('training')),
      terms: ['loss', ...method.terms],
      steps,
      fingerprint: async () => ({
        model: `${method.name} ${JSON.stringify(method.settings)} of ${latents} latents`,
        configuration: JSON.stringify(configuration),
        seed: String(seed),
        data: await dataFingerprint(data)
      })
    }
    const done = await runTraining(trainable, { ...rest, engine }, (step, outputs) =>
      onProgress?.({ step, steps, loss: outputs.loss.data[0] })
    )()
    return E.map(
      ({ carry, ...result }: RunResult): TrainedBaseline => ({
        ...result,
        method,
        model: { ...model, parameters: parametersOf(carry) },
        engine
      })
    )(done)
  }
