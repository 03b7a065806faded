/** The sizes of a model that come from its data. */
import type { ExampleSource } from '@mechid/values'

/** Sizes that come from the data. */
export interface ModelShape {
  readonly features: number
  readonly latents: number
  /** Columns of the action as the model sees it: a discrete action has one for each value. */
  readonly actions: number
  /** Whether transitions read the previous latents. */
  readonly temporal: boolean
  /** See `ExampleSource`; 0 if absent. */
  readonly beside?: number
}

/** The shape of a model for this data. */
export const modelShape = (source: ExampleSource, latents: number): ModelShape => ({
  features: source.features,
  latents,
  actions: source.actions,
  temporal: source.temporal
})

/** Number of edges that a model of this shape can have. */
export const possibleEdges = (shape: ModelShape): number => shape.latents * transitionInputs(shape)

/** Inputs of a latent's transition: past latents and action columns. */
export const transitionInputs = ({ latents, actions, temporal }: ModelShape): number =>
  actions + (temporal ? latents : 0)
