/** The part of a graph whose influence is shown to be sufficient. */

import type { GraphBits } from '../graph/graph-bits.js'
import type { InfluencePart, InfluenceSubject } from './part.js'

/** The graph without actions, or without time, where one of their parts is not shown to be sufficient. */
export const provenPart = (graph: GraphBits, parts: ReadonlyArray<InfluencePart>): GraphBits => {
  const holds = (kind: InfluenceSubject['kind']): boolean =>
    parts.every(({ subject, verdict }) => subject.kind !== kind || verdict === 'sufficient')
  return {
    size: graph.size,
    ...(graph.latents !== undefined && holds('time') ? { latents: graph.latents } : {}),
    ...(graph.actions !== undefined && holds('action') ? { actions: graph.actions } : {})
  }
}
