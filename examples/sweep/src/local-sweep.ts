/** A sweep over the processors of this machine. */
import * as E from 'fp-ts/lib/Either.js'
import type { Job } from './grid.js'
import type { JobProgress, Result } from './messages.js'
import type { ResultsFolder } from './results-folder.js'
import type { Runner } from './runner-process.js'
import { prepareTry, TRIES } from './tries.js'

/** What happens, for whoever shows it. `worker` counts from 0. */
export interface SweepListener {
  readonly onStart: (worker: number, job: Job) => void
  readonly onProgress: (worker: number, progress: JobProgress) => void
  readonly onDone: (worker: number, job: Job, result: Result) => void
  /** `final`: it is not tried again. */
  readonly onFailed: (worker: number, job: Job, message: string, tries: number, final: boolean) => void
}

export interface LocalSweep {
  readonly jobs: readonly Job[]
  readonly runners: readonly Runner[]
  readonly folder: ResultsFolder
  readonly listener: SweepListener
  /** Aborting stops all workers, which keep their state. */
  readonly signal: AbortSignal
}

interface Try {
  readonly job: Job
  readonly failedBefore: number
}

/**
 * Runs the jobs that have no result yet, until each has come to a result or has failed as often as it may. What a job needs to
 * go on lies in the folder, so that a sweep that is stopped or killed goes on where it was.
 */
export const runLocally = async ({ jobs, runners, folder, listener, signal }: LocalSweep): Promise<void> => {
  const waiting = jobs
    .filter((job) => folder.result(job) === undefined)
    .map((job): Try => ({ job, failedBefore: 0 }))
  for (const { job } of waiting) folder.retry(job)

  const attempt = async (runner: Runner, worker: number, { job, failedBefore }: Try): Promise<void> => {
    const place = folder.checkpoints(job)
    prepareTry(place, failedBefore)
    listener.onStart(worker, job)
    const outcome = await runner.run(job, place, (progress) => listener.onProgress(worker, progress))
    if (E.isRight(outcome)) {
      await folder.land(job, outcome.right)
      listener.onDone(worker, job, outcome.right)
      return
    }
    const { stopped, message } = outcome.left
    if (stopped || signal.aborted) return
    const tries = failedBefore + 1
    const final = tries >= TRIES
    if (final) await folder.fail({ job, message, tries })
    else waiting.push({ job, failedBefore: tries })
    listener.onFailed(worker, job, message, tries, final)
  }

  const stop = (): void => {
    for (const runner of runners) runner.stop()
  }
  signal.addEventListener('abort', stop)
  await Promise.all(
    runners.map(async (runner, worker) => {
      for (let next = waiting.shift(); next !== undefined && !signal.aborted; next = waiting.shift()) {
        await attempt(runner, worker, next)
      }
    })
  )
  signal.removeEventListener('abort', stop)
  for (const runner of runners) runner.close()
}
