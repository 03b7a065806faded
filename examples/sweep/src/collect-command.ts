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
import { writeResults } from './results.js'
import { type ResultsFolder, resultsFolder } from './results-folder.js'
import { doneLine } from './sentences.js'

type Queued = QueuedJob<Job, Result, string>

const activeOf = ({ name, progress }: Queued): Active => {
  const { worker = '', ...rest } = progress as Partial<QueueProgress>
  return { worker, job: name, ...(rest.stage === undefined ? {} : { progress: rest as QueueProgress }) }
}

/** Takes what has finished since the last look from the queue into the folder, and answers how far the sweep is. */
const collector = (
  queue: SweepQueue,
  jobs: readonly Job[],
  folder: ResultsFolder,
  display: Display
): (() => Promise<SweepState>) => {
  const wanted = new Map(jobs.map((job) => [job.name, job]))
  const done = new Set(jobs.filter((job) => folder.result(job) !== undefined).map(({ name }) => name))
  const failed = new Set<string>()
  const taken = new Set<string>()

  const takeFinished = async (): Promise<void> => {
    // All names each time: clocks of workers differ, so that the queue may have a new one before those that are known.
    const names = await queue.getRanges(['completed'], 0, -1)
    for (const name of names.filter((id) => !taken.has(id))) {
      taken.add(name)
      const job = wanted.get(name)
      if (job === undefined || done.has(name)) continue
      const { returnvalue } = (await queue.getJob(name)) as Queued
      await folder.land(job, returnvalue)
      done.add(name)
      display.log(doneLine(job, returnvalue))
    }
  }
  const takeFailed = async (): Promise<void> => {
    const present = new Map((await queue.getFailed()).map((queued) => [queued.name, queued as Queued]))
    for (const [name, { failedReason, attemptsMade }] of present) {
      const job = wanted.get(name)
      if (job === undefined || done.has(name) || failed.has(name)) continue
      await folder.fail({ job, message: failedReason, tries: attemptsMade })
      failed.add(name)
      display.log(`${name}: failed: ${failedReason}`)
    }
    // Somebody has submitted these again.
    for (const name of failed) {
      if (present.has(name)) continue
      failed.delete(name)
      folder.retry(wanted.get(name) as Job)
    }
  }
  return async () => {
    await takeFinished()
    await takeFailed()
    const active = ((await queue.getActive()) as Queued[]).map(activeOf)
    return { total: jobs.length, done: done.size, failed: failed.size, active }
  }
}

/** Says so where nothing was submitted: this would wait in vain. */
const hintAtEmptyQueue = async (queue: SweepQueue, name: string, display: Display): Promise<void> => {
  const counts = Object.values(await queue.getJobCounts())
  if (counts.every((count) => count === 0)) {
    display.log(`The queue of sweep ${name} has no jobs yet: npm run sweep -- submit puts them there.`)
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
  orFail(await asked(address, () => hintAtEmptyQueue(queue, grid.name, display)))
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
