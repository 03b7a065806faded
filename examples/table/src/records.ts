/** Runs as they are kept, and as tables. */
import { existsSync, readFileSync } from 'node:fs'

/** What tells one run from another. */
export interface Settings {
  readonly problem: string
  readonly method: string
  readonly seed: number
  readonly latents: number
  readonly rows: number
  /** null: as many as the recipe has. */
  readonly steps: number | null
}

export interface RunRecord extends Settings {
  readonly prediction: 'complete' | 'partial' | 'not sufficient'
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
  /** What the basis rests on, and whether data reject it. */
  readonly hypothesis: string
  readonly published: { readonly mcc: number; readonly rCon: number; readonly shd: number } | null
}

const names = ['problem', 'method', 'seed', 'latents', 'rows', 'steps'] as const

/** A run with these settings that was finished before. */
export const finishedRun = async (file: string, settings: Settings): Promise<RunRecord | undefined> => {
  if (!existsSync(file)) return undefined
  try {
    const record = JSON.parse(readFileSync(file, 'utf8')) as RunRecord
    return names.every((name) => record[name] === settings[name]) ? record : undefined
  } catch {
    // Half a file is no run: it is trained again.
    return undefined
  }
}

const digits = (x: number | null): string => (x === null ? '' : x.toFixed(4))

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
    run.problem,
    String(run.seed),
    run.prediction,
    digits(run.mcc),
    digits(run.rCon),
    digits(run.kernelRCon),
    digits(run.r),
    digits(run.rFloor),
    run.shd === null ? '' : `${run.shd} of ${run.possible}`,
    run.seconds.toFixed(0),
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
  'prediction',
  'mcc',
  'rCon',
  'kernelRCon',
  'r',
  'rFloor',
  'shd',
  'edges',
  'possible',
  'seconds',
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
