/** A causal graph as nodes and arrows, as thick and as dark as they are probable. */
import { element, moved, nameElement, pixels, textElement, tooltip, wordWidth } from './elements.js'
import {
  type CausePart,
  type GraphLayout,
  graphLayout,
  MOST_NAME,
  NAME_SIZE,
  type NodeColumn,
  spreadEnds
} from './graph-layout.js'
import type { Drawing } from './picture.js'
import { LIGHT } from './theme.js'

/** `edge`: the truth is not known; `open`: not in the graph, and not improbable. */
export type ArrowKind = 'edge' | 'open' | 'right' | 'extra' | 'missing'

export interface GraphArrow {
  readonly part: CausePart
  readonly cause: number
  readonly effect: number
  readonly kind: ArrowKind
  /** From 0 to 1. */
  readonly strength: number
  /** Drawn dashed. */
  readonly dashed: boolean
  readonly tooltip: string
}

export interface NodeGraph {
  readonly latents: ReadonlyArray<string>
  readonly past?: ReadonlyArray<string>
  readonly actions?: ReadonlyArray<string>
  readonly arrows: ReadonlyArray<GraphArrow>
  /** What a full line and what a dashed one means. */
  readonly words: { readonly full: string; readonly dashed: string }
}

const CAPTION = 22
const HEAD = 7
const LINE = 17

const COLOURS: Readonly<Record<ArrowKind, string>> = {
  edge: LIGHT.blue,
  open: LIGHT.quiet,
  right: LIGHT.blue,
  extra: LIGHT.orange,
  missing: LIGHT.purple
}
const MARKS: Readonly<Record<ArrowKind, string>> = { edge: '', open: '', right: '', extra: '+', missing: '−' }

const strokeOf = ({
  kind,
  strength,
  dashed
}: Pick<GraphArrow, 'kind' | 'strength' | 'dashed'>): Record<string, string | number> => {
  const common = { fill: 'none', stroke: COLOURS[kind] }
  if (kind === 'missing') return { ...common, 'stroke-width': 1.6, 'stroke-dasharray': '1.5 3' }
  return {
    ...common,
    'stroke-width': (0.7 + 2.3 * strength).toFixed(2),
    'stroke-opacity': (0.35 + 0.65 * strength).toFixed(2),
    ...(dashed ? { 'stroke-dasharray': '5 3.5' } : {})
  }
}

/** Part of the way from cause to effect where a mark stands. */
const MARK_AT = 0.7

const markElement = (kind: ArrowKind, x: number, y: number): string =>
  MARKS[kind] === ''
    ? ''
    : element('circle', { cx: x, cy: y, r: 6, fill: LIGHT.paper, stroke: COLOURS[kind] }) +
      textElement(MARKS[kind], {
        x,
        y: y + 4,
        'text-anchor': 'middle',
        'font-size': 12,
        'font-weight': 700,
        fill: COLOURS[kind]
      })

const arrowElement = (
  arrow: GraphArrow,
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number]
): string => {
  const direction = Math.sign(x2 - x1)
  const tip = x2 - direction * HEAD
  const bend = (tip - x1) * 0.45
  const curve = `M${pixels(x1)} ${pixels(y1)}C${pixels(x1 + bend)} ${pixels(y1)} ${pixels(tip - bend)} ${pixels(y2)} ${pixels(tip)} ${pixels(y2)}`
  const half = 2 + 1.6 * arrow.strength
  const s = MARK_AT
  const [a, b, c, d] = [(1 - s) ** 3, 3 * s * (1 - s) ** 2, 3 * s ** 2 * (1 - s), s ** 3]
  const [mx, my] = [a * x1 + b * (x1 + bend) + c * (tip - bend) + d * tip, (a + b) * y1 + (c + d) * y2]
  return element(
    'g',
    {},
    tooltip(arrow.tooltip) +
      element('path', { d: curve, ...strokeOf(arrow) }) +
      element('path', {
        d: `M${pixels(x2)} ${pixels(y2)}L${pixels(tip)} ${pixels(y2 - half)}V${pixels(y2 + half)}z`,
        fill: COLOURS[arrow.kind],
        'fill-opacity': arrow.kind === 'missing' ? 1 : (0.35 + 0.65 * arrow.strength).toFixed(2)
      }) +
      markElement(arrow.kind, mx, my)
  )
}

const arrowElements = (layout: GraphLayout, arrows: ReadonlyArray<GraphArrow>): string => {
  const { latents, nodeHeight } = layout
  return (['past', 'actions'] as const)
    .map((part) => {
      const causes = layout[part]
      if (causes === undefined) return ''
      const own = arrows.filter((arrow) => arrow.part === part)
      const rightward = causes.left < latents.left
      const yOf = (column: NodeColumn, node: number): number => column.middles[node]
      const ends = spreadEnds(
        own.length,
        (k) => own[k].effect,
        (k) => yOf(causes, own[k].cause),
        nodeHeight
      )
      const starts = spreadEnds(
        own.length,
        (k) => own[k].cause,
        (k) => yOf(latents, own[k].effect),
        nodeHeight
      )
      const x1 = rightward ? causes.left + causes.width + 1 : causes.left - 1
      const x2 = rightward ? latents.left - 1 : latents.left + latents.width + 1
      // The faintest first, so that they are not on top.
      const order = own.map((_, k) => k).sort((p, q) => own[p].strength - own[q].strength)
      return order
        .map((k) =>
          arrowElement(
            own[k],
            [x1, yOf(causes, own[k].cause) + starts[k]],
            [x2, yOf(latents, own[k].effect) + ends[k]]
          )
        )
        .join('')
    })
    .join('')
}

const nodeElements = (
  { names, left, width, middles }: NodeColumn,
  height: number,
  round: boolean,
  used: (node: number) => boolean
): string =>
  names
    .map(
      (name, i) =>
        element('rect', {
          x: left,
          y: middles[i] - height / 2,
          width,
          height,
          rx: round ? height / 2 : 3,
          fill: used(i) ? LIGHT.paper : LIGHT.empty,
          stroke: used(i) ? LIGHT.ink : LIGHT.rule,
          'stroke-width': 1.2
        }) +
        nameElement(name, MOST_NAME, {
          x: left + width / 2,
          y: middles[i] + 4,
          'text-anchor': 'middle',
          'font-size': NAME_SIZE,
          fill: used(i) ? LIGHT.ink : LIGHT.quiet
        })
    )
    .join('')

const captionElement = ({ caption, left, width }: NodeColumn): string =>
  textElement(caption, {
    x: left + width / 2,
    y: 11,
    'text-anchor': 'middle',
    'font-size': NAME_SIZE,
    fill: LIGHT.quiet
  })

interface LegendLine extends Pick<GraphArrow, 'kind' | 'strength' | 'dashed'> {
  readonly words: string
}

const legendOf = ({ arrows, words }: NodeGraph): readonly LegendLine[] => {
  const has = (test: (arrow: GraphArrow) => boolean): boolean => arrows.some(test)
  const lines: readonly (LegendLine & { readonly shown: boolean })[] = [
    {
      kind: 'edge',
      strength: 1,
      dashed: false,
      words: words.full,
      shown: has(({ kind, dashed }) => kind === 'edge' && !dashed)
    },
    {
      kind: 'right',
      strength: 1,
      dashed: false,
      words: `${words.full}, and in the true graph`,
      shown: has(({ kind }) => kind === 'right')
    },
    {
      kind: 'edge',
      strength: 0.5,
      dashed: true,
      words: words.dashed,
      shown: has(({ dashed, kind }) => dashed && kind !== 'missing' && kind !== 'open')
    },
    {
      kind: 'open',
      strength: 0.5,
      dashed: true,
      words: 'not in the graph, but not ruled out',
      shown: has(({ kind }) => kind === 'open')
    },
    {
      kind: 'extra',
      strength: 1,
      dashed: false,
      words: 'extra: not in the true graph',
      shown: has(({ kind }) => kind === 'extra')
    },
    {
      kind: 'missing',
      strength: 1,
      dashed: false,
      words: 'missing: in the true graph only',
      shown: has(({ kind }) => kind === 'missing')
    }
  ]
  return lines.filter(({ shown }) => shown)
}

const legendElement = (lines: readonly LegendLine[]): string =>
  lines
    .map(({ words, ...line }, k) =>
      moved(
        0,
        k * LINE,
        arrowElement({ part: 'actions', cause: 0, effect: 0, tooltip: words, ...line }, [0, 7], [46, 7]) +
          textElement(words, { x: 54, y: 11, 'font-size': NAME_SIZE, fill: LIGHT.quiet })
      )
    )
    .join('')

/** The graph with its legend. Names that nothing touches are grey. */
export const nodeGraphDrawing = (graph: NodeGraph): Drawing => {
  const { latents, past, actions, arrows } = graph
  const links = arrows.filter(({ part, kind }) => part === 'actions' && kind !== 'open')
  const layout = graphLayout(latents, past, actions, links)
  const touched = (part: CausePart) => {
    const causes = new Set(arrows.filter((arrow) => arrow.part === part).map(({ cause }) => cause))
    return (node: number): boolean => causes.has(node)
  }
  const effects = new Set(arrows.map(({ effect }) => effect))
  const columns = [
    { column: layout.past, round: true, used: touched('past') },
    { column: layout.latents, round: true, used: (node: number) => effects.has(node) },
    { column: layout.actions, round: false, used: touched('actions') }
  ].flatMap(({ column, ...rest }) => (column === undefined ? [] : [{ column, ...rest }]))
  const legend = legendOf(graph)
  const below = CAPTION + layout.height + 14
  return {
    width: Math.max(layout.width, ...legend.map(({ words }) => 54 + wordWidth(words, NAME_SIZE))),
    height: below + legend.length * LINE,
    body:
      columns.map(({ column }) => captionElement(column)).join('') +
      moved(
        0,
        CAPTION,
        arrowElements(layout, arrows) +
          columns
            .map(({ column, round, used }) => nodeElements(column, layout.nodeHeight, round, used))
            .join('')
      ) +
      moved(0, below, legendElement(legend))
  }
}
