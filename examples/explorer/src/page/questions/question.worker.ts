/** The worker that answers questions. */
import { design } from '@mechid/causal-graph'
import * as E from 'fp-ts/lib/Either.js'
import { gallery } from '../link/gallery.js'
import { kernelAnswer } from './kernel-answer.js'
import { knownAnswer } from './known-answer.js'
import type { Answers, DesignAnswer, Question, Reply } from './protocol.js'
import { kernelOf } from './written-kernel.js'

const post = <A>(reply: Reply<A>): void => self.postMessage(reply)

const designAnswer = ({
  graph
}: Question & { kind: 'design' }): E.Either<{ message: string }, DesignAnswer> =>
  E.map(({ actions, explanation }: DesignAnswer) => ({ actions, explanation }))(design(graph))

const answerTo = (question: Question): E.Either<{ message: string }, Answers[Question['kind']]> => {
  switch (question.kind) {
    case 'design':
      return designAnswer(question)
    case 'entry': {
      const entry = gallery(question.entry)
      return entry?.kernel === undefined
        ? E.left({ message: `There is no kernel "${question.entry}" in the gallery.` })
        : E.right(kernelAnswer(entry))
    }
    case 'kernel': {
      const kernel = kernelOf(question.source)
      if (E.isLeft(kernel)) return kernel
      post({ _tag: 'Defined' })
      return E.right(kernelAnswer(kernel.right))
    }
    case 'known':
      return knownAnswer(question.known)
  }
}

self.onmessage = ({ data }: MessageEvent<Question>) => {
  try {
    const answer = answerTo(data)
    post(
      E.isLeft(answer)
        ? { _tag: 'Refused', message: answer.left.message }
        : { _tag: 'Answer', answer: answer.right }
    )
  } catch (error) {
    // A kernel may throw at places that its first checks did not try.
    post({ _tag: 'Refused', message: error instanceof Error ? error.message : String(error) })
  }
}

post({ _tag: 'Defined' })
