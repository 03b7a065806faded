/** One stage of training: the mechanism-sparsity autoencoder under one configuration. */

import type { HostTensors } from '@mechid/engine'
import { generator } from '@mechid/random'
import { type ExampleSource, shapeMismatch, showShape, unknownName } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Configuration } from '../configuration/configuration.js'
import { type ModelShape, modelShape } from '../configuration/model-shape.js'
import { checkTraining } from '../configuration/validation.js'
import type { EstimatorError } from '../errors.js'
import type { Model } from '../model/model.js'
import { initialParameters, isTrained } from '../model/parameters.js'
import { parametersOf } from './carry.js'
import { dataFingerprint, tensorsFingerprint } from './data-fingerprint.js'
import { type History, historyTerms } from './history.js'
import { initialCarry } from './initial-carry.js'
import type { Fingerprint } from './internal/checkpoint.js'
import { feedSource } from './internal/feeds.js'
import { occurrencesOf } from './occurrences.js'
import { type RunOptions, type RunResult, runTraining } from './training-loop.js'
import { trainingStep } from './training-step.js'

/** What a listener is told after each step. */
export interface StepProgress {
  /** Steps done. */
  readonly step: number
  readonly steps: number
  /** Negative ELBO per example and feature, in nats. */
  readonly loss: number
  /** Expected edges, and their present bound. */
  readonly edges: number
  readonly bound: number
}

export interface SingleTraining extends RunOptions {
  readonly data: ExampleSource
  readonly latents: number
  readonly configuration: Configuration
  /** Equal seeds give equal results on the same engine. */
  readonly seed: number
  /** Parameters to start from, of this very shape and configuration, instead of random ones. */
  readonly initial?: HostTensors
  readonly onProgress?: (progress: StepProgress) => void
}

export interface TrainedOnce extends Omit<RunResult, 'carry' | 'history'> {
  readonly model: Model
  readonly history: History
}

const fingerprintOf = async (
  { data, seed, configuration, initial }: SingleTraining,
  shape: ModelShape
): Promise<Fingerprint> => ({
  model: `${shape.latents} latents, ${shape.features} features, ${shape.actions} action columns, ${shape.temporal ? 'temporal' : 'static'}${initial === undefined ? '' : `, started from ${tensorsFingerprint(initial)}`}`,
  configuration: JSON.stringify(configuration),
  seed: String(seed),
  data: await dataFingerprint(data)
})

/** What is wrong with parameters that a training shall start from. */
const differentShape = (
  initial: HostTensors,
  shape: ModelShape,
  configuration: Configuration
): EstimatorError | undefined => {
  const needed = initialParameters(shape, configuration, generator(0))
  for (const [name, { shape: expected }] of Object.entries(needed)) {
    const actual = initial[name]?.shape
    if (actual === undefined || actual.join() !== expected.join()) {
      const found = actual === undefined ? 'missing' : showShape(actual)
      return shapeMismatch('initial', name, found, showShape(expected))
    }
  }
  const odd = Object.keys(initial).find((name) => !(name in needed))
  return odd === undefined ? undefined : unknownName('initial', odd, Object.keys(needed))
}

/** Trains under one configuration; `train` says what can go wrong. */
export const trainOnce =
  (options: SingleTraining): TaskEither<EstimatorError, TrainedOnce> =>
  async () => {
    const { data, latents, configuration, seed, initial, onProgress } = options
    const shape = modelShape(data, latents)
    const checked = checkTraining(data, latents, configuration)
    if (E.isLeft(checked)) return checked
    const random = generator(seed)
    const start = initial ?? initialParameters(shape, configuration, random.split('initial'))
    const misfit = initial === undefined ? undefined : differentShape(initial, shape, configuration)
    if (misfit !== undefined) return E.left(misfit)
    const learnsGates = isTrained(configuration)('gates/actions')
    const seen = learnsGates ? await occurrencesOf(data) : E.right(undefined)
    if (E.isLeft(seen)) return seen
    const occurrences = seen.right
    const feeds = feedSource(data, shape, configuration, random.split('training'), occurrences)
    const trainable = {
      name: 'train',
      step: trainingStep(shape, configuration, occurrences),
      initial: initialCarry(start, configuration),
      feeds,
      terms: historyTerms,
      steps: configuration.steps,
      fingerprint: () => fingerprintOf(options, shape)
    }
    const done = await runTraining(trainable, options, (step, outputs) =>
      onProgress?.({
        step,
        steps: configuration.steps,
        loss: outputs.loss.data[0],
        edges: outputs.edges.data[0],
        bound: feeds.boundAt(step - 1)
      })
    )()
    return E.map(
      ({ carry, ...result }: RunResult<(typeof historyTerms)[number]>): TrainedOnce => ({
        ...result,
        model: { shape, configuration, parameters: parametersOf(carry) }
      })
    )(done)
  }
