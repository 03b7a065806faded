/** What learned latents are: matched with true ones, scored, and seen through the features that they drive. */
import type { LatentRow, ReportContent, SensorMap, Table } from './content.js'
import { dotPlotDrawing } from './svg/dots.js'
import { matrixDrawing, sideBySide } from './svg/matrix.js'
import type { Drawing } from './svg/picture.js'

const numbered = (letter: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${letter}${i}`)

/** `.98`, `1.00` */
const twoDigits = (value: number): string => Math.abs(value).toFixed(2).replace(/^0\./, '.')

/** Absolute values from 0 to 1, a row for each true latent. */
const strengths = (table: Table, columns: number, what: string, heading?: string): Drawing => {
  const [rows, names] = [numbered('z', table.length), numbered('ẑ', columns)]
  return matrixDrawing({
    ...(heading === undefined ? {} : { heading }),
    rows,
    columns: names,
    rowTitle: 'true latents',
    columnTitle: 'learned latents',
    cellAt: (i, j) => ({
      fill: 'cell',
      strength: Math.min(1, Math.abs(table[i][j])),
      text: twoDigits(table[i][j]),
      tooltip: `${rows[i]}, ${names[j]}: ${what} ${table[i][j].toFixed(3)}`
    })
  })
}

export const correlationDrawing = (table: Table): Drawing => strengths(table, table[0].length, 'correlation')

export const entanglementDrawing = ({
  predicted,
  measured
}: NonNullable<ReportContent['entanglement']>): Drawing =>
  sideBySide([
    strengths(predicted, predicted.length, 'may depend', 'may depend (predicted)'),
    ...(measured === undefined
      ? []
      : [strengths(measured, predicted.length, 'depends', 'depends (measured)')])
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

const oneMap = (
  { features, latents, slope, states }: SensorMap,
  table: Table,
  heading: string,
  what: string
): Drawing =>
  matrixDrawing({
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
      tooltip: `${latents[j]} (${states[j]}) on ${features[i]}: ${what} ${table[i][j].toFixed(3)}`
    })
  })

/** Slopes beside shares of variance, of at most `MOST_FEATURES` features. */
export const sensorMapDrawing = (map: SensorMap): Drawing =>
  sideBySide([
    oneMap(map, map.slope, 'slope', 'slope'),
    oneMap(map, map.share, 'share of variance', 'share of variance')
  ])
