/** Names of columns, files and latents hold anything: in every page and picture they are text. */
import { orThrow, printable } from '@mechid/values'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Picture, type ReportContent, renderDocument, renderHtml } from '../src/index.js'
import { page } from '../src/page.js'
import { plansOf } from '../src/plans.js'
import { picture } from '../src/svg/picture.js'
import { isBalanced, tagNames } from './markup.js'

const HOSTILE = [
  '<script>alert(1)</script>',
  '</title><img src=x onerror=alert(1)>',
  '" onload="alert(1)',
  "' onclick='alert(1)",
  '&amp;<&',
  'two\nlines\tand a tab',
  '\u202egnp.tfel ot thgir',
  '\u001b[2J\u009b31m\u0007',
  '\u0000\ufffe\ud800',
  'x'.repeat(300),
  '😀👩‍👩‍👧',
  'שלום عربى',
  '',
  '   ',
  ']]>--><!--'
]

const name = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 30 })
)
const names = fc.tuple(name, name, name)

type Names = readonly [string, string, string]

const square = (value: (i: number, j: number) => number): number[][] =>
  [0, 1, 2].map((i) => [0, 1, 2].map((j) => value(i, j)))

/** All that a report can show, with one name in every place of its kind. */
const contentOf = (latents: Names, causes: Names, features: Names, text: string): ReportContent => ({
  title: text,
  subtitle: text,
  prediction: [text],
  verdict: [text],
  metrics: [{ name: text, value: 1, explanation: text }],
  history: { step: [1, 2], loss: [1, 0], edges: [2, 1] },
  correlation: square((i, j) => (i === j ? 1 : 0.2)),
  entanglement: { predicted: square((i, j) => (i === j ? 1 : 0)) },
  latentNames: { true: causes, learned: latents },
  graphs: [
    {
      title: text,
      learned: square((i, j) => (i === j ? 1 : 0)),
      truth: square((i, j) => (i + j < 3 ? 1 : 0)),
      probability: square((i, j) => (i === j ? 0.97 : 0.3)),
      undecided: square((i, j) => (i === j ? 0 : 1)),
      seeds: { count: 3, share: square(() => 1 / 3), spread: square(() => 0.5) },
      causes: 'actions',
      rowLabels: latents,
      columnLabels: causes
    }
  ],
  latents: latents.map((latent) => ({ name: latent, state: text, tone: 'open', scores: { [text]: 0.5 } })),
  sensorMap: {
    latents,
    features,
    slope: square((i, j) => (i === j ? 1 : 0.1)),
    share: square(() => 0.3),
    states: latents.map(() => ({ state: text, tone: 'good' }))
  },
  panels: [
    {
      name: text,
      heading: text,
      caption: text,
      marks: 'lines',
      panels: latents.map((y, i) => ({
        x: causes[i],
        y,
        series: [{ name: features[i], x: [0, 1], y: [0, 1] }]
      }))
    }
  ],
  origin: [
    [text, text],
    [text, [...features]]
  ],
  configuration: { [text]: text },
  seed: 1,
  engine: text,
  seconds: 1
})

/** The pictures that hold people’s names; curves, which hold none, take long. */
const drawnPictures = (content: ReportContent): Picture[] =>
  plansOf(content).flatMap((plan) =>
    'drawing' in plan
      ? [{ ...plan, svg: picture(plan.drawing, plan.heading, plan.description ?? plan.caption) }]
      : []
  )

const KNOWN = new Set(
  [
    ...[
      'html',
      'head',
      'meta',
      'title',
      'style',
      'body',
      'header',
      'main',
      'nav',
      'h1',
      'h2',
      'p',
      'ul',
      'li',
      'a'
    ],
    ...[
      'div',
      'figure',
      'figcaption',
      'table',
      'caption',
      'thead',
      'tbody',
      'tr',
      'th',
      'td',
      'span',
      'details'
    ],
    ...['summary', 'svg', 'desc', 'g', 'rect', 'path', 'circle', 'text']
  ].flatMap((tag) => [tag, `/${tag}`])
)

const FORBIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be left
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|\p{Surrogate}/u

const harmless = (markup: string): void => {
  expect(tagNames(markup).filter((tag) => !KNOWN.has(tag))).toEqual([])
  expect(isBalanced(markup)).toBe(true)
  expect(markup).not.toMatch(FORBIDDEN)
}

describe('hostile names', () => {
  it('are text in every page and picture, whatever they are', () => {
    fc.assert(
      fc.property(names, names, names, name, (latents, causes, features, text) => {
        const content = contentOf(latents, causes, features, text)
        const pictures = drawnPictures(content)
        for (const { svg, name: file } of pictures) {
          harmless(svg)
          expect(file).toMatch(/^[a-z0-9-]+\.svg$/)
        }
        expect(new Set(pictures.map(({ name: file }) => file)).size).toBe(pictures.length)
        harmless(page(content, pictures))
      }),
      { numRuns: 60 }
    )
  })

  it('change no tag: only titles of cut names come and go', () => {
    const plain: Names = ['a', 'b', 'c']
    /** Opening tags: an element without text has no closing one. */
    const without = (markup: string): string[] =>
      tagNames(markup).filter((tag) => !/^(?:\/.*|title)$/.test(tag))
    const shown = (list: Names): string[] => {
      const content = contentOf(list, list, list, list[0])
      return without(page(content, drawnPictures(content)))
    }
    for (let k = 0; k + 2 < HOSTILE.length; k++)
      expect(shown([HOSTILE[k], HOSTILE[k + 1], HOSTILE[k + 2]])).toEqual(shown(plain))
  })

  it('are cut where they are long, with the whole of them in a tooltip, and named where they are empty', () => {
    const long = 'pressure '.repeat(40).trim()
    const content = contentOf(['ẑ0', 'ẑ1', 'ẑ2'], [long, '', 'a'], ['x', 'y', 'z'], 'run')
    const graph = drawnPictures(content).find(({ name: file }) => file === 'graph.svg')?.svg
    expect(graph).toContain(`<title>${long}</title>pressure`)
    expect(graph).toContain('…')
    expect(graph).toContain('(no name)')
  })

  it('pass through the whole page, curves and all', async () => {
    const [script, quote, lines] = [HOSTILE[0], HOSTILE[2], HOSTILE[5]]
    const html = await orThrow(
      renderHtml(contentOf([script, quote, lines], [script, quote, lines], [script, quote, lines], script))
    )
    expect(html).not.toMatch(/<script|<img|onload="/)
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(html).toContain(printable(lines))
  })

  it('are text in documents', () => {
    fc.assert(
      fc.property(name, (text) => {
        const html = orThrow(
          renderDocument({
            title: text,
            subtitle: text,
            opening: [
              { kind: 'text', text },
              { kind: 'table', caption: text, head: [text], rows: [[text], [{ text, tone: 'good' }]] },
              { kind: 'folded', summary: text, blocks: [{ kind: 'list', items: [text] }] }
            ],
            chapters: [{ id: 'one', heading: text, sections: [{ id: 'two', heading: text, blocks: [] }] }],
            colophon: text
          })
        )
        expect(html).not.toMatch(FORBIDDEN)
        expect(html).not.toMatch(/<script|<img|<!--/)
        expect(isBalanced(html)).toBe(true)
      })
    )
  })
})
