/** Results by the axes of the grid. */
import { problemTitle, type RunRecord, type Settings } from '@mechid/example-terminal'
import type { Job } from './grid.js'
import type { Result } from './messages.js'

/** A job and what it came to; without a result it has failed or has not run. */
export interface Outcome {
  readonly job: Job
  readonly result?: Result
  /** Why it failed. */
  readonly failure?: string
}

/** An axis: what a job's settings have on it, in words. */
export interface Axis {
  readonly name: string
  readonly inWords: (settings: Settings) => string
}

const count = (value: number): string => value.toLocaleString('en-US')

export const axes: readonly Axis[] = [
  { name: 'problem', inWords: problemTitle },
  { name: 'method', inWords: ({ method }) => method },
  {
    name: 'bound on edges',
    inWords: ({ bound }) => (bound === null ? 'true number' : String(bound))
  },
  { name: 'latents', inWords: ({ latents }) => count(latents) },
  { name: 'rows', inWords: ({ rows }) => count(rows) },
  { name: 'steps', inWords: ({ steps }) => (steps === null ? 'of the method' : count(steps)) },
  { name: 'seed', inWords: ({ seed }) => String(seed) }
]

/** Outcomes that share a value, in the order in which the values first come. */
export interface Group {
  readonly value: string
  readonly outcomes: readonly Outcome[]
}

export const groupsBy = (outcomes: readonly Outcome[], inWords: (settings: Settings) => string): Group[] => {
  const groups = new Map<string, Outcome[]>()
  for (const outcome of outcomes) {
    const value = inWords(outcome.job.settings)
    const group = groups.get(value)
    if (group === undefined) groups.set(value, [outcome])
    else group.push(outcome)
  }
  return [...groups].map(([value, members]) => ({ value, outcomes: members }))
}

/** The axes on which the jobs differ. */
export const variedAxes = (outcomes: readonly Outcome[]): Axis[] =>
  axes.filter(({ inWords }) => groupsBy(outcomes, inWords).length > 1)

/** The score that counts: R_con where theory promises blocks of latents, else MCC. */
export const scoreOf = ({ prediction, mcc, rCon }: RunRecord): number | null =>
  prediction === 'partial' ? rCon : mcc

/** Mean, least and greatest of the values that are there; undefined where none is. */
export interface Spread {
  readonly mean: number
  readonly least: number
  readonly most: number
}

export const spreadOf = (values: readonly (number | null)[]): Spread | undefined => {
  const there = values.filter((value) => value !== null)
  if (there.length === 0) return undefined
  return {
    mean: there.reduce((sum, value) => sum + value, 0) / there.length,
    least: Math.min(...there),
    most: Math.max(...there)
  }
}
