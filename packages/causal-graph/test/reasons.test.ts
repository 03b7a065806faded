import { problem } from '@mechid/mechanisms'
import { orThrow } from '@mechid/values'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addActions,
  get,
  graphFromRows,
  graphPattern,
  graphToRows,
  isSubset,
  namedGraph,
  predict,
  predictKernel,
  tabulate
} from '../src/index.js'
import { graphs } from './arbitraries.js'

describe('the reason for each latent', () => {
  it('names a pair, and remedies that work', () => {
    let edges = 0
    fc.assert(
      fc.property(graphs, (graph) => {
        const pattern = graphPattern(graph)
        for (const { latent: i, identified, pair, remedy } of predict(graph).reasons) {
          expect(identified).toBe(predict(graph).complete.includes(i))
          if (pair === undefined || remedy === undefined) continue
          expect(get(pattern, i, pair.other)).toBe(true)
          expect(pair.mutual).toBe(get(pattern, pair.other, i))
          const acted = graphPattern(
            orThrow(
              addActions(
                graph,
                tabulate(graph.size, 1, (z) => z === remedy.action.reaches)
              )
            )
          )
          expect(isSubset(acted, pattern)).toBe(true)
          for (const j of remedy.action.spares) expect(get(acted, i, j)).toBe(false)
          if (remedy.edge === undefined) continue
          edges++
          const { latents = [], ...rest } = graphToRows(graph)
          expect(latents[remedy.edge.effect][remedy.edge.cause]).toBe(0)
          latents[remedy.edge.effect][remedy.edge.cause] = 1
          const more = graphPattern(orThrow(graphFromRows({ ...rest, latents })))
          expect(get(more, i, pair.other)).toBe(false)
          expect(isSubset(more, pattern)).toBe(true)
        }
      }),
      { seed: 61, numRuns: 200 }
    )
    expect(edges).toBeGreaterThan(50)
  })

  it('is one sentence', () => {
    const { reasons, order } = predict(orThrow(namedGraph('TimeBidirectionalChain', 4)))
    expect(reasons[0].text).toBe(
      'z0 cannot be told from z1 (one way): all that bears on it bears on z1 as well. An action on z0 that spares z1 would tell, or, from z1, an edge z3 → z0.'
    )
    expect(reasons[1].text).toBe('z1 is identified up to an element-wise map.')
    expect(order).toEqual([
      [0, 1],
      [3, 2]
    ])
  })

  it('comes from a kernel, too', () => {
    const kernel = orThrow(problem('ActionBlockDiag', { latents: 4 }))
    expect(predictKernel(kernel)).toEqual(predict(orThrow(namedGraph('ActionBlockDiag', 4))))
    expect(predictKernel(kernel).reasons[2]).toMatchObject({
      pair: { other: 3, mutual: true },
      remedy: { action: { reaches: 2, spares: [3] } }
    })
  })

  it('is quick for hundreds of latents', () => {
    for (const name of ['TimeAllOnes', 'TimeBlockDiag', 'ActionSingle'] as const)
      expect(predict(orThrow(namedGraph(name, 300))).reasons.length).toBe(300)
  })
})

it('adding an action never adds entanglement', () => {
  fc.assert(
    fc.property(graphs, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), (graph, targets) => {
      const more = orThrow(
        addActions(
          graph,
          tabulate(graph.size, 1, (i) => targets[i])
        )
      )
      expect(isSubset(graphPattern(more), graphPattern(graph))).toBe(true)
    }),
    { seed: 62 }
  )
})
