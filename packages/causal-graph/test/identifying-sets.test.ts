import { orThrow } from '@mechid/values'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evidenceOf, type GraphEvidence, graphPattern, identifyingSets, namedGraph } from '../src/index.js'
import { graphs } from './arbitraries.js'
import { causesIn, sizeOf } from './tables.js'

const keys = ({ actions, causes, effects }: GraphEvidence): string[] => [
  ...actions.map((l) => `a${l}`),
  ...causes.map(({ latent, lag }) => `c${latent}.${lag}`),
  ...effects.map(({ latent, lag }) => `e${latent}.${lag}`)
]

describe('identifyingSets', () => {
  it('gives evidence of a latent that no other has all of, exactly where the pattern has a lone entry', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const all = Array.from({ length: sizeOf(graph) }, (_, i) => keys(orThrow(evidenceOf(graph, i))))
        const pattern = orThrow(graphPattern(graph))
        orThrow(identifyingSets(graph)).forEach((chosen, i) => {
          expect(chosen === undefined).toBe(causesIn(pattern, i).length > 1)
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
    const [first] = orThrow(identifyingSets(orThrow(namedGraph('ActionNonDiag', 40))))
    expect(first).toEqual({ actions: [0, 39], causes: [], effects: [] })
    const chain = orThrow(identifyingSets(orThrow(namedGraph('TimeBidirectionalChain', 5))))
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
    expect(orThrow(identifyingSets({ actions: [[1]] }))).toEqual([{ actions: [], causes: [], effects: [] }])
  })
})
