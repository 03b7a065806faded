/** Checks of options that several scores share. */
import { type InvalidOption, invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'

export const positiveInteger = (
  where: string,
  option: string,
  value: number,
  least = 1
): E.Either<InvalidOption, number> => {
  if (Number.isInteger(value) && value >= least) return E.right(value)
  const expected = least === 1 ? 'a positive integer' : `an integer of ${least} or more`
  return E.left(invalidOption(where, option, value, expected))
}

/** The first of some options that is no positive integer. */
export const positiveIntegers = (
  where: string,
  options: Readonly<Record<string, number>>
): E.Either<InvalidOption, void> => {
  for (const [option, value] of Object.entries(options)) {
    const sound = positiveInteger(where, option, value)
    if (E.isLeft(sound)) return sound
  }
  return E.right(undefined)
}

/** A weight that may be 0. */
export const nonNegative = (where: string, option: string, value: number): E.Either<InvalidOption, number> =>
  value >= 0 ? E.right(value) : E.left(invalidOption(where, option, value, '0 or more'))

/** A share that is neither nothing nor everything. */
export const properShare = (where: string, option: string, value: number): E.Either<InvalidOption, number> =>
  value > 0 && value < 1 ? E.right(value) : E.left(invalidOption(where, option, value, 'above 0 and below 1'))
