/** `npm run sweep -- collect`: the progress of all workers, and the results. */
import { join } from 'node:path'
import { failWith, type OptionValues, orFail, prepareFolder, required } from '@mechid/example-terminal'
import type { Job as QueuedJob } from 'bullmq'
import { type Active, type Display, type SweepState, sweepDisplay } from './display.js'
import { type Job, readSweep } from './grid.js'
import { onInterrupt } from './interrupt.js'
import type { Result } from './messages.js'
import type { collectOptions } from './options.js'
import {
  asked,
  connectionErrors,
  openQueue,
  type QueueProgress,
  reachRedis,
  type SweepQueue
} from './queue.js'
import { outcomesOf, writeResults } from './results.js'
import { type ResultsFolder, resultsFolder } from './results-folder.js'
import { doneLine } from './sentences.js'

type Queued = QueuedJob<Job, Result, string>

const activeOf = ({ name, progress }: Queued): Active => {
  const { worker = '', ...rest } = progress as Partial<QueueProgress>
  return { worker, job: name, ...(rest.stage === undefined ? {} : { progress: rest as QueueProgress }) }
}

/** Takes what has finished since the last look from the queue into the folder. */
const collector = (queue: SweepQueue, jobs: readonly Job[], folder: ResultsFolder, display: Display) => {
  const wanted = new Map(jobs.map((job) => [job.name, job]))
  let seen = 0
  const takeFinished = async (): Promise<void> => {
    // In the order in which they finished, so that those already seen come first.
    const finished = (await queue.getJobs(['completed'], seen, -1, true)) as Queued[]
    for (const { name, returnvalue } of finished) {
      const job = wanted.get(name)
      seen++
      if (job === undefined || folder.result(job) !== undefined) continue
      await folder.land(job, returnvalue)
      display.log(doneLine(job, returnvalue))
    }
  }
  const takeFailed = async (): Promise<void> => {
    for (const { name, failedReason, attemptsMade } of (await queue.getFailed()) as Queued[]) {
      const job = wanted.get(name)
      if (job === undefined || folder.failure(job) !== undefined) continue
      await folder.fail({ job, message: failedReason, tries: attemptsMade })
      display.log(`${name}: failed: ${failedReason}`)
    }
  }
  return async (): Promise<SweepState> => {
    await takeFinished()
    await takeFailed()
    const active = ((await queue.getActive()) as Queued[]).map(activeOf)
    const outcomes = outcomesOf(jobs, folder)
    const done = outcomes.filter(({ result }) => result !== undefined).length
    const failed = outcomes.filter(({ failure }) => failure !== undefined).length
    return { total: jobs.length, done, failed, active }
  }
}

const MILLISECONDS_BETWEEN_LOOKS = 1000

export const collectCommand = async (options: OptionValues<typeof collectOptions>): Promise<void> => {
  const { out, json, now } = options
  const sweep = orFail(readSweep(required('grid', options.grid)))
  const { jobs, grid } = sweep
  const address = orFail(await reachRedis(options['redis-url-file']))
  const kept = join(out, 'runs')
  await prepareFolder(out, json)
  await prepareFolder(kept)
  const folder = resultsFolder(kept)
  // Failures are those of the queue, where a failed job may be tried again.
  for (const job of jobs) folder.retry(job)
  const display = sweepDisplay()
  const { onError, back } = connectionErrors(address, display.log)
  const queue = openQueue(grid.name, address, onError)
  const look = collector(queue, jobs, folder, display)
  const abort = new AbortController()
  const release = onInterrupt(() => abort.abort())
  for (;;) {
    const state = orFail(await asked(address, look))
    back()
    display.update(state)
    if (now || abort.signal.aborted || state.done + state.failed >= jobs.length) break
    await new Promise((resolve) => setTimeout(resolve, MILLISECONDS_BETWEEN_LOOKS))
  }
  display.stop()
  await queue.close()
  release()
  const complete = await writeResults(out, sweep, folder, json)
  if (abort.signal.aborted) failWith('interrupted; the same command collects the rest', 130)
  if (!complete) process.exitCode = 1
}
