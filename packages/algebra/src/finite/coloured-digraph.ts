/** Isomorphism of edge-coloured digraphs by colour refinement and individualization (Weisfeiler–Leman; McKay 1981). */
import * as E from 'fp-ts/lib/Either.js'
import { type Result, searchedTooLong } from '../errors.js'

/** A complete digraph whose every pair of nodes has a colour. */
export interface ColouredDigraph {
  readonly nodes: number
  /** Row-major nodes × nodes: the colour of the edges v → w and w → v together; of v itself on the diagonal. */
  readonly colours: Int32Array
}

/** Colours of both sides' nodes, from one palette. */
interface Colourings {
  readonly left: Int32Array
  readonly right: Int32Array
  readonly count: number
}

const signature = (
  { nodes, colours }: ColouredDigraph,
  own: Int32Array,
  v: number,
  keys: Float64Array
): string => {
  for (let w = 0; w < nodes; w++) keys[w] = colours[v * nodes + w] * nodes * 2 + own[w]
  keys.sort()
  return `${own[v]}:${keys.join()}`
}

const recoloured = (
  graph: ColouredDigraph,
  own: Int32Array,
  palette: Map<string, number>,
  keys: Float64Array
): Int32Array => {
  const out = new Int32Array(graph.nodes)
  for (let v = 0; v < graph.nodes; v++) {
    const key = signature(graph, own, v, keys)
    let colour = palette.get(key)
    if (colour === undefined) {
      colour = palette.size
      palette.set(key, colour)
    }
    out[v] = colour
  }
  return out
}

const sameCounts = (left: Int32Array, right: Int32Array, count: number): boolean => {
  const balance = new Int32Array(count)
  for (const c of left) balance[c]++
  for (const c of right) balance[c]--
  return balance.every((n) => n === 0)
}

/** The coarsest stable refinement on both sides at once; undefined where they differ. */
const refined = (graph: ColouredDigraph, start: Colourings): Colourings | undefined => {
  const keys = new Float64Array(graph.nodes)
  let now = start
  for (;;) {
    const palette = new Map<string, number>()
    const left = recoloured(graph, now.left, palette, keys)
    const right = recoloured(graph, now.right, palette, keys)
    if (!sameCounts(left, right, palette.size)) return undefined
    if (palette.size === now.count) return { left, right, count: palette.size }
    now = { left, right, count: palette.size }
  }
}

const individualized = (colouring: Int32Array, node: number, colour: number): Int32Array => {
  const out = colouring.slice()
  out[node] = colour
  return out
}

/** The first node whose colour others have too; −1 if none. */
const ambiguousNode = ({ left, count }: Colourings): number => {
  const sizes = new Int32Array(count)
  for (const c of left) sizes[c]++
  return left.findIndex((c) => sizes[c] > 1)
}

const mapping = ({ left, right, count }: Colourings): Int32Array => {
  const nodeOf = new Int32Array(count)
  right.forEach((c, w) => {
    nodeOf[c] = w
  })
  return left.map((c) => nodeOf[c])
}

export const isAutomorphism = ({ nodes, colours }: ColouredDigraph, image: Int32Array): boolean => {
  for (let v = 0; v < nodes; v++)
    for (let w = 0; w < nodes; w++)
      if (colours[v * nodes + w] !== colours[image[v] * nodes + image[w]]) return false
  return true
}

/**
 * An automorphism that takes `from[k]` to `to[k]` for each k, or undefined where there is none.
 *
 * Error: `SearchLimit` after `most` refinements.
 */
export const automorphism = (
  where: string,
  graph: ColouredDigraph,
  from: ReadonlyArray<number>,
  to: ReadonlyArray<number>,
  most: number
): Result<Int32Array | undefined> => {
  let refinements = 0
  /** null: none; undefined: too many. */
  const search = (start: Colourings): Int32Array | null | undefined => {
    if (++refinements > most) return undefined
    const stable = refined(graph, start)
    if (stable === undefined) return null
    const node = ambiguousNode(stable)
    if (node < 0) {
      const image = mapping(stable)
      return isAutomorphism(graph, image) ? image : null
    }
    const left = individualized(stable.left, node, stable.count)
    for (let w = 0; w < graph.nodes; w++) {
      if (stable.right[w] !== stable.left[node]) continue
      const right = individualized(stable.right, w, stable.count)
      const found = search({ left, right, count: stable.count + 1 })
      if (found !== null) return found
    }
    return null
  }
  const left = new Int32Array(graph.nodes)
  const right = new Int32Array(graph.nodes)
  from.forEach((v, k) => {
    left[v] = k + 1
    right[to[k]] = k + 1
  })
  const found = search({ left, right, count: from.length + 1 })
  if (found === undefined) return E.left(searchedTooLong(where, most))
  return E.right(found ?? undefined)
}
