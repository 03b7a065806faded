/** From errors as values to exceptions, in one line. */
import type { Either } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Tagged } from './errors.js'

type Failure = Pick<Tagged, 'message'>

const unwrapped = <A>(result: Either<Failure, A>): A => {
  if (result._tag === 'Left') throw new Error(result.left.message, { cause: result.left })
  return result.right
}

/**
 * The value of an `Either`, or a promise of the value of a `TaskEither`, which it starts. An error is thrown as an
 * `Error` with the same message, whose `cause` is the error itself.
 *
 * Use it in scripts, in tests, and wherever an error should end the program. Where you want to act on an error, match
 * on the `Either` instead.
 *
 * @example
 * const quarterTurn = orThrow(rotation(2, 0, 1, Math.PI / 2))
 * const arrays = await orThrow(readNpz('data.npz'))
 */
export function orThrow<A>(result: TaskEither<Failure, A>): Promise<A>
export function orThrow<A>(result: Either<Failure, A>): A
export function orThrow<A>(result: Either<Failure, A> | TaskEither<Failure, A>): A | Promise<A> {
  return typeof result === 'function' ? result().then(unwrapped) : unwrapped(result)
}
