/** Runs as they are kept, and as tables. */
import { existsSync, readFileSync } from 'node:fs'
import type { Promised } from '@mechid/evaluation'
import type { PublishedFigure } from '@mechid/example-terminal'

/** What tells one run from another. */
export interface Settings {
  readonly problem: string
  readonly method: string
  readonly seed: number
  readonly latents: number
  readonly rows: number
  /** null: as many as the recipe has. */
  readonly steps: number | null
  /** Of drawn graphs; null: the problem has its own. */
  readonly edgeProbability: number | null
}

export interface RunRecord extends Settings {
  readonly prediction: Promised
  /** Combinations of latents that an action acts on and moves by less than noise: what is promised is practically open then. */
  readonly hidden: number
  readonly mcc: number
  readonly rCon: number | null
  readonly r: number
  /** The R that noise allows; null where it was not computed. */
  readonly rFloor: number | null
  /** R_con of any smooth function of the learned latents that theory allows, by kernel regression. */
  readonly kernelRCon: number | null
  readonly shd: number | null
  readonly edges: number
  readonly possible: number
  readonly seconds: number
  /** Whether the run went on from a checkpoint; `seconds` are then those since. */
  readonly resumed?: boolean
  /** What the basis rests on, and whether data reject it. */
  readonly hypothesis: string
  readonly published: PublishedFigure | null
}

const settingNames = ['problem', 'method', 'seed', 'latents', 'rows', 'steps', 'edgeProbability'] as const

/** The name of what a run keeps. */
export const runName = ({
  problem,
  method,
  seed,
  latents,
  rows,
  steps,
  edgeProbability
}: Settings): string => {
  const own = [
    ...(edgeProbability === null ? [] : [`p${edgeProbability}`]),
    ...(steps === null ? [] : [`${steps}-steps`])
  ]
  return [problem.replace(/[^\w]+/g, '-'), method, latents, rows, ...own, seed].join('-')
}

/** A run with these settings that was finished before. */
export const finishedRun = (file: string, settings: Settings): RunRecord | undefined => {
  if (!existsSync(file)) return undefined
  try {
    const record = JSON.parse(readFileSync(file, 'utf8')) as Partial<RunRecord>
    const agrees = settingNames.every((name) => (record[name] ?? null) === settings[name])
    return agrees ? (record as RunRecord) : undefined
  } catch {
    // Half a file is no run: it is trained again.
    return undefined
  }
}

const digits = (x: number | null): string => (x === null ? '' : x.toFixed(4))

/** Training time; of a resumed run a lower bound. */
export const secondsOf = ({ seconds, resumed }: RunRecord): string =>
  `${resumed === true ? '> ' : ''}${seconds.toFixed(0)}`

/** A problem, with the probability of its edges where they are drawn. */
export const nameOf = ({ problem, edgeProbability }: Settings): string =>
  edgeProbability === null || edgeProbability === undefined ? problem : `${problem}, edges ${edgeProbability}`

/** What theory promises, and whether noise leaves it open. */
export const predictionOf = ({ prediction, hidden }: RunRecord): string =>
  hidden > 0 && (prediction === 'complete' || prediction === 'partial')
    ? `${prediction}, ${hidden} hidden`
    : prediction

/** What linear scores lose where theory allows any function within a block, at least, to be remarked on. */
const BENT = 0.002

/**
 * Where latents that stay together settled in a bent chart, such as the arc length along a curve and the offset from it, a
 * linear score calls that a failure and any smooth function within the block does not.
 */
export const remarks = (records: readonly RunRecord[]): string[] =>
  records.flatMap((run) => {
    const { rCon, kernelRCon, prediction, seed } = run
    if (rCon === null || kernelRCon === null || prediction !== 'partial' || kernelRCon < rCon + BENT)
      return []
    return [
      `${nameOf(run)}, seed ${seed}: latents that stay together have settled in a bent chart of their block (arc length along a curve and offset from it, see docs/assumptions.md): R_con is ${rCon.toFixed(4)} by lines and ${kernelRCon.toFixed(4)} by smooth functions within the block.`
    ]
  })

/** A table for a terminal: one line a run. */
export const summaryRows = (records: readonly RunRecord[]): string[][] => [
  [
    'problem',
    'seed',
    'prediction',
    'MCC',
    'R_con',
    'kernel',
    'R',
    'floor',
    'SHD',
    's',
    'published MCC',
    'R_con ',
    'SHD '
  ],
  ...records.map((run) => [
    nameOf(run),
    String(run.seed),
    predictionOf(run),
    digits(run.mcc),
    digits(run.rCon),
    digits(run.kernelRCon),
    digits(run.r),
    digits(run.rFloor),
    run.shd === null ? '' : `${run.shd} of ${run.possible}`,
    secondsOf(run),
    digits(run.published?.mcc ?? null),
    digits(run.published?.rCon ?? null),
    run.published === null ? '' : run.published.shd.toFixed(1)
  ])
]

const columns = [
  'problem',
  'method',
  'seed',
  'latents',
  'rows',
  'steps',
  'edgeProbability',
  'prediction',
  'hidden',
  'mcc',
  'rCon',
  'kernelRCon',
  'r',
  'rFloor',
  'shd',
  'edges',
  'possible',
  'seconds',
  'resumed',
  'hypothesis'
] as const

/** The same as CSV, all numbers in full. */
export const csvOf = (records: readonly RunRecord[]): string =>
  [
    [...columns, 'publishedMcc', 'publishedRCon', 'publishedShd'].join(','),
    ...records.map((run) =>
      [...columns.map((name) => run[name]), run.published?.mcc, run.published?.rCon, run.published?.shd]
        .map((value) => (typeof value === 'string' ? `"${value.replaceAll('"', '""')}"` : (value ?? '')))
        .join(',')
    ),
    ''
  ].join('\n')
