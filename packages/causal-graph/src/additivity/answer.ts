/** What is known about additive means. */
import type { EdgeTable } from '@mechid/values'
import type { Curvature } from './curvature.js'
import type { Interaction } from './interactions.js'

/**
 * `additive`, `not additive`: whether the means are sums of functions of one input each; `undecided`: an interaction
 * too close to the tolerance to call.
 */
export type AdditivityVerdict = 'additive' | 'not additive' | 'undecided'

export interface Additivity {
  readonly verdict: AdditivityVerdict
  /** Why the class identifies nothing here, although the means may be additive: no past, or other noise. Else undefined. */
  readonly idle?: string
  /** Pairs of inputs that are not additive (or, where the verdict is `undecided`, those in doubt), the largest first. */
  readonly interactions: ReadonlyArray<Interaction>
  /** For each latent as a past one: how its effects bend. Empty where the means are not additive, or nothing is past. */
  readonly curvature: ReadonlyArray<Curvature>
  /** d × d, up to order: entry (i, j) iff z_i may depend on ẑ_j when additivity is all that is assumed. All ones where idle. */
  readonly pattern: EdgeTable
  /** The same where the learned latents' noise is independent, too (as every factorized transition has it). */
  readonly patternWithNoise: EdgeTable
  readonly tolerance: number
  readonly explanation: ReadonlyArray<string>
}
