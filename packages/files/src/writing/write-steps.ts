/** What a file that is written bit by bit has gone through: steps in order, until its end or its first failure. */
import { notWritable } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { Task } from 'fp-ts/lib/Task.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { FileError } from '../errors.js'
import type { Outcome } from '../reading/open-file.js'

export type Stopped = () => FileError | undefined

export interface WriteSteps {
  /** A step, taken when those before are done. Its failure discards everything and is what later steps answer. */
  readonly step: <A>(work: () => Promise<Outcome<A>>) => TaskEither<FileError, A>
  /** The last step; `NotWritable` if there was one before. */
  readonly commit: TaskEither<FileError, void>
  /** Ends without a file, in the middle of a step that looks at `stopped`. Harmless after the end. */
  readonly discard: Task<void>
  /** Why no further step will be taken, if so. */
  readonly stopped: Stopped
}

/** Runs what it is given one after the other. */
const inTurn = () => {
  let last: Promise<unknown> = Promise.resolve()
  return <A>(work: () => Promise<A>): Promise<A> => {
    const next = last.then(work)
    // A rejection is a programming error: it reaches who asked for this step, and does not stop the ones after.
    last = next.catch(() => undefined)
    return next
  }
}

const closed = (path: string, how: string): FileError => notWritable(path, `this writer has been ${how}`)

/** `finish` makes the file; `release` frees what was taken for it and runs once, whatever happens. */
export const writeSteps = (
  path: string,
  finish: () => Promise<Outcome<void>>,
  release: () => Promise<void>
): WriteSteps => {
  let reason: FileError | undefined
  let released = false
  const inOrder = inTurn()
  const end = async (why: FileError): Promise<void> => {
    reason ??= why
    if (released) return
    released = true
    await release()
  }
  const step =
    <A>(work: () => Promise<Outcome<A>>): TaskEither<FileError, A> =>
    () =>
      inOrder(async () => {
        if (reason !== undefined) return E.left(reason)
        const done = await work()
        if (E.isLeft(done)) await end(done.left)
        return done
      })
  return {
    step,
    commit: step(async () => {
      const done = await finish()
      if (E.isRight(done)) await end(closed(path, 'committed'))
      return done
    }),
    discard: () => {
      // At once, so that a long step can stop on its way.
      reason ??= closed(path, 'discarded')
      return inOrder(() => end(closed(path, 'discarded')))
    },
    stopped: () => reason
  }
}
