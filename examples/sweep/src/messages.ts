/** What a sweep and its worker processes tell each other. */
import type { RunRecord } from '@mechid/example-terminal'
import type { Job } from './grid.js'

/** How far a job is: within its present stage. */
export interface JobProgress {
  readonly stage: string
  readonly step: number
  readonly steps: number
}

/** The record of a run, and the engine that trained it. */
export interface Result extends RunRecord {
  readonly engine: string
}

/** To a worker process. One job at a time. */
export type Order =
  | { readonly _tag: 'Run'; readonly job: Job; readonly folder: string; readonly engine: string }
  /** Ends the present job at its next step, which keeps its state. */
  | { readonly _tag: 'Stop' }

/** From a worker process. */
export type Answer =
  | { readonly _tag: 'Progress'; readonly progress: JobProgress }
  | { readonly _tag: 'Done'; readonly result: Result }
  | { readonly _tag: 'Failed'; readonly message: string; readonly stopped: boolean }
