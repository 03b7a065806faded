/** Blocks of mutually entangled latents, and the partial order between them. */
import { type BinaryMatrix, blank, get, rowSupport, setBit } from './binary-matrix.js'

/**
 * The blocks of a pattern, each ascending, by their first latent: i and j share a block iff entries (i, j) and
 * (j, i) are both 1. The pattern must be reflexive and transitive, as `graphPattern` and
 * `reflexiveTransitiveClosure` return it.
 */
export const blocks = (pattern: BinaryMatrix): number[][] => {
  const assigned = new Uint8Array(pattern.rows)
  const found: number[][] = []
  for (let i = 0; i < pattern.rows; i++) {
    if (assigned[i] === 1) continue
    const block = rowSupport(pattern, i).filter((j) => get(pattern, j, i))
    for (const j of block) assigned[j] = 1
    found.push(block)
  }
  return found
}

/** Blocks and how they depend on one another; rows and columns of both matrices number the blocks. */
export interface BlockOrder {
  readonly blocks: number[][]
  /** Entry (a, b) iff the latents of block a may stay mixed with those of block b; a partial order. */
  readonly order: BinaryMatrix
  /** The order's covering relation: no loops and nothing that follows by transitivity, as in a Hasse diagram. */
  readonly covers: BinaryMatrix
}

const coveringRelation = (order: BinaryMatrix): BinaryMatrix => {
  const covers = blank(order.rows, order.rows)
  const implied = new Uint32Array(order.stride)
  for (let a = 0; a < order.rows; a++) {
    const above = rowSupport(order, a).filter((b) => b !== a)
    implied.fill(0)
    for (const b of above) {
      for (let w = 0; w < order.stride; w++) {
        const own = w === b >>> 5 ? 1 << (b & 31) : 0
        implied[w] |= order.words[b * order.stride + w] & ~own
      }
    }
    for (const b of above) if (((implied[b >>> 5] >>> (b & 31)) & 1) === 0) setBit(covers, a, b)
  }
  return covers
}

/** The partial order between the blocks of a (reflexive, transitive) pattern. */
export const blockOrder = (pattern: BinaryMatrix): BlockOrder => {
  const found = blocks(pattern)
  const blockOf = new Int32Array(pattern.rows)
  found.forEach((block, b) => {
    for (const i of block) blockOf[i] = b
  })
  const order = blank(found.length, found.length)
  found.forEach((block, a) => {
    for (const j of rowSupport(pattern, block[0])) setBit(order, a, blockOf[j])
  })
  return { blocks: found, order, covers: coveringRelation(order) }
}

/**
 * The least reflexive and transitive matrix above a square one (S. Warshall, JACM 1962): what an entanglement
 * graph generates under composition.
 */
export const reflexiveTransitiveClosure = (m: BinaryMatrix): BinaryMatrix => {
  const out = { ...m, words: m.words.slice() }
  for (let i = 0; i < m.rows; i++) setBit(out, i, i)
  for (let via = 0; via < m.rows; via++) {
    for (let i = 0; i < m.rows; i++) {
      if (!get(out, i, via)) continue
      for (let w = 0; w < m.stride; w++) out.words[i * m.stride + w] |= out.words[via * m.stride + w]
    }
  }
  return out
}
