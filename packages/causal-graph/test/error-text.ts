import type { Tagged } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'

/** What an answer says is wrong. */
export const errorText = (result: E.Either<Tagged, unknown>): string =>
  E.isLeft(result) ? result.left.message : 'no error'
