/** How a published problem is trained and scored. */
import { preset, withSteps } from '@mechid/estimator'
import { edgeCount } from '@mechid/evaluation'
import { causalGraph, type Kernel } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { nnMixing } from '@mechid/simulators'
import { orThrow, type Tagged } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { Experiment } from './experiment.js'
import { orFail } from './output.js'
import { withStarts } from './starts.js'

const TEST_SHARE = 1 / 12

/** The bound on the number of edges: a number, or `auto`, where the data decide. */
export type Bound = number | 'auto'

export interface ProblemOptions
  extends Pick<Experiment, 'rows' | 'engine' | 'seed' | 'checkpoint' | 'latents'> {
  readonly preset: string
  /** Without it, those of the preset. */
  readonly steps?: number | undefined
  /** Without it, the true number of edges. */
  readonly bound?: Bound | undefined
}

/**
 * The experiment as it was published: twice as many features as latents, a random neural network as the mixing, and, unless a
 * bound is given, the true number of edges given to the training. `seed` draws the mixing, the data and the initial weights.
 */
export const plannedExperiment = (
  kernel: Kernel,
  { preset: name, steps, bound, seed, ...options }: ProblemOptions
): E.Either<Tagged, Experiment> => {
  const { latents, actions, lags } = kernel
  const features = 2 * latents
  const edges = bound ?? edgeCount(causalGraph(kernel)).edges
  const shape = { latents: options.latents ?? latents, features, actions, temporal: lags > 0 }
  const chosen = preset(name, shape, edges === 'auto' ? undefined : edges)
  if (E.isLeft(chosen)) return chosen
  const recipe = withStarts(chosen.right, kernel)
  return E.right({
    ...options,
    kernel,
    mixing: orThrow(nnMixing({ latents, features, random: generator(seed).split('mixing') })),
    testShare: TEST_SHARE,
    configuration: steps === undefined ? recipe : withSteps(recipe, steps),
    seed
  })
}

/** The same; what is wrong with the options ends the program. */
export const problemExperiment = (kernel: Kernel, options: ProblemOptions): Experiment =>
  orFail(plannedExperiment(kernel, options))
