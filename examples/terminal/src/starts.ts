/** How many random starts the search for latents gets: the harder the kernel, the more. */
import { trainability } from '@mechid/causal-graph'
import { isStaged, type Recipe } from '@mechid/estimator'
import type { Kernel } from '@mechid/mechanisms'
import * as E from 'fp-ts/lib/Either.js'

/** Fewest and most starts of a search. */
const [LEAST, MOST] = [480, 2400]
/** The forecast is for exact codes; real ones are less precise. */
const SAFETY = 24

/**
 * The recipe with as many starts for unmixing as the trainability of the kernel suggests. Recipes without unmixing, and
 * kernels without time, stay as they are.
 */
export const withStarts = (recipe: Recipe, kernel: Kernel): Recipe => {
  if (!isStaged(recipe) || kernel.lags === 0) return recipe
  const forecast = trainability(kernel)
  if (E.isLeft(forecast)) return recipe
  const starts = Math.min(MOST, Math.max(LEAST, SAFETY * forecast.right.starts))
  return { ...recipe, unmixing: { ...recipe.unmixing, starts } }
}
