/** Which further mechanisms would remove what stays ambiguous. */

import { affine as affineMechanism, type Mechanism } from '@mechid/mechanisms'
import { type Dense, identityMatrix, nullSpace, stacked, toRows } from '@mechid/numerics'
import { generator } from '@mechid/random'
import { invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { affineFields, linearFields } from '../dictionary/polynomial.js'
import { inconsistent, type Result, toldBy } from '../errors.js'
import type { LinearMap } from '../finite/linear-symmetries.js'
import type { Ambiguity } from './ambiguity.js'
import { ambiguityOf } from './ambiguity-of.js'
import { extended, joined } from './asking-more.js'
import { takenAway } from './field-subspaces.js'
import { type Known, nameOf, type Sorted, sorted } from './known.js'

export interface SuggestOptions {
  /** At most so many mechanisms (default all of the list). */
  readonly most?: number
}

/** The fewest mechanisms of a list that leave the least, and what they leave. */
export interface Suggestion {
  /** Indices into the list, in the order in which they help most; empty if none helps. */
  readonly chosen: ReadonlyArray<number>
  readonly names: ReadonlyArray<string>
  /** Of the continuous ambiguity, once they are known: found by asking again with them. */
  readonly dimension: number
  /** After each of `chosen` in turn. */
  readonly dimensions: ReadonlyArray<number>
  /** `exact`: no smaller or better choice exists; `greedy`: each is the best next one. */
  readonly search: 'exact' | 'greedy'
  /** The new answer in full. */
  readonly answer: Ambiguity
}

const WHERE = 'suggest'
/** Up to so many candidates that help, all choices are looked at. */
const ALL_CHOICES = 12
/** Directions of subspaces that are computed apart agree no better. */
const AGREE = 1e-7

type Remaining = (choice: ReadonlyArray<number>) => Result<number>

/** What each choice leaves: conditions on fields are linear, so subspaces are intersected. */
const remainingAfter =
  (parts: ReadonlyArray<Dense>, dimension: number): Remaining =>
  (choice) =>
    choice.length === 0
      ? E.right(dimension)
      : E.map(({ decision }: { decision: { nullity: number } }) => decision.nullity)(
          nullSpace(WHERE, stacked(choice.map((k) => parts[k])), { floor: AGREE })
        )

/** The best next candidate, until none helps. Errors: `Undecided`. */
const greedily = (
  pool: ReadonlyArray<number>,
  remaining: Remaining,
  start: number,
  most: number
): Result<{ readonly chosen: number[]; readonly dimensions: number[] }> => {
  const [chosen, dimensions]: [number[], number[]] = [[], []]
  let now = start
  while (chosen.length < most && now > 0) {
    let best: readonly [index: number, left: number] | undefined
    for (const k of pool) {
      if (chosen.includes(k)) continue
      const left = remaining([...chosen, k])
      if (E.isLeft(left)) return left
      if (left.right < (best?.[1] ?? now)) best = [k, left.right]
    }
    if (best === undefined) break
    chosen.push(best[0])
    dimensions.push(best[1])
    now = best[1]
  }
  return E.right({ chosen, dimensions })
}

const choices = function* (pool: ReadonlyArray<number>, size: number, from = 0): IterableIterator<number[]> {
  if (size === 0) yield []
  else
    for (let at = from; at <= pool.length - size; at++)
      for (const rest of choices(pool, size - 1, at + 1)) yield [pool[at], ...rest]
}

/** The fewest that leave the least that `most` of them can. Errors: `Undecided`. */
const fewest = (
  pool: ReadonlyArray<number>,
  remaining: Remaining,
  start: number,
  most: number
): Result<number[]> => {
  const least = remaining(pool)
  if (E.isLeft(least)) return least
  let best: { readonly chosen: number[]; readonly left: number } = { chosen: [], left: start }
  for (let size = 1; size <= Math.min(most, pool.length) && best.left > least.right; size++)
    for (const choice of choices(pool, size)) {
      const left = remaining(choice)
      if (E.isLeft(left)) return left
      if (left.right < best.left) best = { chosen: choice, left: left.right }
    }
  return E.right(best.chosen)
}

const DICTIONARIES: ReadonlyArray<Ambiguity['route']> = ['fields', 'density']

/** The same question with some candidates known too; within affine fields where the first answer was. */
const askedWith = (
  { route, options }: Ambiguity,
  known: Sorted,
  candidates: Sorted,
  indices: ReadonlyArray<number>
): Result<Ambiguity> => {
  const list = joined(known, candidates, indices)
  const asked = extended(options, candidates, indices)
  return pipe(
    ambiguityOf(list, asked),
    E.flatMap((next) =>
      DICTIONARIES.includes(next.route) && !DICTIONARIES.includes(route) && options.hypothesis === undefined
        ? ambiguityOf(list, {
            ...asked,
            dictionary: options.among === 'linear' ? linearFields : affineFields
          })
        : E.right(next)
    )
  )
}

/** What each candidate alone takes away. Errors: those of the candidates. */
const partsOf = (answer: Ambiguity, known: Sorted, candidates: Sorted): Result<ReadonlyArray<Dense>> => {
  const quiet = { ...answer, options: { ...answer.options, degrees: [] } }
  return pipe(
    candidates.list.map((_, k) => k),
    E.traverseArray((k) =>
      pipe(
        askedWith(quiet, known, candidates, [k]),
        E.mapLeft((error) => toldBy(`${WHERE}, candidate ${k}`, error))
      )
    ),
    E.map((left) => takenAway(answer, left))
  )
}

type Picked = Pick<Suggestion, 'chosen' | 'dimensions' | 'search'>

const chosenFrom = (answer: Ambiguity, parts: ReadonlyArray<Dense>, most: number): Result<Picked> => {
  const remaining = remainingAfter(parts, answer.dimension)
  return pipe(
    parts.map((_, k) => k),
    E.traverseArray((k) => E.map((left: number) => ({ k, left }))(remaining([k]))),
    E.flatMap((alone): Result<Picked> => {
      const pool = alone.filter(({ left }) => left < answer.dimension).map(({ k }) => k)
      if (pool.length > ALL_CHOICES)
        return E.map((found: { chosen: number[]; dimensions: number[] }) => ({
          ...found,
          search: 'greedy' as const
        }))(greedily(pool, remaining, answer.dimension, most))
      return pipe(
        fewest(pool, remaining, answer.dimension, most),
        E.flatMap((best) => greedily(best, remaining, answer.dimension, best.length)),
        E.map((found) => ({ ...found, search: 'exact' as const }))
      )
    })
  )
}

const verified = (
  answer: Ambiguity,
  known: Sorted,
  candidates: Sorted,
  found: Picked
): Result<Suggestion> => {
  const { chosen, dimensions } = found
  const names = chosen.map((k) => nameOf(candidates.list[k], k))
  const expected = dimensions[dimensions.length - 1] ?? answer.dimension
  if (chosen.length === 0) return E.right({ ...found, names, dimension: expected, answer })
  return pipe(
    askedWith(answer, known, candidates, chosen),
    E.flatMap((next) =>
      next.dimension === expected
        ? E.right({ ...found, names, dimension: expected, answer: next })
        : E.left(
            inconsistent(WHERE, 'the dimension with what is suggested', next.dimension, String(expected))
          )
    )
  )
}

/**
 * Which of some further mechanisms (of the same kind as what is known) would leave the least continuous ambiguity: the
 * fewest of them, among all choices where at most 12 help, greedily else. Each candidate is asked about once; choices are
 * intersections of subspaces; the one suggested is asked about again in full.
 *
 * Errors: those of `ambiguityOf`, `InvalidOption` for another kind, `ShapeMismatch`, `Inconsistent` where asking again
 * gives another dimension.
 *
 * @example
 * suggest(answer, [orThrow(translation([1, 0])), orThrow(scaling([2, 3]))])
 */
export const suggest = (
  answer: Ambiguity,
  candidates: Known,
  { most = candidates.length }: SuggestOptions = {}
): Result<Suggestion> => {
  if (!(Number.isInteger(most) && most >= 0))
    return E.left(invalidOption(WHERE, 'most', most, 'an integer, 0 or more'))
  return pipe(
    sorted(WHERE, answer.known),
    E.bindTo('known'),
    E.bind('more', () => sorted(WHERE, candidates)),
    E.tap(({ known, more }) => sorted(WHERE, joined(known, more, [0]))),
    E.bind('parts', ({ known, more }) => partsOf(answer, known, more)),
    E.bind('found', ({ parts }) => chosenFrom(answer, parts, most)),
    E.flatMap(({ known, more, found }) => verified(answer, known, more, found))
  )
}

/** A generic translation and a generic linear map. */
const genericMaps = (latents: number, seed: number): Array<LinearMap & { readonly name: string }> => {
  const random = generator(seed).split('generic')
  const draw = (): number[] => Array.from({ length: latents }, () => random.normal())
  const one = toRows(identityMatrix(latents))
  return [
    { name: 'a generic translation', matrix: one, shift: draw() },
    { name: 'a generic linear map', matrix: one.map(() => draw()), shift: new Array<number>(latents).fill(0) }
  ]
}

const named = ({ name, matrix, shift }: LinearMap & { readonly name: string }): Result<Mechanism> =>
  pipe(
    affineMechanism(matrix, shift ?? []),
    E.map((m) => ({ ...m, name })),
    E.mapLeft((error) => toldBy(`${WHERE}, ${name}`, error))
  )

/**
 * Whether a generic translation, a generic linear map or both would remove what stays ambiguous: drawn at random, and
 * tried. For mechanisms and matrices without noise.
 *
 * Errors: as `suggest`; `InvalidOption` for kernels.
 *
 * @example
 * suggestGeneric(answer) // of a rotation: right: a generic translation leaves 0 dimensions
 */
export const suggestGeneric = (
  answer: Ambiguity,
  { seed = 1 }: { readonly seed?: number } = {}
): Result<Suggestion> =>
  pipe(
    sorted(WHERE, answer.known),
    E.flatMap((known) => {
      const maps = genericMaps(known.latents, seed)
      if (known._tag === 'Maps' && known.list.every(({ covariance }) => covariance === undefined))
        return suggest(answer, maps)
      if (known._tag !== 'Mechanisms')
        return E.left(
          invalidOption(
            WHERE,
            'what is known',
            'stochastic',
            'deterministic mechanisms, or a list to choose from'
          )
        )
      return pipe(
        maps,
        E.traverseArray(named),
        E.flatMap((mechanisms) => suggest(answer, mechanisms))
      )
    })
  )
