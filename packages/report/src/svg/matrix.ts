/** Tables of cells: row labels at the left, column labels on top, a legend below. */
import {
  element,
  moved,
  nameElement,
  pixels,
  shortened,
  textElement,
  tooltip,
  wordWidth
} from './elements.js'
import type { Drawing } from './picture.js'
import { LIGHT } from './theme.js'

export interface MatrixCell {
  readonly fill: 'cell' | 'extraCell' | 'missingCell'
  /** From 0 to 1; 1 if left out. */
  readonly strength?: number
  /** Printed within, where cells are large enough. */
  readonly text?: string
  /** Printed within at any size: `+`, `−`. */
  readonly mark?: string
  /** Drawn as a dashed frame. */
  readonly dashed?: boolean
  readonly tooltip?: string
}

export interface Matrix {
  readonly heading?: string
  readonly rows: ReadonlyArray<string>
  readonly columns: ReadonlyArray<string>
  readonly rowTitle: string
  readonly columnTitle: string
  readonly cellAt: (row: number, column: number) => MatrixCell | undefined
  readonly legend?: ReadonlyArray<{ readonly cell: MatrixCell; readonly words: string }>
  /** Under each column, and what they mean. */
  readonly columnMarks?: ReadonlyArray<string>
  readonly markLegend?: ReadonlyArray<{ readonly mark: string; readonly words: string }>
  /** Rows before which a line is drawn. */
  readonly rules?: ReadonlyArray<number>
}

const SIZE = 11
const TITLE_SIZE = 12
const LINE = 17
const LARGEST_CELL = 34
/** A label fits beside the next one. */
const LEAST_CELL = 13
const SPAN = 440
/** Numbers are printed in cells so large. */
const PRINTED = 26
const MOST_CHARACTERS = 26

const cellSize = (entries: number): number =>
  Math.max(LEAST_CELL, Math.min(LARGEST_CELL, Math.floor(SPAN / Math.max(1, entries))))

const cellShape = (
  { fill, strength = 1, text, mark, dashed, tooltip: told }: MatrixCell,
  size: number
): string => {
  const inner = size - 1
  const words = mark ?? (size >= PRINTED ? text : undefined)
  const shape = dashed
    ? element('rect', {
        x: 1.5,
        y: 1.5,
        width: inner - 3,
        height: inner - 3,
        fill: LIGHT[fill],
        'fill-opacity': strength.toFixed(2),
        stroke: LIGHT.ink,
        'stroke-dasharray': '3 2'
      })
    : element('rect', { width: inner, height: inner, fill: LIGHT[fill], 'fill-opacity': strength.toFixed(2) })
  const label =
    words === undefined
      ? ''
      : textElement(words, {
          x: inner / 2,
          y: inner / 2 + (mark === undefined ? 3.5 : size * 0.22),
          'text-anchor': 'middle',
          'font-size': mark === undefined ? 10 : Math.max(11, size * 0.55),
          ...(mark === undefined ? {} : { 'font-weight': 700 }),
          fill: LIGHT.onCell
        })
  return (told === undefined ? '' : tooltip(told)) + shape + label
}

const widest = (labels: ReadonlyArray<string>): number =>
  labels.reduce((most, label) => Math.max(most, wordWidth(shortened(label, MOST_CHARACTERS), SIZE)), 0)

const background = (rows: number, columns: number, size: number): string => {
  let path = ''
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) path += `M${j * size} ${i * size}h${size - 1}v${size - 1}h${1 - size}z`
  return element('path', { d: path, fill: LIGHT.empty })
}

const ruled = (rules: ReadonlyArray<number>, width: number, size: number): string =>
  rules.length === 0
    ? ''
    : element('path', {
        d: rules.map((row) => `M-4 ${pixels(row * size - 0.5)}h${pixels(width + 4)}`).join(''),
        stroke: LIGHT.quiet,
        'stroke-width': 1
      })

const legendLines = (legend: NonNullable<Matrix['legend']>): string =>
  legend
    .map(({ cell, words }, line) =>
      moved(
        0,
        line * LINE,
        cellShape({ ...cell, text: '' }, 14) +
          textElement(words, { x: 20, y: 11, 'font-size': SIZE, fill: LIGHT.quiet })
      )
    )
    .join('')

const markElements = (marks: ReadonlyArray<string>, size: number): string =>
  marks
    .map((mark, j) =>
      textElement(mark, {
        x: (j + 0.5) * size,
        y: 14,
        'text-anchor': 'middle',
        'font-size': 12,
        fill: LIGHT.ink
      })
    )
    .join('')

const markLines = (lines: NonNullable<Matrix['markLegend']>, after: number): string =>
  lines
    .map(({ mark, words }, k) =>
      moved(
        0,
        (after + k) * LINE,
        textElement(mark, { x: 1, y: 11, 'font-size': 12, fill: LIGHT.ink }) +
          textElement(words, { x: 20, y: 11, 'font-size': SIZE, fill: LIGHT.quiet })
      )
    )
    .join('')

const columnLabels = (columns: ReadonlyArray<string>, size: number, upright: boolean): string =>
  columns
    .map((name, j) => {
      const x = (j + 0.5) * size
      return upright
        ? nameElement(name, MOST_CHARACTERS, {
            x,
            y: -5,
            'text-anchor': 'middle',
            'font-size': SIZE,
            fill: LIGHT.ink
          })
        : nameElement(name, MOST_CHARACTERS, {
            transform: `translate(${pixels(x + 4)} -5) rotate(-90)`,
            'font-size': SIZE,
            fill: LIGHT.ink
          })
    })
    .join('')

const rowLabels = (rows: ReadonlyArray<string>, size: number): string =>
  rows
    .map((name, i) =>
      nameElement(name, MOST_CHARACTERS, {
        x: -7,
        y: (i + 0.5) * size + 4,
        'text-anchor': 'end',
        'font-size': SIZE,
        fill: LIGHT.ink
      })
    )
    .join('')

/** The matrix as a drawing. */
export const matrixDrawing = (matrix: Matrix): Drawing => {
  const { heading, rows, columns, rowTitle, columnTitle, cellAt, legend = [], rules = [] } = matrix
  const { columnMarks = [], markLegend = [] } = matrix
  const marksHeight = columnMarks.some((mark) => mark !== '') ? LINE : 0
  const size = cellSize(Math.max(rows.length, columns.length))
  const columnWidth = widest(columns)
  const upright = columnWidth <= size - 2
  const head = heading === undefined ? 0 : 22
  const top = head + LINE + (upright ? SIZE : columnWidth) + 8
  const left = Math.max(widest(rows) + 9, 12)
  const [width, height] = [columns.length * size, rows.length * size]
  const cells = rows
    .flatMap((_, i) =>
      columns.map((_, j) => {
        const cell = cellAt(i, j)
        return cell === undefined ? '' : moved(j * size, i * size, cellShape(cell, size))
      })
    )
    .join('')
  const titles =
    (heading === undefined
      ? ''
      : textElement(heading, { y: 12, 'font-size': 13, 'font-weight': 600, fill: LIGHT.ink })) +
    textElement(`columns: ${columnTitle}, rows: ${rowTitle}`, {
      y: head + 11,
      'font-size': TITLE_SIZE,
      fill: LIGHT.quiet
    })
  const headWidth = Math.max(
    wordWidth(`columns: ${columnTitle}, rows: ${rowTitle}`, TITLE_SIZE),
    heading === undefined ? 0 : wordWidth(heading, 13),
    ...[...legend, ...markLegend].map(({ words }) => 20 + wordWidth(words, SIZE))
  )
  const below = top + height + marksHeight
  const legendLength = legend.length + markLegend.length
  return {
    width: Math.max(left + width, headWidth),
    height: below + (legendLength === 0 ? 0 : 12 + legendLength * LINE),
    body:
      titles +
      moved(
        left,
        top,
        background(rows.length, columns.length, size) +
          cells +
          ruled(rules, width, size) +
          rowLabels(rows, size) +
          columnLabels(columns, size, upright)
      ) +
      moved(left, top + height, markElements(columnMarks, size)) +
      moved(0, below + 12, legendLines(legend) + markLines(markLegend, legend.length))
  }
}

const BETWEEN = 36

/** Drawings from left to right. */
export const sideBySide = (drawings: ReadonlyArray<Drawing>): Drawing => {
  let [x, body] = [0, '']
  for (const drawing of drawings) {
    body += moved(x, 0, drawing.body)
    x += drawing.width + BETWEEN
  }
  return {
    width: Math.max(0, x - BETWEEN),
    height: Math.max(0, ...drawings.map(({ height }) => height)),
    body
  }
}
