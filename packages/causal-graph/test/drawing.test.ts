import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { entanglementDrawing, graphDrawing, graphPattern, toDot, toMermaid } from '../src/index.js'

const graph = {
  latents: [
    [1, 0],
    [1, 0]
  ],
  actions: [[0], [1]]
}
const labels = { latents: ['ball "x"\nheight', 'back\\slash <b>'], actions: ['push #1'] }

describe('toDot', () => {
  it('writes nodes with stable ids and escaped labels, arrows from cause to effect', () => {
    expect(toDot(orThrow(graphDrawing(graph, labels)), 'my "graph"')).toBe(
      [
        'digraph "my \\"graph\\"" {',
        '  a0 [label="push #1", shape=box];',
        '  z0 [label="ball \\"x\\"\\nheight", shape=ellipse];',
        '  z1 [label="back\\\\slash <b>", shape=ellipse];',
        '  z0 -> z0;',
        '  a0 -> z1;',
        '  z0 -> z1;',
        '}',
        ''
      ].join('\n')
    )
  })

  it('labels arrows with lags where there are several', () => {
    const lagged = { latents: [[1, 1]] }
    expect(toDot(orThrow(graphDrawing(lagged)))).toContain('z0 -> z0 [label="lag 2"];')
  })
})

describe('toMermaid', () => {
  it('writes nodes with stable ids and escaped labels', () => {
    expect(toMermaid(orThrow(graphDrawing(graph, labels)))).toBe(
      [
        'flowchart LR',
        '  a0["push #35;1"]',
        '  z0("ball #quot;x#quot;<br/>height")',
        '  z1("back#92;slash #lt;b#gt;")',
        '  z0 --> z0',
        '  a0 --> z1',
        '  z0 --> z1',
        ''
      ].join('\n')
    )
  })

  it('draws the pattern without its diagonal, with default labels', () => {
    const nested = { actions: [[0], [1]] }
    expect(toMermaid(orThrow(entanglementDrawing(orThrow(graphPattern(nested)))))).toBe(
      'flowchart LR\n  z0("z0")\n  z1("z1")\n  z1 --> z0\n'
    )
  })
})
