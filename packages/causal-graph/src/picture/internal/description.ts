/** A picture in words, for readers who do not see it. */

import type { GraphBits } from '../../graph/graph-bits.js'
import { type BinaryMatrix, count, othersInRow, rowSupport } from '../../matrices/binary-matrix.js'

export interface Names {
  readonly latents: ReadonlyArray<string>
  readonly actions: ReadonlyArray<string>
}

const SHOWN = 30

const listed = (items: ReadonlyArray<string>): string =>
  items.length <= SHOWN
    ? items.join(', ')
    : `${items.slice(0, SHOWN).join(', ')} and ${items.length - SHOWN} more`

const counted = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`

const edgeNames = (graph: GraphBits, names: Names): string[] => {
  const { size, latents, actions } = graph
  const several = latents !== undefined && latents.columns > size
  return names.latents.flatMap((effect, i) => [
    ...(actions === undefined ? [] : rowSupport(actions, i)).map((l) => `${names.actions[l]} → ${effect}`),
    ...(latents === undefined ? [] : rowSupport(latents, i)).map(
      (j) => `${names.latents[j % size]} → ${effect}${several ? ` (lag ${1 + Math.floor(j / size)})` : ''}`
    )
  ])
}

/** Sizes, edges, and which latents may depend on which learned ones; long lists are cut. */
export const describe = (graph: GraphBits, entanglement: BinaryMatrix, names: Names): string => {
  const edges = edgeNames(graph, names)
  const entangled = names.latents.flatMap((one, i) => {
    const others = othersInRow(entanglement, i)
    return others.length === 0 ? [] : [`${one} on ${listed(others.map((j) => names.latents[j]))}`]
  })
  const extra = count(entanglement) - graph.size
  return (
    `${counted(graph.size, 'latent')}, ${counted(graph.actions?.columns ?? 0, 'action')}, ${counted(edges.length, 'edge')}` +
    `${edges.length === 0 ? '.' : `: ${listed(edges)}.`} ` +
    (entangled.length === 0
      ? 'Every latent depends on its own learned counterpart alone.'
      : `${counted(Math.max(extra, 0), 'entangled pair')} (in order): ${listed(entangled)}.`)
  )
}
