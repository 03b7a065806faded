import { orThrow } from '@mechid/values'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  evidenceOf,
  type GraphEvidence,
  graphFromRows,
  graphPattern,
  namedGraph,
  rowSupport,
  singlingOut
} from '../src/index.js'
import { graphs } from './arbitraries.js'

const keys = ({ actions, causes, effects }: GraphEvidence): string[] => [
  ...actions.map((l) => `a${l}`),
  ...causes.map(({ latent, lag }) => `c${latent}.${lag}`),
  ...effects.map(({ latent, lag }) => `e${latent}.${lag}`)
]

describe('singlingOut', () => {
  it('gives evidence of a latent that no other has all of, exactly where the pattern has a lone entry', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const all = Array.from({ length: graph.size }, (_, i) => keys(evidenceOf(graph, i)))
        const pattern = graphPattern(graph)
        singlingOut(graph).forEach((chosen, i) => {
          expect(chosen === undefined).toBe(rowSupport(pattern, i).length > 1)
          if (chosen === undefined) return
          const own = keys(chosen)
          expect(all[i]).toEqual(expect.arrayContaining(own))
          all.forEach((other, j) => {
            if (j !== i) expect(own.every((key) => other.includes(key))).toBe(false)
          })
        })
      })
    )
  })

  it('says why, in few pieces', () => {
    const [first] = singlingOut(orThrow(namedGraph('ActionNonDiag', 40)))
    expect(first).toEqual({ actions: [0, 39], causes: [], effects: [] })
    const chain = singlingOut(orThrow(namedGraph('TimeBidirectionalChain', 5)))
    expect(chain[0]).toBeUndefined()
    expect(chain[2]).toEqual({
      actions: [],
      causes: [
        { latent: 1, lag: 1 },
        { latent: 3, lag: 1 }
      ],
      effects: []
    })
  })

  it('needs nothing where there is one latent', () => {
    expect(singlingOut(orThrow(graphFromRows({ actions: [[1]] })))).toEqual([
      { actions: [], causes: [], effects: [] }
    ])
  })
})
