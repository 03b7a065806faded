/** The folder of a sweep: what each job came to, and checkpoints of those that have not come to anything yet. */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { finishedRun, writeJson } from '@mechid/example-terminal'
import type { Job } from './grid.js'
import type { Result } from './messages.js'

/** A job that failed as often as it may. */
export interface Failure {
  readonly job: Job
  readonly message: string
  readonly tries: number
}

export interface ResultsFolder {
  /** Where the checkpoints of a job lie. */
  readonly checkpoints: (job: Job) => string
  readonly result: (job: Job) => Result | undefined
  readonly failure: (job: Job) => Failure | undefined
  /** Keeps a result and removes checkpoints. A job has one result: a second one is dropped. */
  readonly land: (job: Job, result: Result) => Promise<void>
  readonly fail: (failure: Failure) => Promise<void>
  /** Forgets that the job failed. */
  readonly retry: (job: Job) => void
}

const readFailure = (file: string, job: Job): Failure | undefined => {
  if (!existsSync(file)) return undefined
  try {
    const { message, tries } = JSON.parse(readFileSync(file, 'utf8'))
    return { job, message: String(message), tries: Number(tries) }
  } catch {
    // A broken file counts as none: the job is tried again.
    return undefined
  }
}

/** The folder must exist. Each file in it appears whole or not at all. */
export const resultsFolder = (folder: string): ResultsFolder => {
  const place = ({ name }: Job): string => join(folder, name)
  const result = (job: Job): Result | undefined =>
    finishedRun(`${place(job)}.json`, job.settings) as Result | undefined
  const failed = (job: Job): string => `${place(job)}.failed.json`
  const retry = (job: Job): void => rmSync(failed(job), { force: true })
  return {
    checkpoints: place,
    result,
    failure: (job) => readFailure(failed(job), job),
    land: async (job, landed) => {
      if (result(job) === undefined) await writeJson(`${place(job)}.json`, landed)
      retry(job)
      rmSync(place(job), { recursive: true, force: true })
    },
    fail: ({ job, message, tries }) => writeJson(failed(job), { message, tries }),
    retry
  }
}
