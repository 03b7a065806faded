/** A worker process as seen by the process that started it. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import * as E from 'fp-ts/lib/Either.js'
import { type JobFailure, jobFailed, jobStopped } from './errors.js'
import type { Job } from './grid.js'
import type { Answer, JobProgress, Order, Result } from './messages.js'

/** Beside this module in the build. */
const PROGRAM = fileURLToPath(new URL('./runner.js', import.meta.url))

/** One worker process; it runs one job at a time. A process that dies is replaced at the next job. */
export interface Runner {
  /** `folder` keeps the checkpoints; the job goes on from there. */
  readonly run: (
    job: Job,
    folder: string,
    onProgress: (progress: JobProgress) => void
  ) => Promise<E.Either<JobFailure, Result>>
  /** Ends the present job at its next step. */
  readonly stop: () => void
  /** Ends the process. */
  readonly close: () => void
}

/** What the process shares with this one, without the address of the queue, which it has no use for. */
const environment = (): NodeJS.ProcessEnv => {
  const { MECHID_REDIS_URL: _, ...rest } = process.env
  return { ...rest, OMP_NUM_THREADS: '1' }
}

/** The last words of a process that died. */
const LAST_CHARACTERS = 2000

const lastLine = (text: string): string => {
  const lines = text.trim().split('\n')
  return (lines.at(-1) ?? '').replace(/^error: /, '')
}

const send = (child: ChildProcess, order: Order): void => {
  // A process that is gone says so by its exit.
  if (child.connected) child.send(order, () => undefined)
}

export const startRunner = (engine: string, program = PROGRAM): Runner => {
  let child: ChildProcess | undefined
  let said = ''

  const alive = (): ChildProcess => {
    if (child !== undefined) return child
    const started = fork(program, [], { env: environment(), stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    said = ''
    started.stderr?.on('data', (chunk) => {
      said = (said + chunk).slice(-LAST_CHARACTERS)
    })
    started.on('close', () => {
      if (child === started) child = undefined
    })
    child = started
    return started
  }

  return {
    run: (job, folder, onProgress) =>
      new Promise((resolve) => {
        const worker = alive()
        const finish = (result: E.Either<JobFailure, Result>): void => {
          worker.off('message', onMessage)
          worker.off('close', onClose)
          resolve(result)
        }
        const onMessage = (answer: Answer): void => {
          if (answer._tag === 'Progress') onProgress(answer.progress)
          else if (answer._tag === 'Done') finish(E.right(answer.result))
          else finish(E.left(answer.stopped ? jobStopped : jobFailed(answer.message)))
        }
        const onClose = (code: number | null, signal: string | null): void => {
          const how = signal === null ? `exit code ${code}` : signal
          const words = lastLine(said)
          finish(E.left(jobFailed(`its process died (${how})${words === '' ? '' : `: ${words}`}`)))
        }
        worker.on('message', onMessage)
        worker.on('close', onClose)
        send(worker, { _tag: 'Run', job, folder, engine })
      }),
    stop: () => {
      if (child !== undefined) send(child, { _tag: 'Stop' })
    },
    close: () => {
      if (child?.connected === true) child.disconnect()
    }
  }
}
