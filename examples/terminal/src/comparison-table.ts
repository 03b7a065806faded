/** Scores as a table for a terminal. */
import { type Comparison, type ScoreRow, scoreRows } from '@mechid/evaluation'

/** Published figures of the same problem. */
export interface PublishedScores {
  readonly mcc: number
  readonly shd: number
  readonly rCon?: number
}

/** Good scores differ in the fourth digit. */
const digits = (x: number): string => x.toFixed(4)

const shown = (score: ScoreRow['score'], x: number): string => (score === 'shd' ? x.toFixed(1) : digits(x))

const publishedCell = (score: ScoreRow['score'], published: PublishedScores | undefined): string => {
  const figure = score === 'mcc' || score === 'rCon' || score === 'shd' ? published?.[score] : undefined
  return figure === undefined ? '' : shown(score, figure)
}

/** A header, then one line for each score; a column of published figures where they are given. */
export const comparisonRows = (comparison: Comparison, published?: PublishedScores): string[][] => {
  const rows = [
    ['score', 'value', '95% interval', 'chance', 'published'],
    ...scoreRows(comparison).map(({ score, name, value, interval, chance, detail }) => [
      name,
      score === 'shd' ? String(value) : digits(value),
      detail ?? interval?.map(digits).join(' – ') ?? '',
      chance === undefined ? '' : shown(score, chance),
      publishedCell(score, published)
    ])
  ]
  return published === undefined ? rows.map((cells) => cells.slice(0, -1)) : rows
}
