/** The records of runs: kept as files, shown as tables. */
import type { Promised } from '@mechid/evaluation'
import type { Bound } from './problem-experiment.js'
import type { Published } from './published.js'
import { keptJson } from './result-folder.js'
import { type VerdictWithoutTruth, type VerdictWithTruth, verdictInWords } from './run-verdict.js'

/** What distinguishes one run from another. */
export interface Settings {
  readonly problem: string
  /** A preset of the estimator, or another method. */
  readonly method: string
  readonly seed: number
  readonly latents: number
  readonly rows: number
  /** null: those of the preset. */
  readonly steps: number | null
  /** null: the problem has a graph of its own. */
  readonly edgeProbability: number | null
  /** null: the true number of edges. */
  readonly bound: Bound | null
  /** How many latents were learned, where the number was chosen from data; absent: the true number. */
  readonly learnedLatents?: number
}

export interface RunRecord extends Settings {
  readonly prediction: Promised
  /** Combinations of latents that an action moves by less than noise. Where there are any, the promise is practically open. */
  readonly hidden: number
  readonly mcc: number
  readonly rCon: number | null
  readonly r: number
  /** Noise floor: the R that noise allows; null where it was not computed. */
  readonly rFloor: number | null
  /** R_con with any smooth function in place of a linear one, by kernel regression. */
  readonly kernelRCon: number | null
  readonly shd: number | null
  readonly edges: number
  readonly possible: number
  readonly seconds: number
  /** Whether the run was resumed from a checkpoint; `seconds` then count from there. */
  readonly resumed?: boolean
  /** The hypothesis on which the basis rests, and whether the data reject it; `none` of methods that claim nothing. */
  readonly hypothesis: string
  readonly published: Published | null
  /** Whether held-out rows have the latents and the graph that theory promises; absent from records that were kept before it was. */
  readonly verdict?: VerdictWithTruth
  /** What the learned graph alone says of the learned latents; absent from older records, and of methods that learn no graph. */
  readonly verdictWithoutTruth?: VerdictWithoutTruth
  /** What is noteworthy of the training. */
  readonly note?: string
}

const settingNames = [
  'problem',
  'method',
  'seed',
  'latents',
  'rows',
  'steps',
  'edgeProbability',
  'bound',
  'learnedLatents'
] as const

/** The name of a run's record and of its folder of checkpoints. */
export const runName = ({
  problem,
  method,
  seed,
  latents,
  rows,
  steps,
  edgeProbability,
  bound,
  learnedLatents
}: Settings): string => {
  const own = [
    ...(edgeProbability === null ? [] : [`p${edgeProbability}`]),
    ...(bound === null ? [] : [`${bound}-edges`]),
    ...(learnedLatents === undefined ? [] : [`${learnedLatents}-learned`]),
    ...(steps === null ? [] : [`${steps}-steps`])
  ]
  return [problem.replace(/[^\w]+/g, '-'), method, latents, rows, ...own, seed].join('-')
}

/** The record of a finished run with these settings. */
export const finishedRun = (file: string, settings: Settings): RunRecord | undefined => {
  // A broken record counts as none: the run is trained again.
  const record = keptJson(file) as Partial<RunRecord> | undefined
  const agrees = settingNames.every((name) => (record?.[name] ?? null) === (settings[name] ?? null))
  return record !== undefined && agrees ? (record as RunRecord) : undefined
}

const digits = (x: number | null): string => (x === null ? '' : x.toFixed(4))

/** Training time; for a resumed run a lower bound. */
export const secondsOf = ({ seconds, resumed }: RunRecord): string =>
  `${resumed === true ? '> ' : ''}${seconds.toFixed(0)}`

/** The problem, with the edge probability of a random graph. */
export const problemTitle = ({ problem, edgeProbability }: Settings): string =>
  edgeProbability === null || edgeProbability === undefined ? problem : `${problem}, edges ${edgeProbability}`

/** What theory promises, and how much of it noise hides. */
export const predictionOf = ({ prediction, hidden }: RunRecord): string =>
  hidden > 0 && (prediction === 'complete' || prediction === 'partial')
    ? `${prediction}, ${hidden} hidden`
    : prediction

/** The method, the bound on the number of edges where that is not the true number, and the number of latents where that was chosen. */
export const methodTitle = ({ method, bound, learnedLatents }: Settings): string =>
  [
    method,
    ...(bound === null ? [] : [bound === 'auto' ? 'edges auto' : `${bound} edges`]),
    ...(learnedLatents === undefined ? [] : [`${learnedLatents} latents chosen`])
  ].join(', ')

/** The problem, and the method where there are several. */
export const runTitle = (run: Settings, several: boolean): string =>
  several ? `${problemTitle(run)} by ${methodTitle(run)}` : problemTitle(run)

/** Whether records are of several methods. */
export const areSeveral = (records: readonly Settings[]): boolean =>
  new Set(records.map(methodTitle)).size > 1

/** A remark needs at least this much between the linear score and that of smooth functions. */
const BENT = 0.002
/** A chart explains what linear functions leave open if smooth ones leave no more of it than this share. */
const LEFT_OPEN = 0.5

/**
 * Theory allows any smooth map within a block. Latents of a block may settle in a bent chart (arc length along a curve, and
 * offset from it), which a linear score takes for a failure. Each such run gets a remark.
 */
const bentRemarks = (records: readonly RunRecord[]): string[] =>
  records.flatMap((run) => {
    const { rCon, kernelRCon, prediction, seed, hypothesis } = run
    if (hypothesis === 'none' || rCon === null || kernelRCon === null) return []
    if (prediction !== 'partial' || kernelRCon < rCon + BENT) return []
    if (1 - kernelRCon > LEFT_OPEN * (1 - rCon)) return []
    return [
      `${problemTitle(run)}, seed ${seed}: latents of a block seem to have settled in a bent chart (arc length along a curve, and offset from it; see docs/assumptions.md). R_con is ${rCon.toFixed(4)} by linear functions and ${kernelRCon.toFixed(4)} by smooth functions within the block.`
    ]
  })

/** So many reasons are told of a broken verdict; the record has all. */
const MOST_REASONS = 5

/** Why a run is not said to have kept its promise; methods that claim nothing need no reason. */
const verdictRemarks = (records: readonly RunRecord[]): string[] =>
  records.flatMap((run) => {
    const { verdict, hypothesis } = run
    if (hypothesis === 'none' || verdict === undefined || verdict.answer === 'kept') return []
    const { reasons } = verdict
    const more = reasons.length - MOST_REASONS
    const told = [...reasons.slice(0, MOST_REASONS), ...(more > 0 ? [`And ${more} more.`] : [])]
    return [`${runTitle(run, true)}, seed ${run.seed}: ${told.join(' ')}`]
  })

/** What a reader should know of single runs. */
export const remarks = (records: readonly RunRecord[]): string[] => [
  ...bentRemarks(records),
  ...verdictRemarks(records),
  ...records.flatMap((run) =>
    run.note === undefined ? [] : [`${runTitle(run, true)}, seed ${run.seed}: ${run.note}.`]
  )
]

/** A table for the terminal: a header, then one line a run. */
export const summaryRows = (records: readonly RunRecord[]): string[][] => [
  [
    'problem',
    'method',
    'seed',
    'prediction',
    'MCC',
    'R_con',
    'kernel',
    'R',
    'floor',
    'SHD',
    'verdict',
    's',
    'published MCC',
    'R_con ',
    'SHD '
  ],
  ...records.map((run) => [
    problemTitle(run),
    methodTitle(run),
    String(run.seed),
    predictionOf(run),
    digits(run.mcc),
    digits(run.rCon),
    digits(run.kernelRCon),
    digits(run.r),
    digits(run.rFloor),
    run.shd === null ? '' : `${run.shd} of ${run.possible}`,
    verdictInWords(run.verdict),
    secondsOf(run),
    digits(run.published?.mcc ?? null),
    digits(run.published?.rCon ?? null),
    run.published?.shd?.toFixed(1) ?? ''
  ])
]
