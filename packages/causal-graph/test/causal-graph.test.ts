import { causalGraph, kernel, problem } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { type CausalGraph, orThrow } from '@mechid/values'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addActions,
  eqCausalGraph,
  identityPermutation,
  inversePermutation,
  lagMatrices,
  permuteGraph,
  predict,
  showCausalGraph
} from '../src/index.js'
import { graphOf, graphs, permutationOf } from './arbitraries.js'
import { errorText } from './error-text.js'
import { identity, sizeOf, tableOf } from './tables.js'

const errorOf = (graph: CausalGraph): string => errorText(predict(graph))

describe('a plain graph', () => {
  it.each<[CausalGraph, string]>([
    [{}, 'predict: the graph is empty, expected latents (Gz), actions (Ga) or both'],
    [{ latents: [] }, 'predict, latents (Gz): the matrix is empty, expected at least one row'],
    [{ latents: [[1, 2]] }, 'predict, latents (Gz): entry [0][1] is 2, expected 0 or 1'],
    [{ actions: [[1], []] }, 'predict, actions (Ga): the length of row 1 is 0, expected 1, as row 0 has'],
    [
      { latents: [[1], [0]] },
      'predict: the number of columns of latents (Gz) is 1, expected 2, one for each row, or a multiple of it for several lags'
    ],
    [
      { latents: [[1]], actions: [[1], [1]] },
      'predict: the number of rows of actions (Ga) is 2, expected 1, as latents (Gz) has'
    ]
  ])('says what is wrong with %j', (plain, text) => {
    expect(errorOf(plain)).toBe(text)
  })

  it('comes back from bit sets', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const again = orThrow(permuteGraph(identityPermutation(sizeOf(graph)), graph))
        expect(eqCausalGraph.equals(again, graph)).toBe(true)
      })
    )
  })

  it('takes a part of empty rows for no evidence, as one that is absent', () => {
    const [static2, actions] = [{ latents: [[], []], actions: [[1], [0]] }, { actions: [[1], [0]] }]
    expect(orThrow(predict(static2))).toEqual(orThrow(predict(actions)))
    expect(eqCausalGraph.equals(static2, actions)).toBe(true)
    expect(orThrow(predict({ latents: [[], []] })).kind).toBe('none')
  })

  it('is the same as the kernel that it is read off, also where nothing bears on anything', () => {
    const idle = orThrow(kernel({ latents: 3, location: (F) => [F.zero, F.zero, F.zero], scale: 1 }))
    expect(causalGraph(idle)).toEqual({})
    expect(orThrow(predict(idle))).toEqual(orThrow(predict({ latents: [[], [], []] })))
    const chain = orThrow(problem('TimeBlockNonDiag', { latents: 6 }))
    expect(orThrow(predict(chain))).toEqual(orThrow(predict(causalGraph(chain))))
  })

  it('splits lags that do not end with a word of 32 latents', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(),
        (d, lags, seed) => {
          const random = generator(seed)
          const parts = Array.from({ length: lags }, () => tableOf(d, d, () => random.uniform() < 0.5))
          const latents = parts[0].map((_, i) => parts.flatMap((part) => part[i]))
          expect(orThrow(lagMatrices({ latents }))).toEqual(parts)
        }
      ),
      { numRuns: 60 }
    )
  })

  it('splits several lags', () => {
    const graph = {
      latents: [
        [1, 0, 0, 1],
        [0, 1, 0, 0]
      ]
    }
    expect(orThrow(lagMatrices(graph))).toEqual([
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
        const back = orThrow(permuteGraph(inversePermutation(p), orThrow(permuteGraph(p, graph))))
        expect(eqCausalGraph.equals(back, graph)).toBe(true)
      })
    )
  })

  it('adds action columns behind those present', () => {
    const graph = { actions: [[1], [1]] }
    expect(orThrow(addActions(graph, identity(2))).actions).toEqual([
      [1, 1, 0],
      [1, 0, 1]
    ])
    const wrong = addActions({ latents: [[1]] }, identity(2))
    expect(errorText(wrong)).toBe('addActions: the number of rows is 2, expected 1')
  })

  it('shows its parts', () => {
    expect(showCausalGraph.show({ latents: [[1]], actions: [[1, 0]] })).toBe('Gz\n1\nGa\n10')
  })
})
