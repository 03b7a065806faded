/** `npm run sweep -- worker`: takes jobs from the queue until all are finished. */
import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { engineCalled, failWith, type OptionValues, orFail, say } from '@mechid/example-terminal'
import { readSweep } from './grid.js'
import { onInterrupt } from './interrupt.js'
import type { workerOptions } from './options.js'
import { connectionErrors, openQueue, reachRedis, type SweepQueue } from './queue.js'
import { startQueueWorker } from './queue-worker.js'
import { startRunner } from './runner-process.js'
import { doneLine, failedLine } from './sentences.js'

const sweepName = (grid: string | undefined, name: string | undefined): string => {
  if (grid !== undefined) return orFail(readSweep(grid)).grid.name
  return name ?? failWith('--grid or --name is missing; see --help', 2)
}

const MILLISECONDS_BETWEEN_LOOKS = 1000

/** Waits until the queue has jobs and all of them are finished, or until the signal. */
const allFinished = async (queue: SweepQueue, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, MILLISECONDS_BETWEEN_LOOKS))
    // While Redis is away, this waits; a failed look is followed by another.
    const counts = await queue.getJobCounts().catch(() => undefined)
    if (counts === undefined) continue
    const { completed = 0, failed = 0, ...others } = counts
    const open = Object.values(others).reduce((sum, count) => sum + count, 0)
    if (completed + failed > 0 && open === 0) return
  }
}

export const workerCommand = async (options: OptionValues<typeof workerOptions>): Promise<void> => {
  const { workers, engine, label, checkpoints } = options
  const name = sweepName(options.grid, options.name)
  const address = orFail(await reachRedis(options['redis-url-file']))
  const chosen = (await engineCalled(engine, { threads: 1 })).name
  const folder = resolve(checkpoints, name)
  mkdirSync(folder, { recursive: true })
  say(`Worker ${label} of sweep ${name}: ${workers} at once; engine: ${chosen}. Waiting for jobs.`)
  const log = (line: string): void => {
    process.stderr.write(`${line}\n`)
  }
  const { onError, back } = connectionErrors(address, log)
  const queue = openQueue(name, address, onError)
  const runners = Array.from({ length: workers }, () => startRunner(chosen))
  const placeOf = (job: string): string => join(folder, job)
  const worker = startQueueWorker({
    sweep: name,
    address,
    label,
    lostAfterSeconds: options['lost-after'],
    runners,
    placeOf,
    listener: {
      onStart: ({ name: job }) => log(`${job}: started`),
      onDone: (job, result) => {
        back()
        rmSync(placeOf(job.name), { recursive: true, force: true })
        log(doneLine(job, result))
      },
      onFailed: (job, message, tries, final) => log(failedLine(job, message, tries, final)),
      onBack: (job) => log(`${job}: back in the queue`),
      onError
    }
  })
  const abort = new AbortController()
  const release = onInterrupt(() => abort.abort())
  abort.signal.addEventListener('abort', () => worker.stop())
  await allFinished(queue, abort.signal)
  await worker.close()
  await queue.close()
  for (const runner of runners) runner.close()
  release()
  if (abort.signal.aborted) {
    failWith(
      'interrupted; the jobs of this worker are back in the queue, their states in the checkpoints',
      130
    )
  }
  say('All jobs of the queue are finished.')
}
