import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { type GraphPicture, type ReportContent, renderHtml } from '../src/index.js'
import { plansOf } from '../src/plans.js'
import { graphLayout } from '../src/svg/graph-layout.js'
import { crossings, fewCrossings, type Link } from '../src/svg/graph-order.js'
import { picture } from '../src/svg/picture.js'

const content: ReportContent = {
  title: 'run',
  prediction: [],
  verdict: [],
  metrics: [],
  history: { step: [1], loss: [1], edges: [1] },
  graphs: [],
  configuration: {},
  seed: 1,
  engine: 'wasm',
  seconds: 1
}

const actions: GraphPicture = {
  title: 'Actions on latents',
  causes: 'actions',
  learned: [
    [1, 0, 0],
    [1, 0, 0]
  ],
  rowLabels: ['ẑ0', 'ẑ1'],
  columnLabels: ['throttle', 'brake', 'wind']
}

const past: GraphPicture = {
  title: 'Past latents on latents',
  causes: 'past',
  learned: [
    [1, 1],
    [0, 1]
  ],
  rowLabels: ['ẑ0', 'ẑ1'],
  columnLabels: ['ẑ0', 'ẑ1']
}

const drawn = (graphs: readonly GraphPicture[], name = 'graph.svg'): string => {
  const plan = plansOf({ ...content, graphs }).find((one) => one.name === name)
  if (plan === undefined || !('drawing' in plan)) throw new Error(`there is no ${name}`)
  return picture(plan.drawing, plan.heading, plan.description)
}

/** Tooltips of arrows, those of the legend left out. */
const arrows = (svg: string): string[] =>
  [...svg.matchAll(/<title>([^<]* → [^<]*)<\/title>/g)].map(([, text]) => text)

/** Stroke widths of the curves of arrows, by their tooltip. */
const strokes = (svg: string): ReadonlyMap<string, { readonly width: number; readonly dashed: boolean }> =>
  new Map(
    [...svg.matchAll(/<title>([^<]* → [^<]*)<\/title><path d="[^"]*"([^>]*)\/>/g)].map(([, text, given]) => [
      text.split(/[:,]/)[0],
      {
        width: Number(/stroke-width="([\d.]+)"/.exec(given)?.[1]),
        dashed: given.includes('stroke-dasharray')
      }
    ])
  )

describe('the drawing of a graph', () => {
  it('has an arrow for each edge, and all names', () => {
    const svg = drawn([past, actions])
    expect(arrows(svg).sort()).toEqual(['throttle → ẑ0', 'throttle → ẑ1', 'ẑ0 → ẑ0', 'ẑ1 → ẑ0', 'ẑ1 → ẑ1'])
    for (const name of ['throttle', 'brake', 'wind', 'one step before', 'latents', 'actions'])
      expect(svg).toContain(`>${name}</text>`)
  })

  it('draws probable edges thicker, and undecided ones dashed, those that are not in the graph too', () => {
    const svg = drawn([
      {
        ...actions,
        probability: [
          [0.98, 0.02, 0.4],
          [0.6, 0.01, 0.02]
        ],
        undecided: [
          [0, 0, 1],
          [1, 0, 0]
        ]
      }
    ])
    const lines = strokes(svg)
    expect([...lines.keys()].sort()).toEqual(['throttle → ẑ0', 'throttle → ẑ1', 'wind → ẑ0'])
    const [sure, open, absent] = ['throttle → ẑ0', 'throttle → ẑ1', 'wind → ẑ0'].map((name) =>
      lines.get(name)
    )
    expect([sure?.dashed, open?.dashed, absent?.dashed]).toEqual([false, true, true])
    expect(sure?.width).toBeGreaterThan(open?.width ?? Number.NaN)
    expect(open?.width).toBeGreaterThan(absent?.width ?? Number.NaN)
    expect(svg).toContain('not in the graph, but not ruled out')
  })

  it('tells right, extra and missing edges apart by marks as well as colours', () => {
    const svg = drawn([
      {
        ...actions,
        truth: [
          [1, 0, 0],
          [0, 0, 1]
        ]
      }
    ])
    expect(arrows(svg).sort()).toEqual(['throttle → ẑ0', 'throttle → ẑ1, extra', 'wind → ẑ1, missing'])
    // One in the picture and one in the legend.
    expect(svg.split('>+</text>')).toHaveLength(3)
    expect(svg.split('>−</text>')).toHaveLength(3)
  })

  it('shows the edges of several trainings, dashed where not all have them', () => {
    const seeds = {
      count: 3,
      share: [
        [1, 0, 0],
        [1 / 3, 2 / 3, 0]
      ],
      spread: [
        [0, 0, 0],
        [0.9, 0.5, 0]
      ]
    }
    const svg = drawn([{ ...actions, seeds }], 'graph-seeds.svg')
    expect(arrows(svg).sort()).toEqual([
      'brake → ẑ1: 2 of 3 seeds',
      'throttle → ẑ0: 3 of 3 seeds',
      'throttle → ẑ1: 1 of 3 seeds'
    ])
    const lines = strokes(svg)
    expect(lines.get('throttle → ẑ0')?.dashed).toBe(false)
    expect(lines.get('brake → ẑ1')?.dashed).toBe(true)
    expect(drawn([{ ...actions, seeds }], 'actions-on-latents-spread.svg')).toContain('>.90</text>')
  })

  it('says in words what it shows', () => {
    expect(drawn([actions])).toContain('<desc>throttle → ẑ0; throttle → ẑ1.</desc>')
    expect(drawn([{ ...actions, learned: actions.learned.map((row) => row.map(() => 0)) }])).toContain(
      '<desc>No edge.</desc>'
    )
  })

  it('leaves the weakest arrows out where there are too many, and says so', () => {
    const [d, k] = [20, 30]
    const many: GraphPicture = {
      title: 'many',
      causes: 'actions',
      learned: Array.from({ length: d }, () => new Array<number>(k).fill(1)),
      probability: Array.from({ length: d }, (_, i) =>
        Array.from({ length: k }, (_, j) => 1 - (i * k + j) / 1e4)
      ),
      rowLabels: Array.from({ length: d }, (_, i) => `ẑ${i}`),
      columnLabels: Array.from({ length: k }, (_, j) => `a${j}`)
    }
    const svg = drawn([many])
    expect(arrows(svg)).toHaveLength(500)
    expect(arrows(svg).some((text) => text.startsWith('a0 → ẑ0'))).toBe(true)
    expect(arrows(svg).some((text) => text.startsWith('a29 → ẑ19'))).toBe(false)
    expect(plansOf({ ...content, graphs: [many] })[0].caption).toContain('100 are left out')
  })
})

describe('the layout of a graph', () => {
  const names = (letter: string, count: number): string[] =>
    Array.from({ length: count }, (_, i) => `${letter}${i}`)

  it('unties a graph that has no crossing in some order', () => {
    // Cause j acts on latent perm[j]: any order of causes that follows the latents has none.
    const links = Array.from({ length: 60 }, (_, j): Link => ({ cause: j, effect: (7 * j) % 30 }))
    const own = names('', 60).map(Number)
    expect(crossings(links, own, own)).toBeGreaterThan(500)
    const { causeAt, effectAt } = fewCrossings(links, 60, 30)
    expect(crossings(links, causeAt, effectAt)).toBe(0)
    expect([...causeAt].sort((p, q) => p - q)).toEqual(own)
  })

  it('never has more crossings than the order given', () => {
    const links = Array.from({ length: 90 }, (_, k): Link => ({ cause: (k * k) % 23, effect: (5 * k) % 17 }))
    const own = names('', 23).map(Number)
    const { causeAt, effectAt } = fewCrossings(links, 23, 17)
    expect(crossings(links, causeAt, effectAt)).toBeLessThanOrEqual(crossings(links, own, own))
  })

  it.each([
    [3, 2],
    [12, 12],
    [30, 60],
    [60, 5]
  ])('keeps %i latents and %i causes apart, each with room for its name', (latents, causes) => {
    const layout = graphLayout(names('ẑ', latents), names('ẑ', latents), names('cause', causes), [])
    for (const column of [layout.past, layout.latents, layout.actions]) {
      const middles = [...(column?.middles ?? [])].sort((p, q) => p - q)
      for (let i = 1; i < middles.length; i++)
        expect(middles[i] - middles[i - 1]).toBeGreaterThanOrEqual(layout.nodeHeight + 2)
      expect(middles[0]).toBeGreaterThanOrEqual(layout.nodeHeight / 2)
      expect(middles.at(-1)).toBeLessThanOrEqual(layout.height - layout.nodeHeight / 2)
    }
    // A font of 11 pixels needs 14.
    expect(layout.nodeHeight).toBeGreaterThanOrEqual(14)
  })
})

describe('content that cannot be drawn', () => {
  it.each([
    [
      'a probability too few',
      { graphs: [{ ...actions, probability: [[1]] }] },
      'graph "Actions on latents", probability'
    ],
    [
      'graphs of different latents',
      { graphs: [past, { ...actions, learned: [[1, 0, 0]], rowLabels: ['ẑ0'] }] },
      'graph "Actions on latents"'
    ],
    [
      'a sensor map without states',
      { sensorMap: { features: ['x'], latents: ['ẑ0'], slope: [[1]], share: [[1]], states: [] } },
      'sensorMap'
    ],
    [
      'a sensor map that is not a number',
      {
        sensorMap: {
          features: ['x'],
          latents: ['ẑ0'],
          slope: [[Number.NaN]],
          share: [[1]],
          states: [{ state: 'mixed' }]
        }
      },
      'sensorMap.slope'
    ],
    [
      'charts without panels',
      { panels: [{ name: 'p', heading: '', caption: '', marks: 'lines' as const, panels: [] }] },
      'panels "p"'
    ],
    [
      'points of which half is missing',
      {
        panels: [
          {
            name: 'p',
            heading: '',
            caption: '',
            marks: 'lines' as const,
            panels: [{ x: 'x', y: 'y', series: [{ x: [1, 2], y: [1] }] }]
          }
        ]
      },
      'panels "p"'
    ],
    ['names too few', { correlation: [[1]], latentNames: { true: [], learned: ['ẑ0'] } }, 'latentNames.true']
  ])('is refused: %s', async (_, changes, where) => {
    expect(await renderHtml({ ...content, ...changes })()).toMatchObject({ _tag: 'Left', left: { where } })
  })

  it('but may lack what is not known', async () => {
    expect(await orThrow(renderHtml(content))).not.toContain('How this was made')
  })
})
