/** How a published problem is trained and scored. */
import { preset, withSteps } from '@mechid/estimator'
import { edgeCount } from '@mechid/evaluation'
import { causalGraph, type Kernel } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { nnMixing } from '@mechid/simulators'
import { orThrow } from '@mechid/values'
import type { Experiment } from './experiment.js'
import { orFail } from './output.js'
import { withStarts } from './starts.js'

const TEST_SHARE = 1 / 12

export interface ProblemOptions extends Pick<Experiment, 'rows' | 'engine' | 'seed' | 'checkpoint'> {
  readonly preset: string
  /** Without it, those of the preset. */
  readonly steps?: number | undefined
}

/**
 * The experiment as it was published: twice as many features as latents, a random neural network as the mixing, and the
 * true number of edges given to the training. `seed` draws the mixing, the data and the initial weights.
 */
export const problemExperiment = (
  kernel: Kernel,
  { preset: name, steps, seed, ...options }: ProblemOptions
): Experiment => {
  const { latents, actions, lags } = kernel
  const features = 2 * latents
  const { edges } = edgeCount(causalGraph(kernel))
  const shape = { latents, features, actions, temporal: lags > 0 }
  const recipe = withStarts(orFail(preset(name, shape, edges)), kernel)
  return {
    ...options,
    kernel,
    mixing: orThrow(nnMixing({ latents, features, random: generator(seed).split('mixing') })),
    testShare: TEST_SHARE,
    configuration: steps === undefined ? recipe : withSteps(recipe, steps),
    seed
  }
}
