/** Learned graphs as tables and as nodes and arrows. */
import type { GraphPicture, Table } from './content.js'
import { type ArrowKind, type GraphArrow, type NodeGraph, nodeGraphDrawing } from './svg/graph-drawing.js'
import { type MatrixCell, matrixDrawing } from './svg/matrix.js'
import type { Drawing } from './svg/picture.js'

/** `.98`, `1.00` */
const twoDigits = (value: number): string => value.toFixed(2).replace(/^0\./, '.')

const kindOf = (learned: number, truth: number | undefined): Exclude<ArrowKind, 'open'> | undefined => {
  if (truth === undefined) return learned === 1 ? 'edge' : undefined
  if (learned === truth) return learned === 1 ? 'right' : undefined
  return learned === 1 ? 'extra' : 'missing'
}

const CELLS: Readonly<Record<Exclude<ArrowKind, 'open'>, MatrixCell>> = {
  edge: { fill: 'cell' },
  right: { fill: 'cell' },
  extra: { fill: 'extraCell', mark: '+' },
  missing: { fill: 'missingCell', mark: '−' }
}

/** Learned against true: colour and mark both tell an extra edge from a missing one. */
export const graphTable = ({ learned, truth, rowLabels, columnLabels }: GraphPicture): Drawing =>
  matrixDrawing({
    rows: rowLabels,
    columns: columnLabels,
    rowTitle: 'effects',
    columnTitle: 'causes',
    cellAt: (i, j) => {
      const kind = kindOf(learned[i][j], truth?.[i][j])
      return kind === undefined
        ? undefined
        : { ...CELLS[kind], tooltip: `${columnLabels[j]} → ${rowLabels[i]}: ${kind}` }
    },
    legend:
      truth === undefined
        ? []
        : [
            { cell: CELLS.right, words: 'edge, and in the true graph' },
            { cell: CELLS.extra, words: 'extra' },
            { cell: CELLS.missing, words: 'missing' }
          ]
  })

/** Numbers from 0 to 1, row = effect, column = cause; `dashed`: 1 where a cell gets a dashed frame. */
export const edgeNumbers = (
  { rowLabels, columnLabels }: Pick<GraphPicture, 'rowLabels' | 'columnLabels'>,
  values: Table,
  what: string,
  dashed?: Table
): Drawing =>
  matrixDrawing({
    rows: rowLabels,
    columns: columnLabels,
    rowTitle: 'effects',
    columnTitle: 'causes',
    cellAt: (i, j) => {
      const value = values[i][j]
      return {
        fill: 'cell',
        strength: Math.max(0, Math.min(1, value)),
        text: twoDigits(value),
        ...(dashed?.[i][j] === 1 ? { dashed: true } : {}),
        tooltip: `${columnLabels[j]} → ${rowLabels[i]}: ${what} ${twoDigits(value)}`
      }
    },
    legend: dashed?.flat().some((entry) => entry === 1)
      ? [{ cell: { fill: 'cell', strength: 0.5, dashed: true }, words: 'undecided: between .1 and .9' }]
      : []
  })

type DrawnGraph = GraphPicture & { readonly causes: NonNullable<GraphPicture['causes']> }

/** The graphs that are drawn together. */
export const drawnGraphs = (graphs: ReadonlyArray<GraphPicture>): ReadonlyArray<DrawnGraph> =>
  graphs.filter((graph): graph is DrawnGraph => graph.causes !== undefined)

/** More arrows are a thicket: the most probable ones are drawn. */
export const MOST_ARROWS = 500

const strongest = (arrows: readonly GraphArrow[]): readonly GraphArrow[] =>
  arrows.length <= MOST_ARROWS
    ? arrows
    : [...arrows].sort((p, q) => q.strength - p.strength).slice(0, MOST_ARROWS)

const nodesOf = (graphs: ReadonlyArray<DrawnGraph>): Omit<NodeGraph, 'arrows' | 'words'> => {
  const labelsOf = (part: DrawnGraph['causes']) => graphs.find(({ causes }) => causes === part)?.columnLabels
  const [past, actions] = [labelsOf('past'), labelsOf('actions')]
  return {
    latents: graphs[0].rowLabels,
    ...(past === undefined ? {} : { past }),
    ...(actions === undefined ? {} : { actions })
  }
}

const arrowsOf = (
  graphs: ReadonlyArray<DrawnGraph>,
  arrowAt: (
    graph: DrawnGraph,
    i: number,
    j: number
  ) => Pick<GraphArrow, 'kind' | 'strength' | 'dashed' | 'tooltip'> | undefined
): readonly GraphArrow[] =>
  graphs.flatMap((graph) =>
    graph.learned.flatMap((row, effect) =>
      row.flatMap((_, cause): GraphArrow[] => {
        const arrow = arrowAt(graph, effect, cause)
        return arrow === undefined ? [] : [{ part: graph.causes, cause, effect, ...arrow }]
      })
    )
  )

/** A picture, how many arrows were left out of it, and the arrows in words. */
export interface DrawnArrows {
  readonly drawing: Drawing
  readonly leftOut: number
  readonly description: string
}

const DESCRIBED = 60

const drawn = (
  graphs: ReadonlyArray<DrawnGraph>,
  all: readonly GraphArrow[],
  words: NodeGraph['words']
): DrawnArrows => {
  const arrows = strongest(all)
  const more = all.length > DESCRIBED ? `; and ${all.length - DESCRIBED} more` : ''
  const told = all.slice(0, DESCRIBED).map(({ tooltip }) => tooltip)
  return {
    drawing: nodeGraphDrawing({ ...nodesOf(graphs), arrows, words }),
    leftOut: all.length - arrows.length,
    description: all.length === 0 ? 'No edge.' : `${told.join('; ')}${more}.`
  }
}

/** What was learned: an arrow for each edge, undecided ones dashed, and against the truth where it is known. */
export const learnedArrows = (graphs: ReadonlyArray<DrawnGraph>): DrawnArrows =>
  drawn(
    graphs,
    arrowsOf(graphs, (graph, i, j) => {
      const { learned, truth, probability, undecided, rowLabels, columnLabels } = graph
      const open = undecided?.[i][j] === 1
      // With a bound on their number, even probable edges may be left out of the graph.
      const notRuledOut = open || (probability?.[i][j] ?? 0) >= 0.5
      const kind = kindOf(learned[i][j], truth?.[i][j]) ?? (notRuledOut ? 'open' : undefined)
      if (kind === undefined) return undefined
      const strength = probability?.[i][j] ?? (kind === 'missing' ? 0 : 1)
      const chance = probability === undefined ? '' : `, probability ${twoDigits(strength)}`
      const remark = kind === 'extra' || kind === 'missing' ? `, ${kind}` : ''
      return {
        kind,
        strength,
        dashed: open || kind === 'open',
        tooltip: `${columnLabels[j]} → ${rowLabels[i]}${chance}${open ? ', undecided' : ''}${remark}`
      }
    }),
    {
      full: graphs.some(({ probability }) => probability !== undefined)
        ? 'edge: the more probable, the thicker'
        : 'edge',
      dashed: 'edge, but undecided: probability between .1 and .9'
    }
  )

/** The edges of several trainings: an arrow for each that some training has. */
export const seedArrows = (graphs: ReadonlyArray<DrawnGraph>): DrawnArrows =>
  drawn(
    graphs,
    arrowsOf(graphs, ({ seeds, rowLabels, columnLabels }, i, j) => {
      const share = seeds?.share[i][j] ?? 0
      if (seeds === undefined || share === 0) return undefined
      const times = Math.round(share * seeds.count)
      const tooltip = `${columnLabels[j]} → ${rowLabels[i]}: ${times} of ${seeds.count} seeds`
      return { kind: 'edge', strength: share, dashed: times < seeds.count, tooltip }
    }),
    { full: 'in every training', dashed: 'in some: the more, the thicker' }
  )
