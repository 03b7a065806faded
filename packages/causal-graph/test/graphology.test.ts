import { orThrow } from '@mechid/values'
import fc from 'fast-check'
import Graph from 'graphology'
import { describe, expect, it } from 'vitest'
import {
  eqCausalGraph,
  type GraphologyDocument,
  graphFromGraphology,
  graphToGraphology
} from '../src/index.js'
import { graphs } from './arbitraries.js'
import { errorText } from './error-text.js'

const read = (document: GraphologyDocument): string => errorText(graphFromGraphology(document))
const latent = (key: string) => ({ key, attributes: { kind: 'latent' } })

describe('graphology', () => {
  it('takes what goes out and gives it back, as an instance and as its export', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const network = Graph.from(orThrow(graphToGraphology(graph)))
        for (const source of [network, network.export()])
          expect(eqCausalGraph.equals(orThrow(graphFromGraphology(source)).graph, graph)).toBe(true)
      })
    )
  })

  it('has arrows from causes to effects, with lags and labels', () => {
    const graph = { latents: [[1, 0, 0, 1]].concat([[0, 0, 0, 0]]), actions: [[0], [1]] }
    const network = Graph.from(
      orThrow(graphToGraphology(graph, { latents: ['angle', 'speed'], actions: ['push'] }))
    )
    expect(network.inNeighbors('z1')).toEqual(['a0'])
    expect(network.getEdgeAttribute('z1->z0@2', 'lag')).toBe(2)
    const back = orThrow(graphFromGraphology(network))
    expect(back.labels).toEqual({ latents: ['angle', 'speed'], actions: ['push'] })
    expect(eqCausalGraph.equals(back.graph, graph)).toBe(true)
  })

  it('reads a network made elsewhere, by kindOf', () => {
    const network = new Graph({ type: 'directed' })
    for (const key of ['u1', 'x', 'y']) network.addNode(key)
    network.addEdge('u1', 'y')
    network.addEdge('x', 'y')
    const kindOf = (key: string): string => (key.startsWith('u') ? 'action' : 'latent')
    const { graph, labels } = orThrow(graphFromGraphology(network, { kindOf }))
    const expected = {
      latents: [
        [0, 0],
        [1, 0]
      ],
      actions: [[0], [1]]
    }
    expect(eqCausalGraph.equals(graph, expected)).toBe(true)
    expect(labels).toEqual({ latents: ['x', 'y'], actions: ['u1'] })
  })

  it('orders nodes by their index', () => {
    const nodes = [2, 0, 1].map((index) => ({ key: `n${index}`, attributes: { kind: 'latent', index } }))
    expect(orThrow(graphFromGraphology({ nodes, edges: [] })).labels.latents).toEqual(['n0', 'n1', 'n2'])
  })

  it.each<[string, GraphologyDocument]>([
    ['the kind of node "x" is missing, expected "latent" or "action"', { nodes: [{ key: 'x' }], edges: [] }],
    ['the list of latents is empty', { nodes: [], edges: [] }],
    ['nodes[1].key is "x", which stands there already', { nodes: [latent('x'), latent('x')], edges: [] }],
    [
      'edges[0].source is "y", expected the key of a node',
      { nodes: [latent('x')], edges: [{ source: 'y', target: 'x' }] }
    ],
    [
      'edges[0] is undirected',
      { nodes: [latent('x')], edges: [{ source: 'x', target: 'x', undirected: true }] }
    ],
    [
      'edges[0].target is the action "a"',
      {
        nodes: [latent('x'), { key: 'a', attributes: { kind: 'action' } }],
        edges: [{ source: 'x', target: 'a' }]
      }
    ],
    [
      'edges[0].attributes.lag is 0.5, expected a whole number of steps',
      { nodes: [latent('x')], edges: [{ source: 'x', target: 'x', attributes: { lag: 0.5 } }] }
    ],
    [
      'attributes.lags is 1, expected a whole number, 2',
      {
        attributes: { lags: 1 },
        nodes: [latent('x')],
        edges: [{ source: 'x', target: 'x', attributes: { lag: 2 } }]
      }
    ]
  ])('says that %s', (words, document) => {
    expect(read(document)).toContain(words)
  })
})
