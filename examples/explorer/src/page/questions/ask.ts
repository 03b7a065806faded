/** Asks a worker of its own, within a time limit: whatever does not end is ended. */
import type { Answers, Question, Reply } from './protocol.js'
import workerUrl from './question.worker.ts?worker&url'
import { spawn } from './spawn.js'

/** What somebody wrote has to define its kernel within this. Milliseconds. */
export const DEFINITION_LIMIT = 4000
/** Answers of ours take a second or so; a machine may be busy. */
export const ANSWER_LIMIT = 60_000

export type Outcome<A> =
  | { readonly _tag: 'Answer'; readonly answer: A }
  | { readonly _tag: 'Refused'; readonly message: string }

export interface Asked<A> {
  /** Never rejects; never settles once it was stopped. */
  readonly outcome: Promise<Outcome<A>>
  readonly stop: () => void
}

const endless = `Its definition did not end within ${DEFINITION_LIMIT / 1000} seconds and was stopped. Is there a loop without an end?`
const tooLong = `There was no answer within ${ANSWER_LIMIT / 1000} seconds, so the search was stopped. With fewer latents it is faster.`

/** A worker that has loaded its programs waits, so that the next question need not wait for them. */
let waiting: { readonly worker: Worker; readonly ready: Promise<void> } | undefined

const prepared = (): { readonly worker: Worker; readonly ready: Promise<void> } => {
  const worker = spawn(workerUrl)
  const ready = new Promise<void>((resolve) => {
    worker.addEventListener('message', () => resolve(), { once: true })
    worker.addEventListener('error', () => resolve(), { once: true })
  })
  return { worker, ready }
}

/** Loads what answers questions, ahead of the first one. */
export const warmUp = (): void => {
  waiting ??= prepared()
}

export const ask = <Q extends Question>(question: Q): Asked<Answers[Q['kind']]> => {
  const { worker, ready } = waiting ?? prepared()
  waiting = undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopped = false
  const end = (): void => {
    clearTimeout(timer)
    worker.terminate()
  }
  const outcome = new Promise<Outcome<Answers[Q['kind']]>>((resolve) => {
    const settle = (result: Outcome<Answers[Q['kind']]>): void => {
      end()
      warmUp()
      if (!stopped) resolve(result)
    }
    const within = (limit: number, message: string): void => {
      clearTimeout(timer)
      timer = setTimeout(() => settle({ _tag: 'Refused', message }), limit)
    }
    ready.then(() => {
      if (stopped) return
      worker.onmessage = ({ data }: MessageEvent<Reply<Answers[Q['kind']]>>) => {
        if (data._tag === 'Defined') within(ANSWER_LIMIT, tooLong)
        else settle(data)
      }
      worker.onerror = (event) =>
        settle({
          _tag: 'Refused',
          message: `The worker failed: ${event.message || 'it could not be loaded'}.`
        })
      if (question.kind === 'kernel') within(DEFINITION_LIMIT, endless)
      else within(ANSWER_LIMIT, tooLong)
      worker.postMessage(question)
    })
  })
  return {
    outcome,
    stop: () => {
      stopped = true
      end()
    }
  }
}
