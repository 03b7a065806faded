/** What a mixing is: how latents become observations. */
import type { Elementary } from '@mechid/mechanisms'
import type { Generator } from '@mechid/random'

/** A map `x = g(z)` from latents to observed features, written once for every reading. */
export interface Mixing {
  readonly name: string
  readonly latents: number
  /** At least `latents`. */
  readonly features: number
  /** Over many rows: `z` row-major [rows, latents], `out` row-major [rows, features]. */
  readonly apply: (rows: number, z: Float64Array, out: Float64Array) => void
  /** In any reading: `latents` values to `features` values. `apply` gives the same numbers. */
  readonly map: <A>(F: Elementary<A>, z: ReadonlyArray<A>) => ReadonlyArray<A>
}

/** What every random mixing needs. */
export interface MixingOptions {
  readonly latents: number
  /** At least `latents`; fewer cannot be injective. */
  readonly features: number
  /** Where the weights come from; split, not advanced. */
  readonly random: Generator
}
