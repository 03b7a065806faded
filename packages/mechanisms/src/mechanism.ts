/** A deterministic mechanism: how latents change, written once for every kind of number. */
import type { Elementary } from './elementary.js'

/** What one coordinate of the action ranges over. A choice is an integer 0..values−1. */
export type ActionDomain =
  | { readonly _tag: 'Interval'; readonly low: number; readonly high: number }
  | { readonly _tag: 'Choice'; readonly values: number }

/** What a continuous action ranges over by default ([MS] section 7: uniform on [−2, 2]). */
export const defaultActionDomain: ActionDomain = { _tag: 'Interval', low: -2, high: 2 }

/** A vector field on the latents, written once for every kind of number: as many values as latents. */
export type VectorField = <A>(F: Elementary<A>, z: ReadonlyArray<A>) => ReadonlyArray<A>

/** The exact flow that a mechanism integrates numerically. */
export interface ExactFlow {
  /** Fields whose flows commute with it: the one that it follows, or those of its independent parts. */
  readonly fields: ReadonlyArray<VectorField>
  /** The same flow with `times` as many steps of integration; an integer, 1 or more. */
  readonly finer: (times: number) => Mechanism
}

/**
 * A deterministic mechanism `z' = m(z, a)` on `latents` latents and `actions` action coordinates.
 *
 * `step` must be pure and use nothing but `F` on its numbers; it returns `latents` values.
 */
export interface Mechanism {
  readonly name?: string
  readonly latents: number
  readonly actions: number
  readonly step: <A>(F: Elementary<A>, z: ReadonlyArray<A>, a: ReadonlyArray<A>) => ReadonlyArray<A>
  /** What each action ranges over (default [−2, 2]). */
  readonly actionDomains?: ReadonlyArray<ActionDomain>
  /** For a mechanism that is built as a flow: what it stands for. */
  readonly exactFlow?: ExactFlow
}

/** What each action of a mechanism ranges over: as its definition says, else [−2, 2]. */
export const actionDomainsOf = ({ actions, actionDomains }: Mechanism): ReadonlyArray<ActionDomain> =>
  actionDomains ?? new Array<ActionDomain>(actions).fill(defaultActionDomain)
