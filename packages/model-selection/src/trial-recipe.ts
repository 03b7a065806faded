/** How a number of latents is tried: long enough to find latents, most of the time all of them, in a fraction of a training's time. */
import { type Configuration, isStaged, type Recipe } from '@mechid/estimator'

/** Measured on the published problems: trainings of 1,000 steps miss latents, 3,000 hardly more than longer ones. */
const LARGEST = { width: 64, depth: 3, batch: 256, steps: 3000 } as const

interface Layers {
  readonly width: number
  readonly depth: number
}

const small = ({ width, depth }: Layers): Layers => ({
  width: Math.min(width, LARGEST.width),
  depth: Math.min(depth, LARGEST.depth)
})

/**
 * The first stage of a recipe in stages, in which every edge is open, with smaller networks and batches, for as many steps as codes are learned. Where observations are
 * frames, the stage as it is: convolutions take their time. Any other recipe is taken at its word.
 */
export const trialRecipe = (recipe: Recipe): Configuration => {
  if (!isStaged(recipe)) return recipe
  const { dense, sharpening } = recipe
  if (dense.frames !== undefined) return dense
  return {
    ...dense,
    encoder: small(dense.encoder),
    decoder: small(dense.decoder),
    transition: small(dense.transition),
    batch: Math.min(dense.batch, LARGEST.batch),
    steps: Math.min(dense.steps + (sharpening?.steps ?? 0), LARGEST.steps)
  }
}
