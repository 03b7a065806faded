/** Scores as a table for a terminal. */
import { type Comparison, type ScoreRow, scoreRows } from '@mechid/evaluation'

/** Figures of a published run of the same problem. */
export interface PublishedScores {
  readonly mcc: number
  readonly shd: number
  readonly rCon?: number
}

const digits = (x: number): string => x.toFixed(3)

/** Edges are counted, all else is measured. */
const shown = (score: ScoreRow['score'], x: number): string => (score === 'shd' ? x.toFixed(1) : digits(x))

const publishedCell = (score: ScoreRow['score'], published: PublishedScores | undefined): string => {
  const figure = score === 'mcc' || score === 'rCon' || score === 'shd' ? published?.[score] : undefined
  return figure === undefined ? '' : shown(score, figure)
}

/** One line a score, with the published figures where there are any. */
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
