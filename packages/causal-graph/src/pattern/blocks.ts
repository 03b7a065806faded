/** Blocks of mutually entangled latents, and the partial order between them. */
import type { EdgeTable } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { GraphError } from '../errors.js'
import { type BinaryMatrix, blank, get, rowSupport, setBit } from '../matrices/binary-matrix.js'
import { squareBits, type TableSource, tableOf } from '../matrices/edge-table.js'

/** `blocks` of bit sets. */
export const blocksOf = (pattern: BinaryMatrix): number[][] => {
  const assigned = new Uint8Array(pattern.rows)
  const found: number[][] = []
  for (let i = 0; i < pattern.rows; i++) {
    if (assigned[i] === 1) continue
    const block: number[] = []
    for (let w = 0; w < pattern.stride; w++)
      for (let word = pattern.words[i * pattern.stride + w]; word !== 0; word &= word - 1) {
        const j = (w << 5) + 31 - Math.clz32(word & -word)
        if (!get(pattern, j, i)) continue
        block.push(j)
        assigned[j] = 1
      }
    found.push(block)
  }
  return found
}

/**
 * The blocks of a pattern, each ascending, by their first latent: i and j share a block iff entries (i, j) and
 * (j, i) are both 1. The pattern must be reflexive and transitive, as `graphPattern` and
 * `reflexiveTransitiveClosure` return it. Errors: `NotBinary`, `ShapeMismatch` (not square).
 *
 * @example
 * blocks([[1, 1, 0], [1, 1, 0], [0, 0, 1]]) // E.right([[0, 1], [2]])
 */
export const blocks = (pattern: TableSource): E.Either<GraphError, number[][]> =>
  E.map(blocksOf)(squareBits('blocks', 'the pattern', pattern))

/** Blocks and how they depend on one another; rows and columns of both matrices number the blocks. */
export interface BlockOrder {
  readonly blocks: number[][]
  /** Entry (a, b) iff the latents of block a may stay mixed with those of block b; a partial order. */
  readonly order: EdgeTable
  /** The order's covering relation: no loops and nothing that follows by transitivity, as in a Hasse diagram. */
  readonly covers: EdgeTable
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

interface BlockOrderBits {
  readonly blocks: number[][]
  readonly order: BinaryMatrix
}

/** The order between blocks, as bit sets. */
export const orderOf = (pattern: BinaryMatrix): BlockOrderBits => {
  const found = blocksOf(pattern)
  const blockOf = new Int32Array(pattern.rows)
  found.forEach((block, b) => {
    for (const i of block) blockOf[i] = b
  })
  const order = blank(found.length, found.length)
  found.forEach((block, a) => {
    for (const j of rowSupport(pattern, block[0])) setBit(order, a, blockOf[j])
  })
  return { blocks: found, order }
}

/**
 * The partial order between the blocks of a (reflexive, transitive) pattern. Errors: `NotBinary`, `ShapeMismatch` (not
 * square).
 */
export const blockOrder = (pattern: TableSource): E.Either<GraphError, BlockOrder> =>
  E.map((bits: BinaryMatrix): BlockOrder => {
    const { blocks: found, order } = orderOf(bits)
    return { blocks: found, order: tableOf(order), covers: tableOf(coveringRelation(order)) }
  })(squareBits('blockOrder', 'the pattern', pattern))

/** `reflexiveTransitiveClosure` of bit sets. */
export const closureOf = (m: BinaryMatrix): BinaryMatrix => {
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

/**
 * The least reflexive and transitive table above a square one (S. Warshall, JACM 1962): what an entanglement
 * graph generates under composition. Errors: `NotBinary`, `ShapeMismatch` (not square).
 */
export const reflexiveTransitiveClosure = (table: TableSource): E.Either<GraphError, EdgeTable> =>
  E.map((m: BinaryMatrix): EdgeTable => tableOf(closureOf(m)))(
    squareBits('reflexiveTransitiveClosure', 'the table', table)
  )
