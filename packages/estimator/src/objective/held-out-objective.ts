/** What a trained model is worth on examples that it did not see. */
import { type Engine, engineFailed, type NamedTensors, type StepFunction } from '@mechid/engine'
import { generator } from '@mechid/random'
import { type ExampleSource, tooFewRows } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { EstimatorError } from '../errors.js'
import type { Model } from '../model/model.js'
import { productsFor } from '../networks/products.js'
import { zeros } from '../tensors/host-tensors.js'
import { gathered } from '../training/gathered.js'
import { objective, objectiveFeeds } from './sparsity-vae.js'

/** In nats an example; a pair of frames counts as one example. */
export interface HeldOutObjective {
  /** −log p(x) is at most this; without `posteriorSeed`, but for the noise of the posterior. */
  readonly negativeElbo: number
  readonly reconstruction: number
  /** How far the posterior is from what actions and past latents predict. */
  readonly divergence: number
  /** Examples that count: full blocks. */
  readonly examples: number
  /** `negativeElbo` of each block, for paired comparisons of models. */
  readonly blocks: Float64Array
}

export interface HeldOutOptions {
  /**
   * Latents are drawn from their posterior, with this seed, as in training. Models with different numbers of latents can be
   * compared in no other way: without noise, each latent in use gains half a nat. Default: posterior means, without noise.
   */
  readonly posteriorSeed?: number
}

const MOST_BLOCK = 1024

/** The terms of a block; gates are open or closed. */
const blockTerms =
  ({ shape, configuration }: Model): StepFunction =>
  (carry, feeds, device) => {
    const parameters = carry as NamedTensors
    const { negativeElbo, reconstruction, divergence } = objective(
      parameters,
      shape,
      configuration,
      objectiveFeeds(parameters, shape, configuration, feeds),
      productsFor(device)
    )
    return { carry, outputs: { negativeElbo, reconstruction, divergence } }
  }

/**
 * The model's objective on the examples of `source`, block by block in their order, at most 1,024 a block; examples
 * that do not fill the last block are left out. Use it to choose between models that saw the same training examples, and
 * to see what actions or time tell: the same with actions of other rows (`placebo` of `@mechid/recordings`) should be
 * worse. It does not compare models of different shapes of data.
 *
 * Errors: `TooFewRows` without examples, `DataUnavailable`, `EngineUnavailable`, `EngineFailed`.
 */
export const heldOutObjective =
  (
    engine: Engine,
    model: Model,
    source: ExampleSource,
    { posteriorSeed }: HeldOutOptions = {}
  ): TaskEither<EstimatorError, HeldOutObjective> =>
  async () => {
    const { shape, parameters } = model
    const { examples, features, actions, temporal } = source
    if (examples < 1) return E.left(tooFewRows('heldOutObjective', examples, 1))
    const block = Math.min(MOST_BLOCK, examples)
    const lines = temporal ? 2 * block : block
    const feeds = {
      x: zeros(lines, features),
      posteriorNoise: zeros(lines, shape.latents),
      gateNoise: zeros(shape.latents, actions + (temporal ? shape.latents : 0)),
      ...(actions > 0 ? { a: zeros(block, actions) } : {})
    }
    const noActions = new Float32Array(0)
    const sums = { negativeElbo: 0, reconstruction: 0, divergence: 0 }
    const count = Math.floor(examples / block)
    const blocks = new Float64Array(count)
    const draws = posteriorSeed === undefined ? undefined : generator(posteriorSeed).split('posterior')
    try {
      const opened = await engine.open(blockTerms(model), parameters, feeds)()
      if (E.isLeft(opened)) return opened
      const session = opened.right
      try {
        for (let b = 0; b < count; b++) {
          const indices = Int32Array.from({ length: block }, (_, i) => b * block + i)
          const filled = await gathered(() =>
            source.gather(indices, feeds.x.data, feeds.a?.data ?? noActions)
          )
          if (E.isLeft(filled)) return filled
          draws?.split(b).fillNormal(feeds.posteriorNoise.data)
          await session.run(feeds)
          const outputs = await session.outputs()
          blocks[b] = outputs.negativeElbo.data[0] * shape.features
          for (const term of ['negativeElbo', 'reconstruction', 'divergence'] as const)
            sums[term] += (outputs[term].data[0] * shape.features) / count
        }
      } finally {
        session.dispose()
      }
    } catch (cause) {
      return E.left(engineFailed(engine.name, cause))
    }
    return E.right({ ...sums, examples: count * block, blocks })
  }
