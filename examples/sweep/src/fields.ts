/** The fields of a grid file: what each may hold, and the values that it stands for. */

import type { Bound } from '@mechid/example-terminal'
import { methodNames, suggestion } from '@mechid/example-terminal'
import { problemNames } from '@mechid/mechanisms'
import * as E from 'fp-ts/lib/Either.js'

/** The axes of a grid, and what it fixes. Rows count held-out ones. */
export interface Grid {
  /** Names the sweep. */
  readonly name: string
  readonly problems: readonly string[]
  readonly methods: readonly string[]
  /** Bounds on the number of edges; null: the true number. */
  readonly bounds: readonly (Bound | null)[]
  readonly latents: readonly number[]
  readonly rows: readonly number[]
  /** Training steps; null: those of the method. */
  readonly steps: readonly (number | null)[]
  /** Of each edge, for problems with a random graph. */
  readonly edgeProbabilities: readonly number[]
  readonly seeds: readonly number[]
}

/** The value that a field stands for, or what it must be. */
type Read<A> = (value: unknown) => E.Either<string, A>

const integerFrom =
  (least: number): Read<number> =>
  (value) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= least
      ? E.right(value)
      : E.left(`an integer, ${least} or more`)

const oneOf =
  (known: readonly string[]): Read<string> =>
  (value) => {
    if (typeof value === 'string' && known.includes(value)) return E.right(value)
    const hint = typeof value === 'string' ? suggestion(value, known) : ''
    return E.left(`one of ${known.join(', ')}${hint}`)
  }

const word =
  <A>(text: string, value: A): Read<A> =>
  (given) =>
    given === text ? E.right(value) : E.left(`"${text}"`)

const either =
  <A, B>(first: Read<A>, second: Read<B>): Read<A | B> =>
  (value) => {
    const one = first(value)
    if (E.isRight(one)) return one
    const other = second(value)
    return E.isRight(other) ? other : E.left(`${one.left}, or ${other.left}`)
  }

const probability: Read<number> = (value) =>
  typeof value === 'number' && value >= 0 && value <= 1 ? E.right(value) : E.left('a number between 0 and 1')

const MOST_SEEDS = 100_000

/** `"101..110"`: the seeds from 101 to 110. */
const seedRange: Read<readonly number[]> = (value) => {
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(String(value)) ?? []
  const [first, last] = [Number(from), Number(to)]
  return from !== undefined && last >= first && last - first < MOST_SEEDS
    ? E.right(Array.from({ length: last - first + 1 }, (_, i) => first + i))
    : E.left('a range such as "101..110"')
}

const show = (value: unknown): string => JSON.stringify(value) ?? String(value)

/** One value or a list of them, without repetitions. Each element may stand for several values. */
const listOf =
  <A>(read: Read<readonly A[]>): Read<readonly A[]> =>
  (given) => {
    const elements = Array.isArray(given) ? given : [given]
    const values = new Set<A>()
    for (const element of elements) {
      const several = read(element)
      if (E.isLeft(several)) return E.left(`holds ${show(element)}; each value must be ${several.left}`)
      for (const value of several.right) values.add(value)
    }
    return E.right([...values])
  }

const single =
  <A>(read: Read<A>): Read<readonly A[]> =>
  (value) =>
    E.map((one: A) => [one])(read(value))

interface Field<A> {
  readonly read: Read<A>
  /** What stands for a field that is left out; without it, the field must be there. */
  readonly fallback?: A
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/
const name: Read<string> = (value) =>
  typeof value === 'string' && NAME.test(value)
    ? E.right(value)
    : E.left(`is ${show(value)}; it must be letters, digits, - and _, 64 at most`)

/** `name` falls back on the file's name. */
export const fields: { readonly [F in keyof Grid]: Field<Grid[F]> } = {
  name: { read: name },
  problems: { read: listOf(single(oneOf(problemNames))) },
  methods: { read: listOf(single(oneOf(methodNames))), fallback: ['fast'] },
  bounds: {
    read: listOf<Bound | null>(
      single(either(integerFrom(1), either(word('true', null), word('auto', 'auto' as const))))
    ),
    fallback: [null]
  },
  latents: { read: listOf(single(integerFrom(2))), fallback: [10] },
  rows: { read: listOf(single(integerFrom(1000))), fallback: [300_000] },
  steps: {
    read: listOf<number | null>(single(either(integerFrom(2), word('preset', null)))),
    fallback: [null]
  },
  edgeProbabilities: { read: listOf(single(probability)), fallback: [0.5] },
  seeds: { read: listOf(either(single(integerFrom(0)), seedRange)), fallback: [101] }
}
