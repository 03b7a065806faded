/** What is wrong with a link, in words for the one who opened it. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

export interface LinkFault {
  readonly message: string
}

export type Read<A> = E.Either<LinkFault, A>

export const refuse = (message: string): Read<never> => E.left({ message })

const quoted = (text: string): string => (text.length <= 24 ? `"${text}"` : `"${text.slice(0, 23)}…"`)

/** A whole number within bounds, where the link has one of that name; else `fallback`. */
export const wholeIn = (
  link: URLSearchParams,
  name: string,
  { least, most, fallback }: { readonly least: number; readonly most: number; readonly fallback: number }
): Read<number> => {
  const text = link.get(name)
  if (text === null) return E.right(fallback)
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  return value >= least && value <= most
    ? E.right(value)
    : refuse(`${name} is ${quoted(text)}; it must be a whole number from ${least} to ${most}`)
}

/** One of several words, where the link has one of that name; else `fallback`. */
export const oneOf = <A extends string>(
  link: URLSearchParams,
  name: string,
  words: ReadonlyArray<A>,
  fallback: A
): Read<A> => {
  const text = link.get(name)
  if (text === null) return E.right(fallback)
  const found = words.find((word) => word === text)
  return found === undefined
    ? refuse(`${name} is ${quoted(text)}; it must be one of ${words.join(', ')}`)
    : E.right(found)
}

/** A link has nothing but what its view knows. */
export const onlyNames = (link: URLSearchParams, names: ReadonlyArray<string>): Read<URLSearchParams> =>
  pipe(
    [...link.keys()].find((name) => name !== 'view' && !names.includes(name)),
    (stranger) =>
      stranger === undefined
        ? E.right(link)
        : refuse(`${quoted(stranger)} means nothing there; known are ${names.join(', ')}`)
  )
