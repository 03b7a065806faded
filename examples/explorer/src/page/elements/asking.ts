/** A question to a worker, as a hook: a new question ends the one before. */
import { useEffect, useState } from 'preact/hooks'
import { type Asked, ask, type Outcome } from '../questions/ask.js'
import type { Answers, Question } from '../questions/protocol.js'

export type Asking<A> =
  | { readonly _tag: 'Nothing' }
  | { readonly _tag: 'Working'; readonly stop: () => void }
  | Outcome<A>

/** Asks whenever `question` is another value; `undefined` asks nothing, and keeps nothing. */
export const useAnswer = <Q extends Question>(question: Q | undefined): Asking<Answers[Q['kind']]> => {
  const [asking, setAsking] = useState<Asking<Answers[Q['kind']]>>({ _tag: 'Nothing' })
  useEffect(() => {
    if (question === undefined) {
      setAsking({ _tag: 'Nothing' })
      return
    }
    const asked: Asked<Answers[Q['kind']]> = ask(question)
    const stop = (): void => {
      asked.stop()
      setAsking({ _tag: 'Refused', message: 'Stopped.' })
    }
    setAsking({ _tag: 'Working', stop })
    asked.outcome.then(setAsking)
    return asked.stop
  }, [question])
  return asking
}
