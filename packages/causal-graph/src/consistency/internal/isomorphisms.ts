/** All isomorphisms between two causal graphs, by individualization and refinement. */

import { type GraphBits, lagsOf } from '../../graph/graph-bits.js'
import { type BinaryMatrix, rowSupport } from '../../matrices/binary-matrix.js'
import { transpose } from '../../matrices/columns.js'
import type { Permutation } from '../../matrices/permutation.js'
import {
  type Adjacency,
  cellStarts,
  copyPartition,
  individualize,
  type Partition,
  partitionByColour,
  refine,
  type TwinGraph
} from './partition.js'

/** Which pairs (latent of the first graph, latent of the second) may correspond. */
export type Allowed = (first: number, second: number) => boolean

const adjacency = (first: BinaryMatrix, second: BinaryMatrix): Adjacency => {
  const n = first.rows
  const from = new Int32Array(2 * n + 1)
  const to: number[] = []
  for (let v = 0; v < 2 * n; v++) {
    const own = v < n ? rowSupport(first, v) : rowSupport(second, v - n).map((j) => j + n)
    for (const j of own) to.push(j)
    from[v + 1] = to.length
  }
  return { from, to: Int32Array.from(to) }
}

const twinGraph = (first: GraphBits, second: GraphBits): TwinGraph => {
  const others = lagsOf(second)
  return {
    n: first.size,
    adjacencies: lagsOf(first).flatMap((gz, lag) => [
      adjacency(gz, others[lag]),
      adjacency(transpose(gz), transpose(others[lag]))
    ])
  }
}

/** What no relabelling changes at a latent by itself: the actions on it, and its own edges. */
const coloursOf = (graph: GraphBits): string[] => {
  const { actions } = graph
  const lags = lagsOf(graph)
  return Array.from({ length: graph.size }, (_, i) => {
    const own = actions?.words.subarray(i * actions.stride, (i + 1) * actions.stride) ?? []
    const loops = lags.map((gz) => (gz.words[i * gz.stride + (i >>> 5)] >>> (i & 31)) & 1)
    return `${own.join(',')}|${loops.join('')}`
  })
}

const imageOf = (p: Partition, n: number): Int32Array => {
  const image = new Int32Array(n)
  for (let at = 0; at < 2 * n; at += 2) {
    const [a, b] = [p.nodes[at], p.nodes[at + 1]]
    image[Math.min(a, b)] = Math.max(a, b) - n
  }
  return image
}

/** Whether every pair that is already alone may correspond. */
const pairsAllowed = (p: Partition, n: number, allowed: Allowed): boolean => {
  for (let start = 0; start < 2 * n; start += p.size[start]) {
    if (p.size[start] !== 2) continue
    const [a, b] = [p.nodes[start], p.nodes[start + 1]]
    if (!allowed(Math.min(a, b), Math.max(a, b) - n)) return false
  }
  return true
}

/** The start of the smallest cell that holds more than one pair; undefined where none does. */
const openCell = (p: Partition): number | undefined => {
  let best: number | undefined
  for (let start = 0; start < p.nodes.length; start += p.size[start])
    if (p.size[start] > 2 && (best === undefined || p.size[start] < p.size[best])) {
      best = start
      if (p.size[start] === 4) break
    }
  return best
}

interface Branch {
  readonly partition: Partition
  readonly node: number
  readonly candidates: ReadonlyArray<number>
  next: number
}

const branchOf = (p: Partition, cell: number, n: number, allowed: Allowed): Branch => {
  const members = [...p.nodes.subarray(cell, cell + p.size[cell])].sort((x, y) => x - y)
  const node = members[0]
  return { partition: p, node, candidates: members.filter((v) => v >= n && allowed(node, v - n)), next: 0 }
}

/** Counts the branches tried; `exceeded` once there were more than `limit`. */
export interface Budget {
  readonly limit: number
  spent: number
}

/**
 * Every permutation π with `second[π(i)][π(j)] = first[i][j]` in Gz (lag by lag), `second[π(i)] = first[i]` in Ga and
 * `allowed(i, π(i))`; both graphs have the same sizes and parts. Depth first, lazily, each once; ends early when
 * the budget is spent.
 *
 * Colours (actions on a latent, self-loops) are refined by neighbours; where cells with several pairs remain, one
 * pair is fixed and the rest refined again (B. D. McKay, 1981, without its use of automorphisms). A refinement
 * costs edges · log latents, so graphs of thousands of latents take little unless they are highly regular.
 */
export function* isomorphisms(
  first: GraphBits,
  second: GraphBits,
  allowed: Allowed,
  budget: Budget
): Generator<Permutation, void, undefined> {
  const n = first.size
  const graph = twinGraph(first, second)
  const root = partitionByColour(n, [...coloursOf(first), ...coloursOf(second)])
  if (root === undefined || !refine(graph, root, cellStarts(root)) || !pairsAllowed(root, n, allowed)) return
  const open = openCell(root)
  if (open === undefined) {
    yield { image: imageOf(root, n) }
    return
  }
  const stack: Branch[] = [branchOf(root, open, n, allowed)]
  while (stack.length > 0) {
    const top = stack[stack.length - 1]
    if (top.next === top.candidates.length) {
      stack.pop()
      continue
    }
    if (budget.spent++ >= budget.limit) return
    // The last candidate may use up the branch's own partition.
    const last = top.next === top.candidates.length - 1
    const p = last ? top.partition : copyPartition(top.partition)
    const start = individualize(p, top.node, top.candidates[top.next++])
    if (!refine(graph, p, [start]) || !pairsAllowed(p, n, allowed)) continue
    const cell = openCell(p)
    if (cell === undefined) yield { image: imageOf(p, n) }
    else stack.push(branchOf(p, cell, n, allowed))
  }
}
