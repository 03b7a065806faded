/**
 * The pictures of a report as Vega-Lite specifications, in colours that colour-blind readers tell apart (Okabe–Ito).
 */
import type { TopLevelSpec } from 'vega-lite'
import type { GraphPicture, ReportContent, Table } from './content.js'
import { thin } from './thinning.js'

const BLUE = '#0072B2'
const ORANGE = '#D55E00'
const GREY = '#E8E8E8'
const YELLOW = '#F0E442'

const FONT = 'system-ui, sans-serif'

const base = {
  $schema: 'https://vega.github.io/schema/vega-lite/v6.json' as const,
  background: 'white',
  padding: 10,
  config: {
    font: FONT,
    view: { stroke: null },
    axis: { labelFontSize: 11, titleFontSize: 12, titleFontWeight: 'normal' as const, gridColor: '#eee' },
    title: { fontSize: 13, anchor: 'start' as const }
  }
}

/** Cells shrink as tables grow, from 34 to 8 pixels. */
const cellSize = (rows: number, columns: number): number => {
  const size = Math.floor(440 / Math.max(rows, columns))
  return Math.max(8, Math.min(34, size))
}

/** Numbers are printed where they fit. */
const PRINTED = 12

export const lossPicture = ({ history }: ReportContent): TopLevelSpec => ({
  ...base,
  width: 560,
  height: 220,
  data: { values: thin(history.loss).map((i) => ({ step: history.step[i], loss: history.loss[i] })) },
  mark: { type: 'line', color: BLUE, strokeWidth: 1.5 },
  encoding: {
    x: { field: 'step', type: 'quantitative', title: 'step', axis: { grid: false, tickCount: 6 } },
    y: { field: 'loss', type: 'quantitative', title: 'loss (nats per feature)', scale: { zero: false } }
  }
})

export const edgesPicture = ({ history }: ReportContent): TopLevelSpec => {
  const { bound } = history
  const values = thin(history.edges).flatMap((i) => [
    { step: history.step[i], edges: history.edges[i], curve: 'expected edges' },
    ...(bound === undefined ? [] : [{ step: history.step[i], edges: bound[i], curve: 'bound' }])
  ])
  // Both channels share one legend, which then shows colour and dash.
  const legend = bound === undefined ? null : { title: null, orient: 'top' as const }
  return {
    ...base,
    width: 560,
    height: 180,
    data: { values },
    mark: { type: 'line', strokeWidth: 1.5 },
    encoding: {
      x: { field: 'step', type: 'quantitative', title: 'step', axis: { grid: false, tickCount: 6 } },
      y: { field: 'edges', type: 'quantitative', title: 'edges' },
      color: {
        field: 'curve',
        type: 'nominal',
        scale: { domain: ['expected edges', 'bound'], range: [BLUE, ORANGE] },
        legend
      },
      strokeDash: {
        field: 'curve',
        type: 'nominal',
        scale: {
          domain: ['expected edges', 'bound'],
          range: [
            [1, 0],
            [5, 3]
          ]
        },
        legend
      }
    }
  }
}

interface Cell {
  readonly row: string
  readonly column: string
  readonly value: number
  readonly text: string
}

const cells = (table: Table, rows: ReadonlyArray<string>, columns: ReadonlyArray<string>): Cell[] =>
  table.flatMap((line, i) =>
    line.map((value, j) => ({
      row: rows[i],
      column: columns[j],
      value: Math.min(1, Math.abs(value)),
      text: Math.abs(value).toFixed(2).replace(/^0\./, '.')
    }))
  )

const axes = (rows: ReadonlyArray<string>, columns: ReadonlyArray<string>, y: string, x: string) => ({
  x: {
    field: 'column',
    type: 'ordinal' as const,
    sort: [...columns],
    title: x,
    axis: {
      orient: 'top' as const,
      labelAngle: columns.length > PRINTED ? -90 : 0,
      domain: false,
      ticks: false
    }
  },
  y: {
    field: 'row',
    type: 'ordinal' as const,
    sort: [...rows],
    title: y,
    axis: { domain: false, ticks: false }
  }
})

const numbered = (letter: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${letter}${i}`)

const strengths = (
  table: Table,
  columns: ReadonlyArray<string>,
  rows: ReadonlyArray<string>,
  yTitle: string,
  xTitle: string,
  title?: string
) => {
  const size = cellSize(rows.length, columns.length)
  const printed = Math.max(rows.length, columns.length) <= PRINTED
  const encoding = axes(rows, columns, yTitle, xTitle)
  return {
    ...(title === undefined ? {} : { title }),
    width: { step: size },
    height: { step: size },
    data: { values: cells(table, rows, columns) },
    layer: [
      {
        mark: { type: 'rect' as const, stroke: 'white' },
        encoding: {
          ...encoding,
          color: {
            field: 'value',
            type: 'quantitative' as const,
            scale: { domain: [0, 1], scheme: 'blues' as const },
            legend: null
          }
        }
      },
      ...(printed
        ? [
            {
              mark: { type: 'text' as const, fontSize: 10 },
              encoding: {
                ...encoding,
                text: { field: 'text', type: 'nominal' as const },
                color: { condition: { test: 'datum.value > 0.55', value: 'white' }, value: '#555' }
              }
            }
          ]
        : [])
    ]
  }
}

export const correlationPicture = (table: Table): TopLevelSpec =>
  ({
    ...base,
    ...strengths(
      table,
      numbered('ẑ', table[0].length),
      numbered('z', table.length),
      'true latent',
      'learned latent'
    )
  }) as TopLevelSpec

export const entanglementPicture = ({
  predicted,
  measured
}: NonNullable<ReportContent['entanglement']>): TopLevelSpec => {
  const [rows, columns] = [numbered('z', predicted.length), numbered('ẑ', predicted.length)]
  const one = (table: Table, title: string) =>
    strengths(table, columns, rows, 'true latent', 'learned latent', title)
  return {
    ...base,
    hconcat: [
      one(predicted, 'may depend (predicted)'),
      ...(measured === undefined ? [] : [one(measured, 'depends (measured)')])
    ]
  } as TopLevelSpec
}

const KINDS = ['edge', 'extra', 'missing', 'none'] as const

const kindOf = (learned: number, truth: number | undefined): (typeof KINDS)[number] => {
  if (truth === undefined || learned === truth) return learned === 1 ? 'edge' : 'none'
  return learned === 1 ? 'extra' : 'missing'
}

const MARKS: Readonly<Record<string, string>> = { edge: '', extra: '+', missing: '−', none: '' }

/** Learned against true: colour and mark both tell an extra edge from a missing one. */
export const graphPicture = ({
  title,
  learned,
  truth,
  rowLabels,
  columnLabels
}: GraphPicture): TopLevelSpec => {
  const size = cellSize(rowLabels.length, columnLabels.length)
  const encoding = axes(rowLabels, columnLabels, 'effect', 'cause')
  const values = learned.flatMap((row, i) =>
    row.map((edge, j) => {
      const kind = kindOf(edge, truth?.[i][j])
      return { row: rowLabels[i], column: columnLabels[j], kind, mark: MARKS[kind] }
    })
  )
  return {
    ...base,
    title,
    width: { step: size },
    height: { step: size },
    data: { values },
    layer: [
      {
        mark: { type: 'rect', stroke: 'white' },
        encoding: {
          ...encoding,
          color: {
            field: 'kind',
            type: 'nominal',
            scale: { domain: [...KINDS], range: [BLUE, ORANGE, YELLOW, GREY] },
            legend:
              truth === undefined
                ? null
                : {
                    title: null,
                    labelExpr:
                      "{edge: 'edge', extra: '+ extra', missing: '− missing', none: 'no edge'}[datum.label]"
                  }
          }
        }
      },
      {
        mark: { type: 'text', fontSize: Math.max(8, size * 0.5), fontWeight: 'bold', color: 'black' },
        encoding: { ...encoding, text: { field: 'mark', type: 'nominal' } }
      }
    ]
  }
}
