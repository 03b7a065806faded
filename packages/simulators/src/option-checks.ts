/** Checks of single options. */
import { type InvalidOption, invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'

/** The value itself if it is an integer of at least `least`. */
export const checkInteger = (
  where: string,
  what: string,
  value: number,
  least: number
): E.Either<InvalidOption, number> =>
  Number.isSafeInteger(value) && value >= least
    ? E.right(value)
    : E.left(invalidOption(where, what, value, `an integer of at least ${least}`))

/** Nothing, or why no injective mixing is between these dimensions. */
export const checkDimensions = (
  where: string,
  latents: number,
  features: number
): E.Either<InvalidOption, void> => {
  const bad = [checkInteger(where, 'latents', latents, 1), checkInteger(where, 'features', features, 1)].find(
    E.isLeft
  )
  if (bad !== undefined) return bad
  return features >= latents
    ? E.right(undefined)
    : E.left(invalidOption(where, 'features', features, `at least ${latents}, to hold ${latents} latents`))
}
