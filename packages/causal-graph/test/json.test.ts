import { orThrow } from '@mechid/values'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eqCausalGraph, graphFromDocument, graphFromJson, graphToJson } from '../src/index.js'
import { graphs } from './arbitraries.js'
import { errorText } from './error-text.js'
import { sizeOf } from './tables.js'

const said = (document: unknown): string => errorText(graphFromJson(JSON.stringify(document)))

describe('JSON', () => {
  it('comes back as it went out', () => {
    fc.assert(
      fc.property(graphs, fc.array(fc.string(), { maxLength: 3 }), (graph, names) => {
        const latents = names.slice(0, sizeOf(graph))
        const back = orThrow(graphFromJson(orThrow(graphToJson(graph, { latents }))))
        expect(eqCausalGraph.equals(back.graph, graph)).toBe(true)
        expect(back.labels).toEqual({ latents })
      })
    )
  })

  it('keeps several lags, and a graph without parts', () => {
    const lagged = { latents: [[1, 0, 1, 1]].concat([[0, 1, 0, 0]]) }
    expect(orThrow(graphFromJson(orThrow(graphToJson(lagged))))).toEqual({ graph: lagged, labels: {} })
    expect(orThrow(graphFromJson(orThrow(graphToJson({ latents: [[], [], []] })))).graph).toEqual({
      latents: [[], [], []]
    })
    expect(orThrow(graphFromDocument({ size: 3 })).graph).toEqual({ latents: [[], [], []] })
  })

  it('is one line a row', () => {
    const graph = { actions: [[1], [0]] }
    expect(orThrow(graphToJson(graph))).toBe(
      '{\n  "format": "mechid/causal-graph",\n  "version": 1,\n  "size": 2,\n  "actions": [\n    [1],\n    [0]\n  ]\n}\n'
    )
  })

  it('reads plain rows among other members', () => {
    const document = { convention: 'row = effect', latents: [[1]], prediction: {} }
    expect(orThrow(graphFromDocument(document)).graph.latents).toEqual([[1]])
  })

  it.each([
    [[], 'the document is an array of 0, expected an object'],
    [{ actions: 3 }, 'actions is 3, expected an array of rows'],
    [{ actions: [[1], 'x'] }, 'actions[1] is "x", expected a row'],
    [{ latents: [[1, '0']] }, 'latents[0][1] is "0", expected 0 or 1'],
    [{ latents: [[1, null]] }, 'latents[0][1] is null, expected 0 or 1'],
    [{ actions: [[1, 0], [1]] }, 'the length of row 1 is 1, expected 2, as row 0 has'],
    [{ actions: [] }, 'the matrix is empty'],
    [{}, 'the graph is empty'],
    [
      {
        latents: [
          [1, 0, 0],
          [0, 0, 0]
        ]
      },
      'the number of columns of latents (Gz) is 3'
    ],
    [{ latents: [[1]], actions: [[1], [1]] }, 'the number of rows of actions (Ga) is 2, expected 1'],
    [{ size: 3, actions: [[1], [1]] }, 'size is 3, expected 2, the number of rows'],
    [{ size: 0 }, 'size is 0, expected a whole number'],
    [{ size: 1, format: 'dot' }, 'format is "dot", expected "mechid/causal-graph"'],
    [{ size: 1, version: 2 }, 'version is 2, expected 1'],
    [{ size: 1, labels: 'x' }, 'labels is "x", expected an object'],
    [{ size: 1, labels: { latents: ['a', 'b'] } }, 'the number of labels.latents is 2, expected at most 1'],
    [{ size: 1, labels: { latents: [4] } }, 'labels.latents[0] is 4, expected a string']
  ])('refuses %j with the place', (document, words) => {
    expect(said(document)).toContain(words)
  })

  it('refuses a text that is no JSON', () => {
    expect(errorText(graphFromJson('{"latents": [[1,]]}'))).toMatch(/the text is no JSON \(.+\), expected/)
  })
})
