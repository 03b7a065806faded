import { problem } from '@mechid/mechanisms'
import { orThrow } from '@mechid/values'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addActions, graphPattern, namedGraph, predict } from '../src/index.js'
import { graphs } from './arbitraries.js'
import { isWithin, sizeOf, tableOf } from './tables.js'

describe('the reason for each latent', () => {
  it('names a pair, and remedies that work', () => {
    let edges = 0
    fc.assert(
      fc.property(graphs, (graph) => {
        const pattern = orThrow(graphPattern(graph))
        for (const { latent: i, identified, pair, remedy } of orThrow(predict(graph)).reasons) {
          expect(identified).toBe(orThrow(predict(graph)).complete.includes(i))
          if (pair === undefined || remedy === undefined) continue
          expect(pattern[i][pair.other] === 1).toBe(true)
          expect(pair.mutual).toBe(pattern[pair.other][i] === 1)
          const acted = orThrow(
            graphPattern(
              orThrow(
                addActions(
                  graph,
                  tableOf(sizeOf(graph), 1, (z) => z === remedy.action.reaches)
                )
              )
            )
          )
          expect(isWithin(acted, pattern)).toBe(true)
          for (const j of remedy.action.spares) expect(acted[i][j] === 1).toBe(false)
          if (remedy.edge === undefined) continue
          edges++
          const { effect, cause } = remedy.edge
          const latents = (graph.latents ?? []).map((row) => [...row])
          expect(latents[effect][cause]).toBe(0)
          latents[effect][cause] = 1
          const more = orThrow(graphPattern({ ...graph, latents }))
          expect(more[i][pair.other] === 1).toBe(false)
          expect(isWithin(more, pattern)).toBe(true)
        }
      }),
      { seed: 61, numRuns: 200 }
    )
    expect(edges).toBeGreaterThan(50)
  })

  it('is one sentence', () => {
    const { reasons, order } = orThrow(predict(orThrow(namedGraph('TimeBidirectionalChain', 4))))
    expect(reasons[0].text).toBe(
      'z0 cannot be told from z1 (one way): all that bears on it bears on z1 as well. An action on z0 that spares z1 would tell it apart; so would, from z1, an edge z3 → z0.'
    )
    expect(reasons[1].text).toBe('z1 is identified up to an element-wise map.')
    expect(order).toEqual([
      [0, 1],
      [3, 2]
    ])
  })

  it('comes from a kernel, too', () => {
    const kernel = orThrow(problem('ActionBlockDiag', { latents: 4 }))
    expect(orThrow(predict(kernel))).toEqual(orThrow(predict(orThrow(namedGraph('ActionBlockDiag', 4)))))
    expect(orThrow(predict(kernel)).reasons[2]).toMatchObject({
      pair: { other: 3, mutual: true },
      remedy: { action: { reaches: 2, spares: [3] } }
    })
  })

  it('is quick for hundreds of latents', () => {
    for (const name of ['TimeAllOnes', 'TimeBlockDiag', 'ActionSingle'] as const)
      expect(orThrow(predict(orThrow(namedGraph(name, 300)))).reasons.length).toBe(300)
  })
})

it('adding an action never adds entanglement', () => {
  fc.assert(
    fc.property(graphs, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), (graph, targets) => {
      const more = orThrow(
        addActions(
          graph,
          tableOf(sizeOf(graph), 1, (i) => targets[i])
        )
      )
      expect(isWithin(orThrow(graphPattern(more)), orThrow(graphPattern(graph)))).toBe(true)
    }),
    { seed: 62 }
  )
})
