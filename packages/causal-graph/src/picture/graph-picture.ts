/** Pictures of a causal graph as SVG: the graph, Gz, Ga and the entanglement graph side by side. */
import { invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { GraphError } from '../errors.js'
import { bitsOf, type GraphBits, type GraphSource, lagsOf } from '../graph/graph-bits.js'
import type { Labels } from '../graph/labels.js'
import { type BinaryMatrix, get, othersInRow, rowSupport } from '../matrices/binary-matrix.js'
import { sizedBits, type TableSource } from '../matrices/edge-table.js'
import { patternOf } from '../pattern/pattern.js'
import { describe, type Names } from './internal/description.js'
import { type CellKind, matrixPanel } from './internal/matrix-panel.js'
import { type LatentState, nodeLinkPanel, tallestColumn } from './internal/node-link-panel.js'
import { type Panel, sheet } from './internal/panel.js'
import type { PictureTheme } from './theme.js'

export interface PictureOptions {
  readonly labels?: Labels
  /** Default: `auto`. Every picture paints its own paper, so that it can be read on any background. */
  readonly theme?: PictureTheme
  /** The accessible name. Default: says how many latents and actions. */
  readonly title?: string
  /** d × d, drawn in place of the predicted pattern: row = true latent, column = learned one. */
  readonly entanglement?: TableSource
  /** Pixels after which panels go on to the next line. Default: no limit, all side by side. */
  readonly maximumWidth?: number
  /** Nodes and arrows are drawn where no column has more nodes; 0 for matrices alone. Default: 12. */
  readonly nodeLimit?: number
}

/** One panel as an SVG of its own. */
export interface PicturePanel {
  /** Fit for a file name; with several lags, `time-1`, `time-2`, …. */
  readonly name: string
  readonly heading: string
  readonly svg: string
}

const NODE_LIMIT = 12

const namesOf = (graph: GraphBits, labels: Labels): Names => {
  const list = (letter: string, count: number, given: ReadonlyArray<string> = []): string[] =>
    Array.from({ length: count }, (_, i) => given[i] ?? `${letter}${i}`)
  return {
    latents: list('z', graph.size, labels.latents),
    actions: list('a', graph.actions?.columns ?? 0, labels.actions)
  }
}

const edgeCells = (m: BinaryMatrix) =>
  Array.from({ length: m.rows }, (_, i) =>
    rowSupport(m, i).map((column) => ({ column, kind: 'edge' as const }))
  )

const timePanels = (graph: GraphBits, { latents }: Names): Panel[] => {
  const lags = lagsOf(graph)
  return lags.map((m, lag) =>
    matrixPanel({
      name: lags.length > 1 ? `time-${lag + 1}` : 'time',
      heading: lags.length > 1 ? `Gz, lag ${lag + 1}` : 'Gz: time',
      reading: 'row: effect, column: past cause',
      rows: latents,
      columns: latents,
      cells: edgeCells(m),
      legend: []
    })
  )
}

const actionPanels = (graph: GraphBits, { latents, actions }: Names): Panel[] =>
  graph.actions === undefined
    ? []
    : [
        matrixPanel({
          name: 'actions',
          heading: 'Ga: actions',
          reading: 'row: latent, column: action',
          rows: latents,
          columns: actions,
          cells: edgeCells(graph.actions),
          legend: []
        })
      ]

const kindOf = (entanglement: BinaryMatrix, i: number, j: number): CellKind =>
  i === j ? 'self' : get(entanglement, j, i) ? 'mutual' : 'one-way'

const entanglementPanel = (entanglement: BinaryMatrix, { latents }: Names, predicted: boolean): Panel => {
  const cells = Array.from({ length: entanglement.rows }, (_, i) =>
    rowSupport(entanglement, i).map((column) => ({ column, kind: kindOf(entanglement, i, column) }))
  )
  const present = new Set(cells.flatMap((row) => row.map(({ kind }) => kind)))
  const may = predicted ? 'may depend' : 'depends'
  const legend = (
    [
      ['self', 'on its own counterpart'],
      ['mutual', `${may}, both ways`],
      ['one-way', `${may}, one way`]
    ] as const
  )
    .filter(([kind]) => present.has(kind))
    .map(([kind, words]) => ({ kind, words }))
  return matrixPanel({
    name: 'entanglement',
    heading: predicted ? 'Entanglement, predicted' : 'Entanglement',
    reading: 'row: true latent, column: learned',
    rows: latents,
    columns: latents.map((name) => (/^z\d+$/.test(name) ? name.replace('z', 'ẑ') : name)),
    cells,
    legend
  })
}

const stateOf = (entanglement: BinaryMatrix, i: number): LatentState => {
  const others = othersInRow(entanglement, i)
  if (others.some((j) => get(entanglement, j, i))) return 'mutual'
  return others.length > 0 ? 'one-way' : 'apart'
}

interface Drawn {
  readonly panels: Panel[]
  readonly title: string
  readonly description: string
  readonly theme: PictureTheme
  readonly maximumWidth: number
}

const drawn = (
  where: string,
  graph: GraphBits,
  entanglement: BinaryMatrix,
  options: PictureOptions
): E.Either<GraphError, Drawn> => {
  const {
    labels = {},
    theme = 'auto',
    maximumWidth = Number.POSITIVE_INFINITY,
    nodeLimit = NODE_LIMIT
  } = options
  if (!(maximumWidth > 0))
    return E.left(invalidOption(where, 'maximumWidth', maximumWidth, 'pixels, above 0'))
  const names = namesOf(graph, labels)
  const states = names.latents.map((_, i) => stateOf(entanglement, i))
  const [d, k] = [graph.size, names.actions.length]
  return E.right({
    panels: [
      ...(tallestColumn(graph) <= nodeLimit ? [nodeLinkPanel({ graph, ...names, states })] : []),
      ...timePanels(graph, names),
      ...actionPanels(graph, names),
      entanglementPanel(entanglement, names, options.entanglement === undefined)
    ],
    title:
      options.title ??
      `Causal graph of ${d} latent${d === 1 ? '' : 's'}${k === 0 ? '' : ` and ${k} action${k === 1 ? '' : 's'}`}`,
    description: describe(graph, entanglement, names),
    theme,
    maximumWidth
  })
}

const draw = (where: string, source: GraphSource, options: PictureOptions): E.Either<GraphError, Drawn> => {
  const { entanglement } = options
  return pipe(
    bitsOf(where, source),
    E.bindTo('graph'),
    E.bind('shown', ({ graph }) =>
      entanglement === undefined
        ? E.right(patternOf(graph))
        : sizedBits(where, 'the entanglement graph', entanglement, graph.size)
    ),
    E.flatMap(({ graph, shown }) => drawn(where, graph, shown, options))
  )
}

/**
 * The graph as nodes and arrows (small ones), Gz lag by lag, Ga, and the entanglement graph, side by side: one SVG
 * document that needs nothing else, with title and description for those who do not see it. Rows are effects,
 * columns causes. Legible for up to about 100 latents; larger ones show their texture.
 *
 * Errors: `NotBinary`, `ShapeMismatch` (of the graph; an entanglement graph that is not d × d), `InvalidOption`.
 *
 * @example
 * graphSvg(graph, { labels: { latents: ['angle', 'speed'] }, theme: 'light' })
 */
export const graphSvg = (graph: GraphSource, options: PictureOptions = {}): E.Either<GraphError, string> =>
  E.map(({ panels, ...rest }: Drawn) => sheet(panels, rest))(draw('graphSvg', graph, options))

/**
 * The panels of `graphSvg`, each an SVG of its own: for pages that arrange them. The accessible name of each is
 * the title with the panel's heading.
 *
 * Errors: those of `graphSvg`.
 *
 * @example
 * graphPanels(graph) // E.right([{ name: 'graph', … }, { name: 'actions', … }, { name: 'entanglement', … }])
 */
export const graphPanels = (
  graph: GraphSource,
  options: PictureOptions = {}
): E.Either<GraphError, PicturePanel[]> =>
  E.map(({ panels, title, ...rest }: Drawn) =>
    panels.map((panel) => ({
      name: panel.name,
      heading: panel.heading,
      svg: sheet([panel], { ...rest, title: `${title}: ${panel.heading}` })
    }))
  )(draw('graphPanels', graph, options))
