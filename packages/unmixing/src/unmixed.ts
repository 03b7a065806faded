/** What unmixing answers. */
import type { CausalGraph } from '@mechid/values'
import type { AdditiveTransitions } from './additive-transitions.js'
import type { PreparedCodes } from './codes.js'
import type { EdgeDecision } from './edge-decision.js'
import type { InteractionTest } from './interactions.js'
import type { Hypothesis } from './options.js'

/** How sure the choice of the basis is. */
export interface Choice {
  /** Held-out log-likelihood, in nats a row; under `sparse` that of any smooth response to past and actions. */
  readonly logLikelihood: number
  /**
   * How far the chosen basis is ahead of the next different one: in nats a row of held-out rows where directions were sought
   * (`additive` sequences), else in causes (a nat of correlated noise counts as three). undefined: every search came to the same basis, or there
   * was one only.
   */
  readonly ahead: number | undefined
  /**
   * How many times more clearly causes stand out of what is none than in any other basis that is at most half a cause behind: then that
   * decides. Absent where there is none, and where bases are not compared so.
   */
  readonly clearer?: number
  readonly unit: 'nats a row' | 'causes'
  readonly searches: number
}

/** What was found. Row = effect, column = cause. */
export interface Unmixed {
  /** What the basis rests on. What data say of additivity is in `additivity`. */
  readonly hypothesis: Hypothesis
  /** s = matrix (h − centre), matrix [d, d] row-major; latents have variance 1. */
  readonly map: { readonly matrix: Float64Array; readonly centre: Float64Array }
  readonly latents: number
  /**
   * Latents, by index, that were found by what they do or by what is done to them. The others only fill the space, and
   * stay mixed with each other.
   */
  readonly found: readonly boolean[]
  /** Gz for sequences, Ga where actions are given. */
  readonly graph: CausalGraph
  /** Nats a row that each cause is worth. */
  readonly worth: { readonly latents?: number[][]; readonly actions?: number[][] }
  readonly decision: Omit<EdgeDecision, 'edges'>
  /** The best additive ones; under `sparse` that is only the part of mechanisms that needs no interactions. */
  readonly transitions: AdditiveTransitions
  readonly actionUnits: PreparedCodes['actionUnits']
  readonly additivity: InteractionTest & { readonly rejected: boolean }
  /**
   * Of sequences under `sparse`: nats a row by which held-out next latents are predicted worse from their parents alone than from the
   * whole past, and whether that denies that the parents are all: above .05 a latent. Codes that are bent show as much.
   */
  readonly sparsity?: { readonly lost: number; readonly rejected: boolean }
  /** Whether data deny what the basis rests on: additivity or sparsity, as `hypothesis` says. */
  readonly rejected: boolean
  readonly choice: Choice
  /** One line each, for people. */
  readonly explanation: readonly string[]
}
