/** What is known with more besides: the same question with a longer list. */
import { type ActionDomain, actionDomainsOf } from '@mechid/mechanisms'
import type { AmbiguityOptions } from './ambiguity.js'
import type { Known, Sorted } from './known.js'

/** Known entries, then others of the same kind. Trusted: both sorted, of one kind. */
export const joined = (known: Sorted, more: Sorted, indices: ReadonlyArray<number>): Known => {
  const all: ReadonlyArray<unknown> = [...known.list, ...indices.map((k) => more.list[k])]
  return all as Known
}

/** Options for the longer list: what was said for each entry, what definitions say for the others. */
export const extended = (
  options: AmbiguityOptions,
  more: Sorted,
  indices: ReadonlyArray<number>
): AmbiguityOptions => {
  const { actionDomains, errors } = options
  const domains = indices.map(
    (k): ReadonlyArray<ActionDomain> => (more._tag === 'Mechanisms' ? actionDomainsOf(more.list[k]) : [])
  )
  return {
    ...options,
    ...(actionDomains === undefined ? {} : { actionDomains: [...actionDomains, ...domains] }),
    ...(errors === undefined ? {} : { errors: [...errors, ...indices.map(() => 0)] })
  }
}
