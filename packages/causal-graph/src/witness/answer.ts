/** What the search for another model answers. */
import type { Kernel } from '@mechid/mechanisms'
import type { Transformation } from '../maps/transformation.js'

/**
 * What an answer rests on. `rigorous`: algebra, or bounds in interval arithmetic that hold for all pasts and actions.
 * `numerical`: ranks, densities or derivatives at a number of places; other places may show something else.
 */
export type WitnessEvidence = 'rigorous' | 'numerical'

/** Another model with the same observations and the same graph. */
export interface FoundWitness {
  readonly _tag: 'Found'
  /** A rotation after whitening, a twist of a box, or the flow of a polynomial field. */
  readonly kind: 'rotation' | 'twist' | 'flow'
  /** The latents that v mixes. */
  readonly latents: number[]
  /** v: the other model's latents ↦ the true ones, with its inverse. */
  readonly apply: Transformation
  readonly invert: Transformation
  /** v as a matrix where it is one, d × d. */
  readonly matrix?: number[][]
  /** The other model's kernel where it has a closed form; its density is ℓ(v(ẑ) | v(past), a) + log |det Dv(ẑ)|. */
  readonly kernel?: Kernel
  /** Where a twist moves anything: one interval for each of its latents. */
  readonly box?: ReadonlyArray<{ readonly latent: number; readonly low: number; readonly high: number }>
  readonly evidence: WitnessEvidence
  /** The largest forbidden mixed derivative or double difference of that density at fresh places, relative. */
  readonly residual: number
  readonly places: number
  readonly explanation: string
}

/** There is no other model outside permutations and element-wise maps, and why. */
export interface NoWitness {
  readonly _tag: 'None'
  /** `numerical` wherever it rests on ranks: on influence or on variability. */
  readonly evidence: WitnessEvidence
  readonly explanation: string
}

export type WitnessAnswer =
  | FoundWitness
  | NoWitness
  /** Neither found nor excluded, and how far the search went. */
  | { readonly _tag: 'Unknown'; readonly explanation: string }
