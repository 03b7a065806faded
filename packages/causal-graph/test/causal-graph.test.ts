import { orThrow } from '@mechid/values'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addActions,
  eqCausalGraph,
  graphFromRows,
  graphToRows,
  identityMatrix,
  inverse,
  lagMatrices,
  type PlainGraph,
  permuteGraph,
  showCausalGraph,
  toRows
} from '../src/index.js'
import { graphOf, graphs, permutationOf } from './arbitraries.js'
import { errorText } from './error-text.js'

const errorOf = (plain: PlainGraph): string => errorText(graphFromRows(plain))

describe('graphFromRows', () => {
  it.each<[PlainGraph, string]>([
    [{}, 'graphFromRows: the graph is empty, expected latents (Gz), actions (Ga) or both'],
    [{ latents: [] }, 'latents (Gz): the matrix is empty, expected at least one row'],
    [{ latents: [[1, 2]] }, 'latents (Gz): entry [0][1] is 2, expected 0 or 1'],
    [{ actions: [[1], []] }, 'actions (Ga): the length of row 1 is 0, expected 1, as row 0 has'],
    [
      { latents: [[1], [0]] },
      'graphFromRows: the number of columns of latents (Gz) is 1, expected 2, one for each row, or a multiple of it for several lags'
    ],
    [
      { latents: [[1]], actions: [[1], [1]] },
      'graphFromRows: the number of rows of actions (Ga) is 2, expected 1, as latents (Gz) has'
    ]
  ])('says what is wrong with %j', (plain, text) => {
    expect(errorOf(plain)).toBe(text)
  })

  it('gives back what it read', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const again = orThrow(graphFromRows(graphToRows(graph)))
        expect(eqCausalGraph.equals(again, graph)).toBe(true)
      })
    )
  })

  it('reads the empty Gz of a static kernel as no evidence', () => {
    expect(graphToRows(orThrow(graphFromRows({ latents: [[], []], actions: [[1], [0]] })))).toEqual({
      actions: [[1], [0]]
    })
  })

  it('splits several lags', () => {
    const graph = orThrow(
      graphFromRows({
        latents: [
          [1, 0, 0, 1],
          [0, 1, 0, 0]
        ]
      })
    )
    expect(lagMatrices(graph).map(toRows)).toEqual([
      [
        [1, 0],
        [0, 1]
      ],
      [
        [0, 1],
        [0, 0]
      ]
    ])
  })
})

describe('combinators and instances', () => {
  it('relabels back by the inverse', () => {
    fc.assert(
      fc.property(graphOf(6), permutationOf(6), (graph, p) => {
        const back = orThrow(permuteGraph(inverse(p), orThrow(permuteGraph(p, graph))))
        expect(eqCausalGraph.equals(back, graph)).toBe(true)
      })
    )
  })

  it('adds action columns behind those present', () => {
    const graph = orThrow(graphFromRows({ actions: [[1], [1]] }))
    expect(graphToRows(orThrow(addActions(graph, identityMatrix(2)))).actions).toEqual([
      [1, 1, 0],
      [1, 0, 1]
    ])
    const wrong = addActions(orThrow(graphFromRows({ latents: [[1]] })), identityMatrix(2))
    expect(errorText(wrong)).toBe('addActions: the number of rows is 2, expected 1')
  })

  it('shows its parts', () => {
    expect(showCausalGraph.show(orThrow(graphFromRows({ latents: [[1]], actions: [[1, 0]] })))).toBe(
      'Gz\n1\nGa\n10'
    )
  })
})
