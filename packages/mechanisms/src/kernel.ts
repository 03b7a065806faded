/** A stochastic mechanism: a law of the next latents, factorized over latents. */
import type { Elementary } from './elementary.js'
import type { ActionDomain } from './mechanism.js'
import type { Noise } from './noise.js'

/**
 * `z_i = location_i(past, a) + scale_i(past, a) · u_i`, with `u_i` independent draws from `noise[i]`: the
 * factorized transition `p(z | z_lag, a) = Π_i p_i(z_i | z_lag, a)` of [MS] section 2.
 *
 * `lags` is how many past states the law reads: 0 for a static law `p(z | a)`, 1 for a Markov chain. `past`
 * holds `max(lags, 0) · latents` values, the most recent state first.
 */
export interface Kernel {
  readonly name?: string
  readonly latents: number
  readonly actions: number
  readonly lags: number
  readonly location: <A>(F: Elementary<A>, past: ReadonlyArray<A>, a: ReadonlyArray<A>) => ReadonlyArray<A>
  readonly scale: <A>(F: Elementary<A>, past: ReadonlyArray<A>, a: ReadonlyArray<A>) => ReadonlyArray<A>
  /** One law a latent. */
  readonly noise: ReadonlyArray<Noise>
  /** What each action coordinate ranges over, `actions` entries. */
  readonly actionDomains: ReadonlyArray<ActionDomain>
}

/** Whether what may be a kernel is one, and not a mechanism, a graph or a map. */
export const isKernel = (value: object): value is Kernel => 'location' in value
