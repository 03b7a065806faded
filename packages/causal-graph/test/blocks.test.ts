import { orThrow } from '@mechid/values'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockOrder, blocks, graphPattern, reflexiveTransitiveClosure } from '../src/index.js'
import { graphs, rowsOf } from './arbitraries.js'
import { isWithin, sizeOf } from './tables.js'

describe('blocks', () => {
  it('partition the latents into the mutually entangled sets', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const p = orThrow(graphPattern(graph))
        const found = orThrow(blocks(p))
        expect(found.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: sizeOf(graph) }, (_, i) => i))
        const blockOf = (i: number) => found.findIndex((block) => block.includes(i))
        for (let i = 0; i < sizeOf(graph); i++)
          for (let j = 0; j < sizeOf(graph); j++)
            expect(blockOf(i) === blockOf(j)).toBe(p[i][j] === 1 && p[j][i] === 1)
      })
    )
  })
})

describe('blockOrder', () => {
  it('orders nested targets as a chain', () => {
    const graph = {
      actions: [
        [0, 0],
        [1, 0],
        [1, 0],
        [1, 1]
      ]
    }
    const { blocks: found, order, covers } = orThrow(blockOrder(orThrow(graphPattern(graph))))
    expect(found).toEqual([[0], [1, 2], [3]])
    expect(order).toEqual([
      [1, 1, 1],
      [0, 1, 1],
      [0, 0, 1]
    ])
    expect(covers).toEqual([
      [0, 1, 0],
      [0, 0, 1],
      [0, 0, 0]
    ])
  })

  it('is a partial order that its covering relation generates', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const { order, covers } = orThrow(blockOrder(orThrow(graphPattern(graph))))
        for (let a = 0; a < order.length; a++)
          for (let b = 0; b < order.length; b++) {
            if (a !== b) expect(order[a][b] === 1 && order[b][a] === 1).toBe(false)
          }
        expect(orThrow(reflexiveTransitiveClosure(covers))).toEqual(order)
      })
    )
  })
})

describe('reflexiveTransitiveClosure', () => {
  it('follows a path to its end', () => {
    const path = [
      [0, 1, 0],
      [0, 0, 1],
      [0, 0, 0]
    ]
    expect(orThrow(reflexiveTransitiveClosure(path))).toEqual([
      [1, 1, 1],
      [0, 1, 1],
      [0, 0, 1]
    ])
  })

  it('contains the matrix and leaves patterns alone', () => {
    fc.assert(
      fc.property(rowsOf(6, 6), graphs, (plain, graph) => {
        const m = plain
        expect(isWithin(m, orThrow(reflexiveTransitiveClosure(m)))).toBe(true)
        const p = orThrow(graphPattern(graph))
        expect(orThrow(reflexiveTransitiveClosure(p))).toEqual(p)
      })
    )
  })
})
