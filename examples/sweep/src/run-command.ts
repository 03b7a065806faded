/** `npm run sweep -- run`: the grid on the processors of this machine. */
import { join } from 'node:path'
import {
  engineCalled,
  failWith,
  type OptionValues,
  orFail,
  prepareFolder,
  required,
  say
} from '@mechid/example-terminal'
import { type Active, sweepDisplay } from './display.js'
import { readSweep } from './grid.js'
import { onInterrupt } from './interrupt.js'
import { type LocalSweep, runLocally, type SweepListener } from './local-sweep.js'
import type { runOptions } from './options.js'
import { outcomesOf, writeResults } from './results.js'
import { resultsFolder } from './results-folder.js'
import { startRunner } from './runner-process.js'
import { doneLine, failedLine } from './sentences.js'

const MILLISECONDS_BETWEEN_UPDATES = 500

/** Follows a local sweep in the terminal. */
const followed = (
  jobs: LocalSweep['jobs'],
  folder: LocalSweep['folder']
): { readonly listener: SweepListener; readonly stop: () => void } => {
  const display = sweepDisplay()
  const active = new Map<number, Active>()
  const before = outcomesOf(jobs, folder)
  let done = before.filter(({ result }) => result !== undefined).length
  let failed = 0
  const update = (): void =>
    display.update({ total: jobs.length, done, failed, active: [...active.values()] })
  const ended = (worker: number): void => {
    active.delete(worker)
    update()
  }
  const timer = setInterval(update, MILLISECONDS_BETWEEN_UPDATES)
  update()
  return {
    listener: {
      onStart: (worker, { name }) => active.set(worker, { worker: `worker ${worker + 1}`, job: name }),
      onProgress: (worker, progress) => {
        const present = active.get(worker)
        if (present !== undefined) active.set(worker, { ...present, progress })
      },
      onDone: (worker, job, result) => {
        done++
        display.log(doneLine(job, result))
        ended(worker)
      },
      onFailed: (worker, job, message, tries, final) => {
        if (final) failed++
        display.log(failedLine(job, message, tries, final))
        ended(worker)
      }
    },
    stop: () => {
      clearInterval(timer)
      display.stop()
    }
  }
}

export const runCommand = async (options: OptionValues<typeof runOptions>): Promise<void> => {
  const { out, json, workers, engine } = options
  const sweep = orFail(readSweep(required('grid', options.grid)))
  const { jobs, leftOut } = sweep
  for (const line of leftOut) say(line)
  const { name } = await engineCalled(engine, { threads: 1 })
  const kept = join(out, 'runs')
  await prepareFolder(out, json)
  await prepareFolder(kept)
  const folder = resultsFolder(kept)
  const open = outcomesOf(jobs, folder).filter(({ result }) => result === undefined).length
  const count = Math.min(workers, open)
  say(
    `Sweep ${sweep.grid.name}: ${jobs.length} jobs, ${open} to do; worker processes: ${count}; engine: ${name}.`
  )
  const runners = Array.from({ length: count }, () => startRunner(name))
  const abort = new AbortController()
  const release = onInterrupt(() => abort.abort())
  const { listener, stop } = followed(jobs, folder)
  await runLocally({ jobs, runners, folder, listener, signal: abort.signal })
  stop()
  release()
  const complete = await writeResults(out, sweep, folder, json)
  if (abort.signal.aborted) failWith('interrupted; the same command goes on from here', 130)
  if (!complete) process.exitCode = 1
}
