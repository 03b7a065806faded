/** What an unrolled rival means, in plain language. */
import type { PracticalRival } from '../answer.js'

const shown = (x: number): string => (x >= 1000 ? Math.round(x).toLocaleString('en-US') : x.toPrecision(2))

const rowsText = (rows: number): string =>
  rows < 10 ? 'a few rows' : `about ${shown(Number(rows.toPrecision(2)))} rows`

type Found = Required<Pick<PracticalRival, 'verdict' | 'rival' | 'rowsNeeded'>> & Pick<PracticalRival, 'bend'>

/** What rows, odds and training there are. */
interface Means {
  readonly rows: number
  readonly odds: number
  readonly resolution: number
}

export const explainRival = (
  { verdict, rival, rowsNeeded, bend }: Found,
  { rows, odds, resolution }: Means
): string => {
  const what = 'one latent the arc length along the curve of their means, the others the offset from it'
  const ratio = `the truth is ahead by ${rival.logRatio.toPrecision(2)} nats a row`
  const bent =
    bend === undefined
      ? ''
      : ` The cheapest bend of that curve which leaves a linear score ${100 * bend.unexplained} % short takes ${rowsText(Math.log(odds) / bend.logRatio)} to exclude.`
  if (verdict === 'testable')
    return (
      `testable. Of the unrolled model (${what}) ${ratio}` +
      `${rival.misplaced > 1e-6 ? `, for the curve nears or crosses itself and ${(100 * rival.misplaced).toPrecision(2)} % of rows fall on a wrong part of it` : ''}: ${rowsText(rowsNeeded)} tell.${bent}`
    )
  const why =
    rowsNeeded > rows
      ? `${shown(rows)} rows cannot tell at odds of ${shown(odds)} to 1: ${rowsText(rowsNeeded)} would be needed, by an ideal learner`
      : `an ideal learner would need ${rowsText(rowsNeeded)}, but trained models fall short of their optimum by more than that (${resolution} nats a row)`
  return (
    `practically unidentified. Over another model (${what}; a linear score gives it R ${rival.linearR.toFixed(2)}) ` +
    `${ratio}: ${why}.${bent}`
  )
}
