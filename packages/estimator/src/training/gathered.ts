/** What is read from a source of examples, which may fail. */
import * as E from 'fp-ts/lib/Either.js'
import { type DataUnavailable, dataUnavailable } from '../errors.js'

/** What `read` answers, or `DataUnavailable` where it throws or rejects. */
export const gathered = async <A>(read: () => A | Promise<A>): Promise<E.Either<DataUnavailable, A>> => {
  try {
    return E.right(await read())
  } catch (cause) {
    return E.left(dataUnavailable(cause))
  }
}
