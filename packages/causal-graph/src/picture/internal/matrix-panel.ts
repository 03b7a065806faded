/** A matrix as a grid of cells, with labels that stay apart however many there are. */
import { element, labelText, moved, pixels, shortened, wordWidth } from './elements.js'
import type { Panel } from './panel.js'

/** What stands in a cell; the kinds differ in colour and, where cells are large enough, in shape. */
export type CellKind = 'edge' | 'mutual' | 'one-way' | 'self'

export interface MatrixPicture extends Pick<Panel, 'name' | 'heading' | 'reading'> {
  readonly rows: ReadonlyArray<string>
  readonly columns: ReadonlyArray<string>
  /** For each row the cells that are not empty, by ascending column. */
  readonly cells: ReadonlyArray<ReadonlyArray<{ readonly column: number; readonly kind: CellKind }>>
  /** Words for the kinds that need them. */
  readonly legend: ReadonlyArray<{ readonly kind: CellKind; readonly words: string }>
}

const LABEL_SIZE = 11
const LINE = 18
const SPAN = 560
const LARGEST_CELL = 22
/** Cells below this size touch, and are drawn as runs. */
const APART = 8

/** Cells shrink as matrices grow: 22 pixels up to 25 entries, 5.5 at 100, never below 1. */
const cellSize = (entries: number): number =>
  Math.min(LARGEST_CELL, Math.max(1, Math.floor((2 * SPAN) / entries) / 2))

/** Every so many-th label fits: 1, 2, 5, 10, 20, … */
const labelStep = (cell: number): number => {
  for (let power = 1; ; power *= 10)
    for (const factor of [1, 2, 5]) if (factor * power * cell >= LABEL_SIZE + 1) return factor * power
}

const shapes: Readonly<Record<CellKind, (cell: number) => string>> = {
  edge: (cell) => square(cell, 0),
  mutual: (cell) => square(cell, 0),
  self: (cell) => square(cell, cell * 0.3),
  'one-way': (cell) => {
    const half = cell / 2 - 1
    return `m${pixels(cell / 2)} 1l${pixels(half)} ${pixels(half)}l${pixels(-half)} ${pixels(half)}l${pixels(-half)} ${pixels(-half)}z`
  }
}

const square = (cell: number, inset: number): string => {
  const side = pixels(cell - 2 * inset)
  return `m${pixels(inset)} ${pixels(inset)}h${side}v${side}h${pixels(2 * inset - cell)}z`
}

/** One path for each kind: a shape a cell or, where cells touch, a bar a run. */
const marks = (cells: MatrixPicture['cells'], cell: number): string => {
  const paths = new Map<CellKind, string[]>()
  cells.forEach((row, i) => {
    for (let c = 0; c < row.length; ) {
      const { column, kind } = row[c]
      let run = 1
      if (cell < APART) while (row[c + run]?.kind === kind && row[c + run].column === column + run) run++
      const path = paths.get(kind) ?? []
      if (!paths.has(kind)) paths.set(kind, path)
      const from = `M${pixels(column * cell)} ${pixels(i * cell)}`
      path.push(
        cell < APART
          ? `${from}h${pixels(run * cell)}v${pixels(cell)}h${pixels(-run * cell)}z`
          : `${from}${shapes[kind](cell)}`
      )
      c += run
    }
  })
  return [...paths].map(([kind, path]) => element('path', { class: kind, d: path.join('') })).join('')
}

/** Lines `step` cells apart. */
const lines = (rows: number, columns: number, cell: number, step: number): string => {
  const [width, height] = [columns * cell, rows * cell]
  let d = ''
  for (let j = step; j < columns; j += step) d += `M${pixels(j * cell)} 0v${pixels(height)}`
  for (let i = step; i < rows; i += step) d += `M0 ${pixels(i * cell)}h${pixels(width)}`
  return d
}

const grid = (rows: number, columns: number, cell: number): string => {
  const fine = cell >= APART ? lines(rows, columns, cell, 1) : ''
  const coarse = Math.max(rows, columns) > 20 ? lines(rows, columns, cell, 10) : ''
  return (
    (fine === '' ? '' : element('path', { class: 'grid', 'stroke-width': cell >= 14 ? 2 : 1, d: fine })) +
    (coarse === '' ? '' : element('path', { class: 'rule', 'stroke-width': 0.75, d: coarse }))
  )
}

const widest = (labels: ReadonlyArray<string>, step: number): number =>
  labels.reduce(
    (most, label, i) => (i % step === 0 ? Math.max(most, wordWidth(shortened(label), LABEL_SIZE)) : most),
    0
  )

const every = (
  labels: ReadonlyArray<string>,
  step: number,
  draw: (label: string, i: number) => string
): string => labels.map((label, i) => (i % step === 0 ? draw(label, i) : '')).join('')

const legendLines = (legend: MatrixPicture['legend']): string =>
  legend
    .map(({ kind, words }, line) =>
      moved(
        0,
        line * LINE,
        element('path', { class: kind, d: `M0 0${shapes[kind](12)}` }) +
          element('text', { class: 'quiet', x: 18, y: 10, 'font-size': LABEL_SIZE }, words)
      )
    )
    .join('')

/** The matrix with row labels at the left, column labels on top and the legend below. */
export const matrixPanel = (picture: MatrixPicture): Panel => {
  const { name, heading, reading, rows, columns, cells, legend } = picture
  const cell = cellSize(Math.max(rows.length, columns.length))
  const step = labelStep(cell)
  const left = widest(rows, step) + 6
  const columnWidth = widest(columns, step)
  const upright = columnWidth <= step * cell - 2
  const top = (upright ? LABEL_SIZE : columnWidth) + 6
  const [width, height] = [columns.length * cell, rows.length * cell]
  const rowLabels = every(rows, step, (label, i) =>
    labelText(label, {
      class: 'ink',
      x: left - 6,
      y: top + (i + 0.5) * cell + 4,
      'text-anchor': 'end',
      'font-size': LABEL_SIZE
    })
  )
  const columnLabels = every(columns, step, (label, j) => {
    const x = left + (j + 0.5) * cell
    return upright
      ? labelText(label, { class: 'ink', x, y: top - 5, 'text-anchor': 'middle', 'font-size': LABEL_SIZE })
      : labelText(label, {
          class: 'ink',
          transform: `translate(${pixels(x + 4)} ${pixels(top - 5)}) rotate(-90)`,
          'font-size': LABEL_SIZE
        })
  })
  const table =
    element('rect', { class: 'empty', width, height }) +
    marks(cells, cell) +
    grid(rows.length, columns.length, cell)
  const legendWidth = Math.max(0, ...legend.map(({ words }) => 18 + wordWidth(words, LABEL_SIZE)))
  return {
    name,
    heading,
    reading,
    width: Math.max(left + width, legendWidth),
    height: top + height + (legend.length === 0 ? 0 : 12 + legend.length * LINE),
    body:
      rowLabels +
      columnLabels +
      moved(left, top, table) +
      (legend.length === 0 ? '' : moved(0, top + height + 12, legendLines(legend)))
  }
}
