/** Takes jobs from the queue and has them run by worker processes. */
import { type Job as QueuedJob, WaitingError, Worker } from 'bullmq'
import * as E from 'fp-ts/lib/Either.js'
import type { Job as SweepJob } from './grid.js'
import type { JobProgress, Result } from './messages.js'
import { connectionTo, PREFIX, type QueueProgress, queueName } from './queue.js'
import type { RedisAddress } from './redis.js'
import type { Runner } from './runner-process.js'
import { prepareTry, TRIES } from './tries.js'

export interface QueueListener {
  /** A worker process has the job. */
  readonly onStart: (job: SweepJob) => void
  readonly onDone: (job: SweepJob, result: Result) => void
  readonly onFailed: (job: SweepJob, message: string, tries: number, final: boolean) => void
  /** The job went back to the queue. */
  readonly onBack: (job: string) => void
  readonly onError: (error: Error) => void
}

export interface QueueWorkerOptions {
  readonly sweep: string
  readonly address: RedisAddress
  readonly label: string
  readonly lostAfterSeconds: number
  readonly runners: readonly Runner[]
  /** The folder for the checkpoints of a job. */
  readonly placeOf: (job: string) => string
  readonly listener: QueueListener
}

export interface QueueWorker {
  /** Takes no more jobs, and gives those that run back to the queue, with their state kept. */
  readonly stop: () => void
  /** Waits for what still runs. */
  readonly close: () => Promise<void>
}

type Queued = QueuedJob<SweepJob, Result, string>

/** A worker that is lost so often with the same job may be lost because of it. */
const MOST_LOST = 10
const MILLISECONDS_BETWEEN_PROGRESS = 2000

/** Tells the queue how far a job is: not too often, and not while an earlier word is still on its way. */
const progressTeller = (job: Queued, label: string): ((progress: JobProgress) => void) => {
  let last = 0
  let busy = false
  return (progress) => {
    if (busy || Date.now() - last < MILLISECONDS_BETWEEN_PROGRESS) return
    last = Date.now()
    busy = true
    const told: QueueProgress = { ...progress, worker: label }
    job
      .updateProgress(told)
      // It is for the display alone: a word that is lost does no harm.
      .catch(() => undefined)
      .finally(() => {
        busy = false
      })
  }
}

export const startQueueWorker = (options: QueueWorkerOptions): QueueWorker => {
  const { sweep, address, label, lostAfterSeconds, runners, placeOf, listener } = options
  const idle = [...runners]
  const running = new Map<string, Runner>()
  let stopping = false

  const runBy = async (runner: Runner, job: Queued, token: string | undefined): Promise<Result> => {
    const place = placeOf(job.name)
    prepareTry(place, job.attemptsMade)
    const tell = progressTeller(job, label)
    let started = false
    const outcome = await runner.run(job.data, place, (progress) => {
      if (!started) listener.onStart(job.data)
      started = true
      tell(progress)
    })
    if (E.isRight(outcome)) return outcome.right
    if (!outcome.left.stopped && !stopping) throw new Error(outcome.left.message)
    // Back to the queue; it does not count as a failure. If the job is no longer ours, this throws, which is as well.
    await job.moveToWait(token)
    listener.onBack(job.name)
    throw new WaitingError()
  }

  const worker = new Worker<SweepJob, Result, string>(
    queueName(sweep),
    async (job, token) => {
      // There are as many as BullMQ runs jobs at once.
      const runner = idle.pop() as Runner
      running.set(job.name, runner)
      try {
        return await runBy(runner, job, token)
      } finally {
        running.delete(job.name)
        idle.push(runner)
      }
    },
    {
      connection: connectionTo(address),
      prefix: PREFIX,
      name: label,
      concurrency: runners.length,
      lockDuration: 1000 * lostAfterSeconds,
      stalledInterval: 1000 * lostAfterSeconds,
      maxStalledCount: MOST_LOST
    }
  )
  worker.on('completed', (job, result) => listener.onDone(job.data, result))
  worker.on('failed', (job, { message }) => {
    if (job !== undefined) listener.onFailed(job.data, message, job.attemptsMade, job.attemptsMade >= TRIES)
  })
  worker.on('error', listener.onError)
  // The job is another worker's now, or will be: its result would not count.
  worker.on('lockRenewalFailed', (jobs) => {
    for (const job of jobs) running.get(job)?.stop()
  })
  return {
    stop: () => {
      stopping = true
      worker.close().catch(listener.onError)
      for (const runner of running.values()) runner.stop()
    },
    close: () => worker.close()
  }
}
