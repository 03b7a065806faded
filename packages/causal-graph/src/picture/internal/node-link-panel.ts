/** A small graph as nodes and arrows: one column for the past, one for the present, one for the actions. */

import type { GraphBits } from '../../graph/graph-bits.js'
import { rowSupport } from '../../matrices/binary-matrix.js'
import { element, labelText, moved, pixels, shortened, wordWidth } from './elements.js'
import type { Panel } from './panel.js'

/** How a latent is drawn: told apart from all others, entangled one way, or both ways. */
export type LatentState = 'apart' | 'one-way' | 'mutual'

export interface NodeLinkPicture {
  readonly graph: GraphBits
  readonly latents: ReadonlyArray<string>
  readonly actions: ReadonlyArray<string>
  readonly states: ReadonlyArray<LatentState>
}

const SIZE = 11
const NODE_HEIGHT = 22
const LEAST_WIDTH = 30
const SPACING = 32
const BETWEEN = 84
const HEAD = 7

interface Node {
  readonly label: string
  /** Stays whole where the label is cut. */
  readonly suffix: string
  readonly shape: string
  readonly round: boolean
}

const shownName = ({ label, suffix }: Node): string => `${shortened(label)}${suffix}`

interface Column {
  readonly nodes: ReadonlyArray<Node>
  readonly caption: string
  readonly width: number
}

const column = (caption: string, nodes: ReadonlyArray<Node>): Column => ({
  caption,
  nodes,
  width: Math.max(LEAST_WIDTH, ...nodes.map((node) => wordWidth(shownName(node), SIZE) + 14))
})

/** Columns from left to right, and where each stands. */
interface Layout {
  readonly columns: ReadonlyArray<Column>
  readonly left: ReadonlyArray<number>
  readonly height: number
}

const layoutOf = (columns: ReadonlyArray<Column>): Layout => {
  const left: number[] = []
  let x = 0
  for (const { width } of columns) {
    left.push(x)
    x += width + BETWEEN
  }
  return { columns, left, height: SPACING * Math.max(...columns.map(({ nodes }) => nodes.length)) }
}

/** The middle of a node; short columns stand in the middle of the picture. */
const middle = ({ columns, height }: Layout, c: number, n: number): number =>
  (height - SPACING * columns[c].nodes.length) / 2 + SPACING * (n + 0.5)

const arrow = (layout: Layout, from: readonly [column: number, node: number], to: typeof from): string => {
  const rightward = from[0] < to[0]
  const edge = ([c]: typeof from, right: boolean): number =>
    layout.left[c] + (right ? layout.columns[c].width : 0)
  const [x1, x2] = [edge(from, rightward) + (rightward ? 1 : -1), edge(to, !rightward) - (rightward ? 2 : -2)]
  const [y1, y2] = [middle(layout, ...from), middle(layout, ...to)]
  const length = Math.hypot(x2 - x1, y2 - y1)
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length]
  const [bx, by] = [x2 - HEAD * ux, y2 - HEAD * uy]
  const point = (x: number, y: number): string => `${pixels(x)} ${pixels(y)}`
  return (
    element('path', { class: 'arrow', 'stroke-width': 1.4, d: `M${point(x1, y1)}L${point(bx, by)}` }) +
    element('path', {
      class: 'edge',
      d: `M${point(x2, y2)}L${point(bx - 3 * uy, by + 3 * ux)}L${point(bx + 3 * uy, by - 3 * ux)}z`
    })
  )
}

const nodes = (layout: Layout): string =>
  layout.columns
    .map(({ nodes, width }, c) =>
      nodes
        .map(({ label, suffix, shape, round }, n) => {
          const [x, y] = [layout.left[c], middle(layout, c, n)]
          return (
            element('rect', {
              class: `node ${shape}`,
              x,
              y: y - NODE_HEIGHT / 2,
              width,
              height: NODE_HEIGHT,
              rx: round ? NODE_HEIGHT / 2 : 2,
              'stroke-width': shape.includes('is-') ? 2.5 : 1.4,
              ...(shape.includes('is-one-way') ? { 'stroke-dasharray': '4 2.5' } : {})
            }) +
            labelText(
              label,
              {
                class: 'ink',
                x: x + width / 2,
                y: y + 4,
                'text-anchor': 'middle',
                'font-size': SIZE
              },
              suffix
            )
          )
        })
        .join('')
    )
    .join('')

/** Where columns are, by what they hold; undefined where the graph has none. */
const columnsOf = ({ graph, latents, actions, states }: NodeLinkPicture) => {
  const lags = graph.latents === undefined ? 0 : graph.latents.columns / graph.size
  const past = column(
    lags > 1 ? 'past' : 't − 1',
    Array.from({ length: lags }, (_, lag) =>
      latents.map((label) => ({ label, suffix: lags > 1 ? ` t−${lag + 1}` : '', shape: '', round: true }))
    ).flat()
  )
  const present = column(
    lags > 0 ? 't' : 'latents',
    latents.map((label, i) => ({
      label,
      suffix: '',
      shape: states[i] === 'apart' ? 'now' : `now is-${states[i]}`,
      round: true
    }))
  )
  const acting = column(
    'actions',
    actions.map((label) => ({ label, suffix: '', shape: '', round: false }))
  )
  const [hasPast, hasActions] = [lags > 0, actions.length > 0]
  // Actions stand opposite to the past, or at the left where there is none.
  if (hasPast && hasActions) return { columns: [past, present, acting], past: 0, present: 1, actions: 2 }
  if (hasPast) return { columns: [past, present], past: 0, present: 1, actions: -1 }
  if (hasActions) return { columns: [acting, present], past: -1, present: 1, actions: 0 }
  return { columns: [present], past: -1, present: 0, actions: -1 }
}

/** The most nodes in one column of the picture. */
export const tallestColumn = (graph: GraphBits): number =>
  Math.max(graph.size, graph.latents?.columns ?? 0, graph.actions?.columns ?? 0)

const CAPTION = 18

/** Past on the left, present in the middle, actions on the right; without a past, actions on the left. */
export const nodeLinkPanel = (picture: NodeLinkPicture): Panel => {
  const { graph } = picture
  const { columns, ...at } = columnsOf(picture)
  const layout = layoutOf(columns)
  let arrows = ''
  for (let i = 0; i < graph.size; i++) {
    if (graph.latents !== undefined)
      for (const j of rowSupport(graph.latents, i)) arrows += arrow(layout, [at.past, j], [at.present, i])
    if (graph.actions !== undefined)
      for (const l of rowSupport(graph.actions, i)) arrows += arrow(layout, [at.actions, l], [at.present, i])
  }
  const captions = columns
    .map(({ caption, width }, c) =>
      element(
        'text',
        { class: 'quiet', x: layout.left[c] + width / 2, y: 10, 'text-anchor': 'middle', 'font-size': SIZE },
        caption
      )
    )
    .join('')
  const last = columns.length - 1
  return {
    name: 'graph',
    heading: 'Causal graph',
    reading: 'arrows from cause to effect',
    width: layout.left[last] + columns[last].width,
    height: CAPTION + layout.height,
    body: captions + moved(0, CAPTION, arrows + nodes(layout))
  }
}
