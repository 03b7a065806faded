import { orThrow, showError } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { type ReportContent, renderHtml, renderPictures, thin } from '../src/index.js'
import { renderSvg } from '../src/render.js'

const content: ReportContent = {
  title: 'Learned <b>latents</b>',
  subtitle: 'six & more',
  prediction: ['Complete disentanglement.'],
  verdict: ['Kept.'],
  metrics: [
    { name: 'MCC', value: 0.981, interval: [0.97, 0.99], chance: 0.05, explanation: 'one to one' },
    { name: 'SHD', value: 1, explanation: 'wrong edges' }
  ],
  history: { step: [1, 2, 3], loss: [3, 2, 1.5], edges: [4, 3, 2], bound: [4, 3, 2] },
  correlation: [
    [0.98, -0.1],
    [0.05, 0.97]
  ],
  graphs: [
    {
      title: 'Actions on latents',
      learned: [
        [1, 1],
        [0, 0]
      ],
      truth: [
        [1, 0],
        [0, 1]
      ],
      rowLabels: ['z1', 'z2'],
      columnLabels: ['a1', 'a2']
    }
  ],
  entanglement: {
    predicted: [
      [1, 0],
      [0, 1]
    ],
    measured: [
      [0.9, 0.1],
      [0, 1]
    ]
  },
  configuration: { batch: 256 },
  seed: 1,
  engine: 'wasm',
  seconds: 12.3
}

describe('pictures', () => {
  it('are SVGs that open alone, one for each part', async () => {
    const pictures = await orThrow(renderPictures(content))
    expect(pictures.map(({ name }) => name)).toEqual([
      'actions-on-latents.svg',
      'correlation.svg',
      'entanglement.svg',
      'loss.svg',
      'edges.svg'
    ])
    for (const { svg } of pictures) expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/)
  })

  it('mark an extra and a missing edge', async () => {
    const graph = (await orThrow(renderPictures(content))).find(({ name }) => name.startsWith('actions'))
    expect(graph?.svg).toContain('>+</text>')
    expect(graph?.svg).toContain('>−</text>')
  })

  it('print numbers only where they fit', async () => {
    const wide = Array.from({ length: 20 }, () => new Array<number>(20).fill(0.25))
    const svgOf = async (correlation: number[][]): Promise<string | undefined> =>
      (await orThrow(renderPictures({ ...content, correlation }))).find(
        ({ name }) => name === 'correlation.svg'
      )?.svg
    expect(await svgOf([[0.25]])).toContain('.25')
    expect(await svgOf(wide)).not.toContain('.25<')
  })

  it('leave out what is not known', async () => {
    const { correlation: _, entanglement: __, ...rest } = content
    expect(await orThrow(renderPictures(rest))).toHaveLength(3)
  })
})

describe('the page', () => {
  it('is one file without scripts or links, with text as text', async () => {
    const html = await orThrow(renderHtml(content))
    expect(html).toContain('Learned &lt;b&gt;latents&lt;/b&gt;')
    expect(html).not.toMatch(/<script|<link|src=|href="http/)
    expect(html).toContain('0.9700 – 0.9900')
    expect(html).not.toContain('published</th>')
    expect(html).toContain('<th scope="row">batch</th><td>256</td>')
  })
})

describe('thinning', () => {
  it('keeps ends and extremes', () => {
    const values = Float32Array.from({ length: 300_000 }, (_, i) => Math.sin(i / 5000))
    values[123_456] = 50
    const kept = thin(values)
    expect(kept.length).toBeLessThanOrEqual(1000)
    expect([kept[0], kept[kept.length - 1]]).toEqual([0, 299_999])
    expect(kept).toContain(123_456)
  })
})

describe('bad content', () => {
  it.each([
    [
      'a curve of another length',
      { history: { ...content.history, edges: [1] } },
      {
        _tag: 'ShapeMismatch',
        message: 'history.edges: the number of values is 1, expected 3, one a step'
      }
    ],
    [
      'a curve with NaN',
      { history: { ...content.history, loss: [3, Number.NaN, 1] } },
      { _tag: 'NotFinite', where: 'history.loss', row: 1 }
    ],
    [
      'a ragged table',
      { correlation: [[1, 2], [1]] },
      {
        _tag: 'ShapeMismatch',
        message: 'correlation: the table is 2 rows of 2 or 1, expected 2 rows of 2'
      }
    ],
    [
      'a table with NaN',
      { correlation: [[1, 2]].concat([[1, Number.NaN]]) },
      {
        _tag: 'NotFinite',
        message: 'correlation: the table is NaN at row 1, column 1 (counted from 0), expected finite numbers'
      }
    ],
    [
      'a truth that does not fit',
      { graphs: [{ ...content.graphs[0], truth: [[1]] }] },
      { _tag: 'ShapeMismatch', where: 'graph "Actions on latents", truth' }
    ],
    [
      'entanglement that is not square',
      { entanglement: { predicted: [[1, 0]] } },
      { _tag: 'ShapeMismatch', where: 'entanglement.predicted' }
    ],
    [
      'measurements that do not fit',
      { entanglement: { predicted: [[1]], measured: [] } },
      { _tag: 'ShapeMismatch', where: 'entanglement.measured' }
    ],
    [
      'labels that do not fit',
      { graphs: [{ ...content.graphs[0], rowLabels: ['z1'] }] },
      { _tag: 'ShapeMismatch' }
    ],
    [
      'a score that is not a number',
      { metrics: [{ name: 'R', value: Number.NaN, explanation: '' }] },
      { _tag: 'NotFinite', where: 'metric "R"', what: 'the value' }
    ]
  ])('refuses %s', async (_, changes, error) => {
    const result = await renderHtml({ ...content, ...changes })()
    expect(result).toMatchObject({ _tag: 'Left', left: error })
  })
  it('that cannot be drawn is said to be so', async () => {
    const result = await renderSvg('odd.svg', { mark: 'no such mark', data: { values: [] } } as never)()
    expect(result).toMatchObject({ _tag: 'Left', left: { _tag: 'DrawingFailed', where: 'odd.svg' } })
    if (result._tag === 'Left')
      expect(showError.show(result.left)).toMatch(/^odd\.svg: the picture could not be drawn \(.+\)$/s)
  })
})
