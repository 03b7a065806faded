import { orThrow } from '@mechid/values'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  blockOrder,
  blocks,
  fromRows,
  get,
  graphFromRows,
  graphPattern,
  isSubset,
  reflexiveTransitiveClosure,
  toRows
} from '../src/index.js'
import { graphs, rowsOf } from './arbitraries.js'

describe('blocks', () => {
  it('partition the latents into the mutually entangled sets', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const p = graphPattern(graph)
        const found = blocks(p)
        expect(found.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: graph.size }, (_, i) => i))
        const blockOf = (i: number) => found.findIndex((block) => block.includes(i))
        for (let i = 0; i < graph.size; i++)
          for (let j = 0; j < graph.size; j++)
            expect(blockOf(i) === blockOf(j)).toBe(get(p, i, j) && get(p, j, i))
      })
    )
  })
})

describe('blockOrder', () => {
  it('orders nested targets as a chain', () => {
    const graph = orThrow(
      graphFromRows({
        actions: [
          [0, 0],
          [1, 0],
          [1, 0],
          [1, 1]
        ]
      })
    )
    const { blocks: found, order, covers } = blockOrder(graphPattern(graph))
    expect(found).toEqual([[0], [1, 2], [3]])
    expect(toRows(order)).toEqual([
      [1, 1, 1],
      [0, 1, 1],
      [0, 0, 1]
    ])
    expect(toRows(covers)).toEqual([
      [0, 1, 0],
      [0, 0, 1],
      [0, 0, 0]
    ])
  })

  it('is a partial order that its covering relation generates', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const { order, covers } = blockOrder(graphPattern(graph))
        for (let a = 0; a < order.rows; a++)
          for (let b = 0; b < order.rows; b++) {
            if (a !== b) expect(get(order, a, b) && get(order, b, a)).toBe(false)
          }
        expect(toRows(reflexiveTransitiveClosure(covers))).toEqual(toRows(order))
      })
    )
  })
})

describe('reflexiveTransitiveClosure', () => {
  it('follows a path to its end', () => {
    const path = orThrow(
      fromRows([
        [0, 1, 0],
        [0, 0, 1],
        [0, 0, 0]
      ])
    )
    expect(toRows(reflexiveTransitiveClosure(path))).toEqual([
      [1, 1, 1],
      [0, 1, 1],
      [0, 0, 1]
    ])
  })

  it('contains the matrix and leaves patterns alone', () => {
    fc.assert(
      fc.property(rowsOf(6, 6), graphs, (plain, graph) => {
        const m = orThrow(fromRows(plain))
        expect(isSubset(m, reflexiveTransitiveClosure(m))).toBe(true)
        const p = graphPattern(graph)
        expect(toRows(reflexiveTransitiveClosure(p))).toEqual(toRows(p))
      })
    )
  })
})
