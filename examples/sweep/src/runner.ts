/**
 * A worker process: runs one job after the other, on one thread. It ends when the process that started it is gone, and keeps the
 * state of its training.
 */
import type { Engine } from '@mechid/engine'
import { engineCalled, watchRun } from '@mechid/example-terminal'
import { reasonOf } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type Job, kernelOf } from './grid.js'
import type { Answer, JobProgress, Order } from './messages.js'

const tell = (answer: Answer): void => {
  if (process.connected) process.send?.(answer)
}

/** The reporting of progress, at most every so many milliseconds; a new stage is told at once. */
const MILLISECONDS_BETWEEN = 250

const teller = (): ((progress: JobProgress) => void) => {
  let last = 0
  let stage = ''
  return (progress) => {
    const now = Date.now()
    if (progress.stage === stage && now - last < MILLISECONDS_BETWEEN) return
    last = now
    stage = progress.stage
    tell({ _tag: 'Progress', progress })
  }
}

let abort: AbortController | undefined
let engine: Engine | undefined

const answerTo = async (job: Job, folder: string, engineName: string): Promise<Answer> => {
  abort = new AbortController()
  const { signal } = abort
  const progress = teller()
  // Whoever waits knows from now on that this process can be stopped without losing what it has done.
  progress({ stage: 'preparing', step: 0, steps: 1 })
  const kernel = kernelOf(job.settings)
  if (E.isLeft(kernel)) return { _tag: 'Failed', message: kernel.left.message, stopped: false }
  engine ??= await engineCalled(engineName, { threads: 1 })
  const result = await watchRun(kernel.right, job.settings, engine, folder, {
    signal,
    onProgress: ({ stage = 'training', step, steps }) => progress({ stage, step, steps }),
    onScored: (step, steps) => progress({ stage: 'scoring', step, steps })
  })
  return E.isLeft(result)
    ? { _tag: 'Failed', message: result.left.message, stopped: signal.aborted }
    : { _tag: 'Done', result: { ...result.right, engine: engine.name } }
}

const run = async (order: Order & { readonly _tag: 'Run' }): Promise<void> => {
  try {
    tell(await answerTo(order.job, order.folder, order.engine))
  } catch (thrown) {
    tell({ _tag: 'Failed', message: reasonOf(thrown), stopped: false })
  }
  abort = undefined
  if (!process.connected) process.exit(0)
}

process.on('message', (order: Order) => {
  if (order._tag === 'Run') run(order)
  else abort?.abort()
})

// Nobody waits for the result any more.
process.on('disconnect', () => {
  if (abort === undefined) process.exit(0)
  abort.abort()
})

// Ctrl-C reaches every process of the terminal; whoever started this one decides what happens.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)
