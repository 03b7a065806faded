/** What a mixing is: how latents become observations. */
import type { Elementary } from '@mechid/mechanisms'
import type { Generator } from '@mechid/random'

/** A map x = g(z) from latents to observed features, written once for every reading. */
export interface Mixing {
  readonly name: string
  readonly latents: number
  /** At least `latents`. */
  readonly features: number
  /** The map of many rows: `z` [rows, latents] ↦ `out` [rows, features], both row-major. */
  readonly apply: (rows: number, z: Float64Array, out: Float64Array) => void
  /** The map in any reading: `latents` values ↦ `features` values, with the numbers of `apply`. */
  readonly map: <A>(F: Elementary<A>, z: ReadonlyArray<A>) => ReadonlyArray<A>
}

/** Options of every random mixing. */
export interface MixingOptions {
  readonly latents: number
  /** At least `latents`; fewer cannot be injective. */
  readonly features: number
  /** Source of the weights. It is split, not advanced: the same generator gives the same mixing. */
  readonly random: Generator
}
