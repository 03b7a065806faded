/** Whether variances of transitions are constant or depend on causes, in recipes of any kind. */
import type { Configuration } from './configuration.js'
import { isStaged, type Recipe } from './staged-configuration.js'

/**
 * What causes may do to a latent. `constant`: they move its mean, and its variance stays; `depends`: they change its variance,
 * too, which is then an output of its network. An edge into a variance is an edge like any other.
 */
export type TransitionVariance = 'constant' | 'depends'

/** What a recipe says of variances. */
export const varianceOf = (recipe: Recipe): TransitionVariance =>
  (isStaged(recipe) ? recipe.dense : recipe).transitionVariance === 'network' ? 'depends' : 'constant'

const changed = (configuration: Configuration, variance: TransitionVariance): Configuration =>
  variance === 'depends'
    ? { ...configuration, transitionVariance: 'network' }
    : configuration.transitionVariance === 'network'
      ? { ...configuration, transitionVariance: 'optimal' }
      : configuration

/**
 * The recipe with variances of this kind: of a recipe in stages, in all of them.
 *
 * When to use it: where you know that actions or the past change how much latents vary, as segments do in the data of
 * time-contrastive learning and iVAE. Where you do not know, `chooseVariance` lets held-out examples say.
 *
 * @example
 * withVariance(orThrow(preset('gated', shape)), 'depends')
 */
export const withVariance = <A extends Recipe>(recipe: A, variance: TransitionVariance): A =>
  isStaged(recipe)
    ? { ...recipe, dense: changed(recipe.dense, variance) }
    : (changed(recipe as Configuration, variance) as A)
