/** The number of edges of a graph. */
import type { CausalGraph } from '@mechid/values'

export interface EdgeCount {
  readonly edges: number
  /** The number of entries: how many edges there could be. */
  readonly possible: number
}

/**
 * Edges of Gz and Ga together.
 *
 * @example
 * edgeCount({ actions: [[1, 0], [1, 1]] }) // { edges: 3, possible: 4 }
 */
export const edgeCount = ({ latents = [], actions = [] }: CausalGraph): EdgeCount => {
  const entries = [...latents, ...actions].flat()
  return { edges: entries.reduce((sum, edge) => sum + edge, 0), possible: entries.length }
}
