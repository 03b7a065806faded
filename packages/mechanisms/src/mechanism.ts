/** A deterministic mechanism: how latents change, written once for every kind of number. */
import type { Elementary } from './elementary.js'

/** What one coordinate of the action ranges over. A choice is an integer 0..values−1. */
export type ActionDomain =
  | { readonly _tag: 'Interval'; readonly low: number; readonly high: number }
  | { readonly _tag: 'Choice'; readonly values: number }

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
}
