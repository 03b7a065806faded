/** The part of a graph whose influence is shown to be sufficient. */
import type { CausalGraph } from '@mechid/values'
import type { GraphBits } from '../graph/graph-bits.js'
import type { InfluencePart, InfluenceSubject } from './part.js'

/** Whether all actions, or all lags, are shown to influence sufficiently. */
const holds = (parts: ReadonlyArray<InfluencePart>, kind: InfluenceSubject['kind']): boolean =>
  parts.every(({ subject, verdict }) => subject.kind !== kind || verdict === 'sufficient')

/** The graph without actions, or without time, where one of their parts is not shown to be sufficient. */
export const provenPart = (graph: GraphBits, parts: ReadonlyArray<InfluencePart>): GraphBits => ({
  size: graph.size,
  ...(graph.latents !== undefined && holds(parts, 'time') ? { latents: graph.latents } : {}),
  ...(graph.actions !== undefined && holds(parts, 'action') ? { actions: graph.actions } : {})
})

/**
 * The part of a kernel's graph whose influence suffices, by the `parts` of `sufficientInfluence`: actions, time, both, or
 * undefined. Its `predict` holds, also where influence does not suffice as a whole.
 *
 * @example
 * sufficientPart(causalGraph(kernel), orThrow(sufficientInfluence(kernel)).parts) // { actions: [[1, 0], [1, 1]] }
 */
export const sufficientPart = (
  { latents, actions }: CausalGraph,
  parts: ReadonlyArray<InfluencePart>
): CausalGraph | undefined => {
  const part = {
    ...(latents !== undefined && holds(parts, 'time') ? { latents } : {}),
    ...(actions !== undefined && holds(parts, 'action') ? { actions } : {})
  }
  return Object.keys(part).length === 0 ? undefined : part
}
