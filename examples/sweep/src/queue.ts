/** The queue of a sweep: jobs by their names, each once. */
import { Queue } from 'bullmq'
import * as E from 'fp-ts/lib/Either.js'
import { type QueueError, queueError } from './errors.js'
import type { Job as SweepJob } from './grid.js'
import type { JobProgress, Result } from './messages.js'
import { checkReachable, type RedisAddress, readAddress, reasonWithout } from './redis.js'
import { TRIES } from './tries.js'

/** Before every key of ours in Redis. */
export const PREFIX = 'mechid'

export const queueName = (sweep: string): string => `sweep-${sweep}`

/** The progress of a job, and whose it is. */
export interface QueueProgress extends JobProgress {
  readonly worker: string
}

export type SweepQueue = Queue<SweepJob, Result, string>

/** How BullMQ connects: it waits as long as Redis is away. */
export const connectionTo = ({ options }: RedisAddress) => ({
  ...options,
  maxRetriesPerRequest: null,
  retryStrategy: (times: number) => Math.min(200 * times, 3000)
})

/** The address in the file or the environment, if Redis answers there. */
export const reachRedis = async (file: string | undefined): Promise<E.Either<QueueError, RedisAddress>> => {
  const address = readAddress(file)
  if (E.isLeft(address)) return address
  const reachable = await checkReachable(address.right)
  return E.isLeft(reachable) ? reachable : address
}

/** Tells an error of a connection once, until `back` says that Redis answers again. */
export const connectionErrors = (
  address: RedisAddress,
  tell: (line: string) => void
): { readonly onError: (error: Error) => void; readonly back: () => void } => {
  let told = false
  return {
    onError: (error) => {
      if (!told) tell(`Redis at ${address.place}: ${reasonWithout(address, error)}; waiting`)
      told = true
    },
    back: () => {
      if (told) tell(`Redis at ${address.place} answers again`)
      told = false
    }
  }
}

/** The queue of a sweep; `onError` hears of its connection. */
export const openQueue = (
  sweep: string,
  address: RedisAddress,
  onError: (error: Error) => void
): SweepQueue => {
  const queue: SweepQueue = new Queue(queueName(sweep), { connection: connectionTo(address), prefix: PREFIX })
  queue.on('error', onError)
  return queue
}

/** What an answer of the queue is, or why there is none. */
export const asked = async <A>(
  address: RedisAddress,
  ask: () => Promise<A>
): Promise<E.Either<QueueError, A>> => {
  try {
    return E.right(await ask())
  } catch (thrown) {
    return E.left(queueError(`Redis at ${address.place}: ${reasonWithout(address, thrown)}`))
  }
}

/** How many jobs were added, were there already, and have failed before and are tried again. */
export interface Submitted {
  readonly added: number
  readonly present: number
  readonly retried: number
}

const JOBS_AT_ONCE = 1000

/** Adds the jobs that are not there yet, and tries failed ones again. A job that is there is not added twice. */
export const submit = async (queue: SweepQueue, jobs: readonly SweepJob[]): Promise<Submitted> => {
  const count = async (): Promise<number> => {
    const states = await queue.getJobCounts()
    return Object.values(states).reduce((sum, state) => sum + state, 0)
  }
  const names = new Set(jobs.map(({ name }) => name))
  const failed = (await queue.getFailed()).filter(({ name }) => names.has(name))
  for (const job of failed) await job.retry('failed', { resetAttemptsMade: true })
  const before = await count()
  for (let from = 0; from < jobs.length; from += JOBS_AT_ONCE) {
    await queue.addBulk(
      jobs.slice(from, from + JOBS_AT_ONCE).map((job) => ({
        name: job.name,
        data: job,
        // Results stay until they are removed by hand: nothing is lost, whenever it is collected.
        opts: { jobId: job.name, attempts: TRIES, removeOnComplete: false, removeOnFail: false }
      }))
    )
  }
  const added = (await count()) - before
  return { added, present: jobs.length - added - failed.length, retried: failed.length }
}
