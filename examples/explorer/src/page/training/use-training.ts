/** The worker of a training, as a hook: one training at a time, ended when it is stopped. */
import { useEffect, useReducer, useRef } from 'preact/hooks'
import { spawn } from '../questions/spawn.js'
import type { OpenedFile, TrainingMessage, TrainingRequest } from './messages.js'
import { followed, type TrainingState } from './training-state.js'
import workerUrl from './worker/training.worker.ts?worker&url'

export interface TrainingHandle {
  readonly state: TrainingState
  readonly start: (request: TrainingRequest) => void
  readonly stop: () => void
}

const failure = (event: ErrorEvent): TrainingMessage => ({
  _tag: 'Failed',
  message: `The worker failed: ${event.message || 'it could not be loaded'}.`
})

export const useTraining = (): TrainingHandle => {
  const [state, tell] = useReducer(followed, { _tag: 'Idle' })
  const running = useRef<Worker | undefined>(undefined)
  const end = (): void => {
    running.current?.terminate()
    running.current = undefined
  }
  useEffect(() => end, [])
  return {
    state,
    start: (request) => {
      end()
      const worker = spawn(workerUrl)
      running.current = worker
      tell({ _tag: 'Start' })
      worker.onmessage = ({ data }: MessageEvent<TrainingMessage>) => {
        tell(data)
        if (data._tag === 'Done' || data._tag === 'Failed') end()
      }
      worker.onerror = (event) => {
        tell(failure(event))
        end()
      }
      worker.postMessage(request)
    },
    stop: () => {
      end()
      tell({ _tag: 'Stop' })
    }
  }
}

/** What is in a file, by a worker of its own; or why it cannot be read. */
export const openFile = (file: File): Promise<OpenedFile | { readonly message: string }> =>
  new Promise((resolve) => {
    const worker = spawn(workerUrl)
    const settle = (message: TrainingMessage): void => {
      worker.terminate()
      if (message._tag === 'Opened') resolve(message.opened)
      else resolve({ message: message._tag === 'Failed' ? message.message : 'It could not be read.' })
    }
    worker.onmessage = ({ data }: MessageEvent<TrainingMessage>) => settle(data)
    worker.onerror = (event) => settle(failure(event))
    worker.postMessage({ kind: 'open', file } satisfies TrainingRequest)
  })
