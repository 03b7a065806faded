/** A recipe for small problems: fewer units, smaller batches, no sharpening, so that a page trains in a minute. */
import { preset, type StagedConfiguration } from '@mechid/estimator'
import * as E from 'fp-ts/lib/Either.js'

export interface RecipeShape {
  readonly latents: number
  readonly features: number
  readonly actions: number
  readonly temporal: boolean
}

const CODERS = { width: 48, depth: 2 } as const
const TRANSITION = { width: 48, depth: 1 } as const
const BATCH = 128
/** Of all steps, those before the first unmixing. */
const DENSE_SHARE = 0.7
/** Rows whose codes are unmixed. */
const CODES = 16_000

/** `edges`: how many the graph has, if that is known. Errors: those of `preset`. */
export const smallRecipe = (
  shape: RecipeShape,
  edges: number | undefined,
  steps: number
): E.Either<{ readonly message: string }, StagedConfiguration> =>
  E.map(({ sharpening: _, ...recipe }: StagedConfiguration): StagedConfiguration => {
    const { dense, refinement } = recipe
    const first = Math.max(1, Math.round(DENSE_SHARE * steps))
    return {
      ...recipe,
      codes: CODES,
      dense: {
        ...dense,
        encoder: CODERS,
        decoder: CODERS,
        transition: TRANSITION,
        batch: BATCH,
        steps: first,
        warmup: 50
      },
      refinement: {
        ...refinement,
        batch: BATCH,
        steps: Math.max(1, steps - first),
        warmup: 30,
        networks: { ...refinement.networks, transition: TRANSITION }
      }
    }
  })(preset('fast', shape, edges))
