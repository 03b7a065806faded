/** What learned latents are: matched with true ones, scored, and seen through the features that they drive. */
import type { LatentRow, ReportContent, SensorMap, Table } from './content.js'
import { dotPlotDrawing } from './svg/dots.js'
import { matrixDrawing, sideBySide } from './svg/matrix.js'
import type { Drawing } from './svg/picture.js'

type LatentNames = NonNullable<ReportContent['latentNames']>

const numbered = (letter: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${letter}${i}`)

/** `.98`, `1.00`; nothing for an exact zero. */
const twoDigits = (value: number): string =>
  value === 0 ? '' : Math.abs(value).toFixed(2).replace(/^0\./, '.')

/** Absolute values from 0 to 1, a row for each true latent. */
const strengths = (
  table: Table,
  columns: number,
  what: string,
  names: LatentNames | undefined,
  heading?: string
): Drawing => {
  const rows = names?.true ?? numbered('z', table.length)
  const learned = names?.learned ?? numbered('ẑ', columns)
  return matrixDrawing({
    ...(heading === undefined ? {} : { heading }),
    rows,
    columns: learned,
    rowTitle: 'true latents',
    columnTitle: 'learned latents',
    cellAt: (i, j) => ({
      fill: 'cell',
      strength: Math.min(1, Math.abs(table[i][j])),
      text: twoDigits(table[i][j]),
      tooltip: `${rows[i]}, ${learned[j]}: ${what} ${table[i][j].toFixed(3)}`
    })
  })
}

export const correlationDrawing = (table: Table, names?: LatentNames): Drawing =>
  strengths(table, table[0].length, 'correlation', names)

export const entanglementDrawing = (
  { predicted, measured }: NonNullable<ReportContent['entanglement']>,
  names?: LatentNames
): Drawing =>
  sideBySide([
    strengths(predicted, predicted.length, 'may depend', names, 'may depend (predicted)'),
    ...(measured === undefined
      ? []
      : [strengths(measured, predicted.length, 'depends', names, 'depends (measured)')])
  ])

/** Scores of each latent as marks on a line. */
export const scoresDrawing = (rows: ReadonlyArray<LatentRow>): Drawing =>
  dotPlotDrawing({
    names: rows.map(({ name }) => name),
    scores: Object.keys(rows[0].scores).map((name) => ({
      name,
      values: rows.map(({ scores }) => scores[name])
    }))
  })

/** More rows are no longer read one by one. */
export const MOST_FEATURES = 200

/** Rows at which another latent begins to be the strongest. */
const blockStarts = (slope: Table): number[] => {
  const strongest = slope.map((row) => row.indexOf(Math.max(...row)))
  return strongest.flatMap((latent, row) => (row > 0 && latent !== strongest[row - 1] ? [row] : []))
}

const MARKS = { good: '●', open: '◐', bad: '○' } as const

const markOf = ({ tone }: SensorMap['states'][number]): string => (tone === undefined ? '' : MARKS[tone])

/** A line for each kind of state, with the latents that have it. */
const stateLines = ({ latents, states }: SensorMap): readonly { mark: string; words: string }[] => {
  const byState = new Map<string, { readonly mark: string; readonly names: string[] }>()
  for (const [j, one] of states.entries()) {
    const known = byState.get(one.state) ?? { mark: markOf(one), names: [] }
    known.names.push(latents[j])
    byState.set(one.state, known)
  }
  return [...byState].map(([state, { mark, names }]) => ({ mark, words: `${names.join(', ')}: ${state}` }))
}

const oneMap = (map: SensorMap, table: Table, heading: string, what: string, explained: boolean): Drawing => {
  const { features, latents, slope, states } = map
  return matrixDrawing({
    heading,
    rows: features.slice(0, MOST_FEATURES),
    columns: latents,
    rowTitle: 'features',
    columnTitle: 'learned latents',
    rules: blockStarts(slope.slice(0, MOST_FEATURES)),
    cellAt: (i, j) => ({
      fill: 'cell',
      strength: Math.max(0, Math.min(1, table[i][j])),
      text: twoDigits(table[i][j]),
      tooltip: `${latents[j]} (${states[j].state}) on ${features[i]}: ${what} ${table[i][j].toFixed(3)}`
    }),
    columnMarks: states.map(markOf),
    markLegend: explained ? stateLines(map) : []
  })
}

/** Slopes beside shares of variance, of at most `MOST_FEATURES` features. */
export const sensorMapDrawing = (map: SensorMap): Drawing =>
  sideBySide([
    oneMap(map, map.slope, 'slope', 'slope', true),
    oneMap(map, map.share, 'share of variance', 'share of variance', false)
  ])
