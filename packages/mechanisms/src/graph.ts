/** The ground-truth causal graph, read off a definition. */
import type { CausalGraph, EdgeTable } from '@mechid/values'
import type { Kernel } from './kernel.js'
import type { Mechanism } from './mechanism.js'
import { input, readsInput, type Support, support } from './readings/support.js'

const inputs = (from: number, count: number): Support[] =>
  Array.from({ length: count }, (_, i) => input(from + i))

const rows = (outputs: ReadonlyArray<Support>, from: number, count: number): EdgeTable =>
  outputs.map((output) => Array.from({ length: count }, (_, j) => (readsInput(output, from + j) ? 1 : 0)))

/** Columns for the past, then for the actions; a part without columns is absent. */
const graphOf = (outputs: ReadonlyArray<Support>, past: number, actions: number): CausalGraph => ({
  ...(past === 0 ? {} : { latents: rows(outputs, 0, past) }),
  ...(actions === 0 ? {} : { actions: rows(outputs, past, actions) })
})

/**
 * Which past latents and which actions each latent of a kernel reads, through its location or its scale: the
 * graph that the definition admits. It bounds the true dependence from above (see `support` for what is
 * folded), and equals it wherever a definition reads no input in vain.
 *
 * `latents` is Gz, d × (lags · d), the most recent state first, absent for a static kernel; `actions` is Ga, d × k,
 * absent without actions ([MS] section 2).
 *
 * @example
 * causalGraph(orThrow(problem('ActionDiag', { latents: 2 }))) // { actions: [[1, 0], [0, 1]] }
 */
export const causalGraph = (kernel: Kernel): CausalGraph => {
  const pastCount = kernel.lags * kernel.latents
  const past = inputs(0, pastCount)
  const a = inputs(pastCount, kernel.actions)
  const location = kernel.location(support, past, a)
  const scale = kernel.scale(support, past, a)
  const union = location.map((x, i) => support.add(x, scale[i]))
  return graphOf(union, pastCount, kernel.actions)
}

/** Which latents (Gz, d × d) and which actions (Ga, d × k, absent without actions) each output of a mechanism reads. */
export const mechanismGraph = (mechanism: Mechanism): CausalGraph => {
  const { latents, actions } = mechanism
  return graphOf(mechanism.step(support, inputs(0, latents), inputs(latents, actions)), latents, actions)
}
