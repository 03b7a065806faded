/** What every question asks of the mechanisms and kernels that it is about. */
import type { ActionDomain, Mechanism } from '@mechid/mechanisms'
import { invalidOption, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type Result, sizeMismatch } from './errors.js'

/**
 * The number of latents, the same for all of a list.
 *
 * Errors: `ShapeMismatch`, `InvalidOption`.
 */
export const checkAlike = (
  where: string,
  one: string,
  list: ReadonlyArray<{ readonly latents: number }>,
  many = `${one}s`
): Result<number> => {
  if (list.length === 0)
    return E.left(shapeMismatch(where, `the list of ${many}`, 'empty', `one ${one} or more`))
  const d = list[0].latents
  if (!(Number.isInteger(d) && d >= 1))
    return E.left(invalidOption(where, 'latents', d, 'an integer, 1 or more'))
  const k = list.findIndex(({ latents }) => latents !== d)
  return k < 0
    ? E.right(d)
    : E.left(sizeMismatch(where, `the number of latents of ${one} ${k}`, d, list[k].latents))
}

/** Whether there is a domain for every action of every mechanism. Errors: `ShapeMismatch`. */
export const checkDomains = (
  where: string,
  mechanisms: ReadonlyArray<Mechanism>,
  domains: ReadonlyArray<ReadonlyArray<ActionDomain>> | undefined
): Result<void> => {
  if (domains === undefined) return E.right(undefined)
  if (domains.length !== mechanisms.length)
    return E.left(
      sizeMismatch(where, 'the number of lists of action domains', mechanisms.length, domains.length)
    )
  const k = domains.findIndex((list, k) => list.length !== mechanisms[k].actions)
  if (k < 0) return E.right(undefined)
  const what = `the number of action domains of mechanism ${k}`
  return E.left(sizeMismatch(where, what, mechanisms[k].actions, domains[k].length))
}
