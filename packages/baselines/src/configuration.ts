/** Sizes, optimizer and schedule of a training: what all methods share. */
import { type Configuration, coderMisfit } from '@mechid/estimator'
import { type ExampleSource, invalidOption, type Tagged, tooFewRows } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { BaselineError } from './errors.js'
import { type BaselineMethod, checkMethod } from './method.js'

/** Everything about a training but its data, its method and its seed. */
export type BaselineConfiguration = Pick<
  Configuration,
  | 'encoder'
  | 'decoder'
  | 'frames'
  | 'optimizer'
  | 'learningRate'
  | 'warmup'
  | 'decayFrom'
  | 'finalRate'
  | 'batch'
  | 'steps'
>

/**
 * Networks, optimizer and schedule of the dense stage of the estimator's `fast` preset, so that a comparison compares
 * objectives. The published comparison had six hidden layers of 512 units, Adam at 1e-4, batches of 1024 and 300,000 steps.
 */
export const baselineDefaults: BaselineConfiguration = {
  encoder: { width: 128, depth: 4 },
  decoder: { width: 128, depth: 3 },
  optimizer: { _tag: 'Muon', matrixRate: 4 },
  learningRate: 5e-3,
  warmup: 100,
  decayFrom: 0.5,
  finalRate: 0.02,
  batch: 256,
  steps: 4000
}

const WHERE = 'trainBaseline'

type Check = Tagged & BaselineError

const positiveInteger = (name: string, value: number): Check | undefined =>
  Number.isInteger(value) && value > 0 ? undefined : invalidOption(WHERE, name, value, 'a positive integer')

const share = (name: string, value: number): Check | undefined =>
  value >= 0 && value <= 1 ? undefined : invalidOption(WHERE, name, value, 'between 0 and 1')

const numbersMisfit = (c: BaselineConfiguration): Check | undefined =>
  positiveInteger('batch', c.batch) ??
  positiveInteger('steps', c.steps) ??
  positiveInteger('encoder.width', c.encoder.width) ??
  positiveInteger('decoder.width', c.decoder.width) ??
  share('decayFrom', c.decayFrom) ??
  share('finalRate', c.finalRate) ??
  (c.learningRate > 0 && Number.isFinite(c.learningRate)
    ? undefined
    : invalidOption(WHERE, 'learningRate', c.learningRate, 'a positive number'))

const settingsMisfit = ({ name, settings, positive = [] }: BaselineMethod): Check | undefined => {
  const suits = (key: string, value: number): boolean =>
    Number.isFinite(value) && (positive.includes(key) ? value > 0 : value >= 0)
  const odd = Object.entries(settings).find(([key, value]) => typeof value === 'number' && !suits(key, value))
  if (odd === undefined) return undefined
  const expected = positive.includes(odd[0]) ? 'a number above 0' : 'a number, 0 or more'
  return invalidOption(name, odd[0], odd[1], expected)
}

const batchMisfit = (
  { examples }: ExampleSource,
  { name, leastBatch = 1 }: BaselineMethod,
  { batch }: BaselineConfiguration
): Check | undefined => {
  if (batch < leastBatch) return invalidOption(name, 'batch', batch, `${leastBatch} or more`)
  return examples >= batch ? undefined : tooFewRows('data', examples, batch)
}

const latentsMisfit = (
  { needs, name }: BaselineMethod,
  { features, actions }: ExampleSource,
  latents: number
): Check | undefined => {
  if (needs === 'labels' && latents !== actions) {
    return invalidOption(WHERE, 'latents', latents, `${actions}, as ${name} is given true latents`)
  }
  return latents <= features
    ? undefined
    : invalidOption(WHERE, 'latents', latents, `at most the number of features, ${features}`)
}

/** Nothing, or what of data, method and configuration does not fit together. */
export const checkBaseline = (
  data: ExampleSource,
  method: BaselineMethod,
  latents: number,
  configuration: BaselineConfiguration
): E.Either<BaselineError, void> =>
  pipe(
    checkMethod(method, data),
    E.flatMap((): E.Either<BaselineError, void> => {
      const wrong =
        positiveInteger('latents', latents) ??
        latentsMisfit(method, data, latents) ??
        settingsMisfit(method) ??
        numbersMisfit(configuration) ??
        coderMisfit(WHERE, data, configuration) ??
        batchMisfit(data, method, configuration)
      return wrong === undefined ? E.right(undefined) : E.left(wrong)
    })
  )
