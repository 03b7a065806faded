/** The ground-truth causal graph, read off a definition. */
import type { Kernel } from './kernel.js'
import type { Mechanism } from './mechanism.js'
import { input, readsInput, type Support, support } from './readings/support.js'

/**
 * Binary matrices with row = effect and column = cause, as in [MS] section 2.
 *
 * `latents` is Gz: d × d for a mechanism or a Markov kernel; d × (lags · d) for a kernel with more lags, the
 * most recent state first; d × 0 (empty rows) for a static kernel. `actions` is Ga: d × k.
 */
export interface CausalGraph {
  readonly latents: number[][]
  readonly actions: number[][]
}

const inputs = (from: number, count: number): Support[] =>
  Array.from({ length: count }, (_, i) => input(from + i))

const rows = (outputs: ReadonlyArray<Support>, from: number, count: number): number[][] =>
  outputs.map((output) => Array.from({ length: count }, (_, j) => (readsInput(output, from + j) ? 1 : 0)))

/**
 * Which past latents and which actions each latent of a kernel reads, through its location or its scale: the
 * graph that the definition admits. It bounds the true dependence from above (see `support` for what is
 * folded), and equals it wherever a definition reads no input in vain.
 */
export const causalGraph = (kernel: Kernel): CausalGraph => {
  const pastCount = kernel.lags * kernel.latents
  const past = inputs(0, pastCount)
  const a = inputs(pastCount, kernel.actions)
  const location = kernel.location(support, past, a)
  const scale = kernel.scale(support, past, a)
  const union = location.map((x, i) => support.add(x, scale[i]))
  return { latents: rows(union, 0, pastCount), actions: rows(union, pastCount, kernel.actions) }
}

/** Which latents and which actions each output of a mechanism reads. */
export const mechanismGraph = (mechanism: Mechanism): CausalGraph => {
  const outputs = mechanism.step(
    support,
    inputs(0, mechanism.latents),
    inputs(mechanism.latents, mechanism.actions)
  )
  return {
    latents: rows(outputs, 0, mechanism.latents),
    actions: rows(outputs, mechanism.latents, mechanism.actions)
  }
}
