/** How many starts the search for latents gets, by what the written kernel lets one see of them. */
import { trainability } from '@mechid/causal-graph'
import { isStaged, type Recipe } from '@mechid/estimator'
import type { Kernel } from '@mechid/mechanisms'
import * as E from 'fp-ts/lib/Either.js'

/** Starts that a search always has, and has at most. */
const [LEAST, MOST] = [480, 2400]
/** Several times what is likely to be enough: codes are not the latents yet. */
const SAFETY = 24

/** The recipe with as many starts for unmixing as the forecast of trainability suggests. */
export const withStarts = (recipe: Recipe, kernel: Kernel): Recipe => {
  if (!isStaged(recipe) || kernel.lags === 0) return recipe
  const forecast = trainability(kernel)
  if (E.isLeft(forecast)) return recipe
  const starts = Math.min(MOST, Math.max(LEAST, SAFETY * forecast.right.starts))
  return { ...recipe, unmixing: { ...recipe.unmixing, starts } }
}
