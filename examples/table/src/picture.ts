/** A picture of all scores beside the published ones: one line a problem and method, one dot a seed. */
import { areSeveral, type RunRecord, runTitle } from '@mechid/example-terminal'
import { escapeMarkup } from '@mechid/values'

const LEAST_LEFT = 190
const CHARACTER = 6.8
const WIDTH = 560
const RIGHT = 24
const TOP = 34
const LINE = 26
/** log₁₀(1 − score) at the left and at the right end of the axis. */
const WORST = 0
const BEST = -3.5
const TICKS = [0, 0.9, 0.99, 0.999]

/** The place of a score on the axis, which is logarithmic in 1 − score: scores near 1 would coincide otherwise. */
const across = (left: number, score: number): number => {
  const power = Math.log10(Math.max(1 - score, 1e-12))
  return left + (WIDTH * (Math.min(WORST, Math.max(BEST, power)) - WORST)) / (BEST - WORST)
}

/** The score that counts: MCC, or R_con where theory promises blocks. */
const scoreOf = ({ prediction, mcc, rCon }: Pick<RunRecord, 'prediction' | 'mcc' | 'rCon'>): number | null =>
  prediction === 'partial' ? rCon : mcc

const text = (x: number, y: number, anchor: string, words: string): string =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}" dominant-baseline="middle" fill="#222">${escapeMarkup(words)}</text>`

const labelOf = (run: RunRecord, several: boolean): string =>
  `${runTitle({ ...run, edgeProbability: null }, several)} (${run.prediction === 'partial' ? 'R_con' : 'MCC'})`

/** Whether the score can be a success: theory promises something, and the hypothesis is not rejected. */
const counts = ({ prediction, hypothesis }: RunRecord): boolean =>
  (prediction === 'complete' || prediction === 'partial') && !hypothesis.includes('rejected')

const line = (left: number, label: string, runs: readonly RunRecord[], y: number): string => {
  const [{ problem, prediction, published }] = runs
  const dots = runs.map((run) => {
    const score = scoreOf(run)
    const title = `<title>${escapeMarkup(`${problem}, seed ${run.seed}: ${score?.toFixed(4) ?? 'no score'}`)}</title>`
    const fill = counts(run) ? '#0b62a8' : 'none'
    return score === null
      ? ''
      : `<circle cx="${across(left, score).toFixed(1)}" cy="${y}" r="5" fill="${fill}" fill-opacity=".75" stroke="#0b62a8">${title}</circle>`
  })
  const floors = runs.flatMap(({ rFloor }) => (rFloor === null ? [] : [across(left, rFloor)]))
  const ticks = floors.map(
    (x) =>
      `<path d="M${x.toFixed(1)} ${y - 8}v16" stroke="#0a6b4b" stroke-width="2"><title>the R that noise allows</title></path>`
  )
  const theirs = published === null ? null : prediction === 'partial' ? published.rCon : published.mcc
  const x = theirs === null ? 0 : across(left, theirs)
  const diamond =
    theirs === null
      ? ''
      : `<path d="M${(x - 6).toFixed(1)} ${y}l6-6 6 6-6 6z" fill="#fff" stroke="#b1440a" stroke-width="2"><title>published: ${theirs}</title></path>`
  return `${text(left - 12, y, 'end', label)}<path d="M${left} ${y}h${WIDTH}" stroke="#ddd"/>${ticks.join('')}${diamond}${dots.join('')}`
}

/** An SVG of all runs. */
export const scorePicture = (records: readonly RunRecord[]): string => {
  const several = areSeveral(records)
  const labels = [...new Set(records.map((run) => labelOf(run, several)))]
  const height = TOP + LINE * labels.length + 12
  const longest = Math.max(...labels.map(({ length }) => length))
  const left = Math.max(LEAST_LEFT, CHARACTER * longest + 20)
  const width = left + WIDTH + RIGHT
  const axis = TICKS.map(
    (tick) =>
      `<path d="M${across(left, tick).toFixed(1)} ${TOP - 10}V${height - 8}" stroke="#ccc" stroke-dasharray="2 3"/>${text(across(left, tick), 14, 'middle', String(tick))}`
  )
  const lines = labels.map((label, i) =>
    line(
      left,
      label,
      records.filter((run) => labelOf(run, several) === label),
      TOP + LINE * i + LINE / 2
    )
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="Scores of each run, beside the published ones" font-family="system-ui, sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>${axis.join('')}${lines.join('')}</svg>`
}
