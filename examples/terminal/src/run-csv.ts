/** The records of runs as CSV. */
import type { RunRecord } from './run-records.js'
import { pairsInCell, type RunVerdict } from './run-verdict.js'

type Value = string | number | boolean | null | undefined

type Column = readonly [name: string, value: (run: RunRecord) => Value]

const own = (
  name: Exclude<keyof RunRecord, 'published' | 'verdict' | 'verdictWithoutTruth' | 'note'>
): Column => [name, (run) => run[name]]

const doubtOf = (verdict: RunVerdict<unknown> | undefined): string | undefined =>
  verdict?.answer === 'cannot tell' ? verdict.doubt : undefined

const columns: readonly Column[] = [
  ...(['problem', 'method', 'seed', 'latents', 'rows', 'steps', 'edgeProbability', 'bound'] as const).map(
    own
  ),
  ...(['learnedLatents', 'prediction', 'hidden', 'mcc', 'rCon', 'kernelRCon', 'r', 'rFloor'] as const).map(
    own
  ),
  ...(['shd', 'edges', 'possible', 'seconds', 'resumed', 'hypothesis'] as const).map(own),
  ['verdict', ({ verdict }) => verdict?.answer],
  ['brokenPairs', ({ verdict }) => pairsInCell(verdict)],
  ['doubt', ({ verdict }) => doubtOf(verdict)],
  ['verdictWithoutTruth', ({ verdictWithoutTruth: alone }) => alone?.answer],
  ['brokenPairsWithoutTruth', ({ verdictWithoutTruth: alone }) => pairsInCell(alone)],
  ['doubtWithoutTruth', ({ verdictWithoutTruth: alone }) => doubtOf(alone)],
  ['publishedMcc', ({ published }) => published?.mcc],
  ['publishedRCon', ({ published }) => published?.rCon],
  ['publishedShd', ({ published }) => published?.shd]
]

/** Text in quotation marks; what does not exist is empty. */
const cell = (value: Value): string =>
  typeof value === 'string' && value !== '' ? `"${value.replaceAll('"', '""')}"` : String(value ?? '')

/** A header, then a line for each run, with all digits. */
export const csvOf = (records: readonly RunRecord[]): string =>
  [
    columns.map(([name]) => name).join(','),
    ...records.map((run) => columns.map(([, value]) => cell(value(run))).join(',')),
    ''
  ].join('\n')
