/** Groups of permutations by generators: order, membership, orbits, stabilizers, elements. */
import { type Permutation, toPermutation } from '@mechid/causal-graph'
import type { Generator } from '@mechid/random'
import { invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { notInGroup, type Result, sizeMismatch } from '../errors.js'
import { chainOrder, composed, holds, type Images, type Level, stabilizerChain } from './stabilizer-chain.js'

/** A group of permutations of 0..size−1, with a base and strong generating set (Schreier–Sims). */
export interface PermutationGroup {
  readonly size: number
  readonly generators: ReadonlyArray<Permutation>
  /** Exact, however large. */
  readonly order: bigint
  /** Only the identity fixes all of these points. */
  readonly base: ReadonlyArray<number>
  /** For this module's functions only. */
  readonly chain: ReadonlyArray<Level>
}

/** A group whose generators are trusted. */
export const groupOfImages = (
  generators: ReadonlyArray<Images>,
  size: number,
  base: ReadonlyArray<number> = []
): PermutationGroup => {
  const chain = stabilizerChain(generators, size, base)
  return {
    size,
    generators: generators.map((image) => ({ image })),
    order: chainOrder(chain),
    base: chain.map(({ point }) => point),
    chain
  }
}

const isSize = (size: number): boolean => Number.isInteger(size) && size >= 1

/**
 * The group that permutations of 0..size−1 generate; none generate the trivial group.
 *
 * Errors: `InvalidOption`, `ShapeMismatch`, `NotInGroup` (a list that is no permutation).
 *
 * @example
 * permutationGroup(5, [[1, 2, 3, 4, 0], [1, 0, 2, 3, 4]]) // right: order 120n
 */
export const permutationGroup = (
  size: number,
  generators: ReadonlyArray<ArrayLike<number>>
): Result<PermutationGroup> => {
  const where = 'permutationGroup'
  if (!isSize(size)) return E.left(invalidOption(where, 'size', size, 'an integer, 1 or more'))
  const read: Images[] = []
  for (const [k, list] of generators.entries()) {
    if (list.length !== size)
      return E.left(sizeMismatch(where, `the length of generator ${k}`, size, list.length))
    const made = toPermutation(list)
    if (E.isLeft(made)) {
      const actual = `[${Array.from(list).join(', ')}]`
      const expected = `each of 0 to ${size - 1} once`
      return E.left(notInGroup(where, `generator ${k}`, actual, expected))
    }
    read.push(made.right.image)
  }
  return E.right(groupOfImages(read, size))
}

/** Whether the group holds `element`. One of another size is not in it. */
export const contains = (group: PermutationGroup, element: Permutation): boolean =>
  element.image.length === group.size && holds(group.chain, element.image)

const isPoint = (group: PermutationGroup, point: number): boolean =>
  Number.isInteger(point) && point >= 0 && point < group.size

/**
 * Where the group takes `point`, ascending.
 *
 * Error: `InvalidOption`.
 */
export const orbitOfPoint = (group: PermutationGroup, point: number): Result<ReadonlyArray<number>> => {
  if (!isPoint(group, point))
    return E.left(invalidOption('orbitOfPoint', 'point', point, `an integer from 0 to ${group.size - 1}`))
  const seen = new Set([point])
  for (const p of seen) for (const { image } of group.generators) seen.add(image[p])
  return E.right([...seen].sort((a, b) => a - b))
}

/** All orbits, each ascending, by their least point. */
export const pointOrbits = (group: PermutationGroup): ReadonlyArray<ReadonlyArray<number>> => {
  const found: Array<ReadonlyArray<number>> = []
  const seen = new Set<number>()
  for (let p = 0; p < group.size; p++) {
    if (seen.has(p)) continue
    const orbit = orbitOfPoint(group, p)
    if (E.isLeft(orbit)) continue
    for (const q of orbit.right) seen.add(q)
    found.push(orbit.right)
  }
  return found
}

/**
 * The subgroup that fixes each of `points`.
 *
 * Error: `InvalidOption`.
 *
 * @example
 * pointStabilizer(symmetricGroup(5), [0, 1]) // right: order 6n
 */
export const pointStabilizer = (
  group: PermutationGroup,
  points: ReadonlyArray<number>
): Result<PermutationGroup> => {
  const wrong = points.find((point) => !isPoint(group, point))
  if (wrong !== undefined)
    return E.left(
      invalidOption('pointStabilizer', 'a point', wrong, `an integer from 0 to ${group.size - 1}`)
    )
  const base = [...new Set(points)]
  const images = group.generators.map(({ image }) => image)
  const below = stabilizerChain(images, group.size, base)[base.length]
  return E.right(groupOfImages(below?.generators ?? [], group.size))
}

const products = function* (chain: ReadonlyArray<Level>, k: number, size: number): IterableIterator<Images> {
  if (k === chain.length) {
    yield Int32Array.from({ length: size }, (_, i) => i)
    return
  }
  for (const rest of products(chain, k + 1, size))
    for (const p of chain[k].orbit) yield composed(chain[k].transversal[p] as Images, rest)
}

/** All elements, each once, made as they are asked for: there may be very many. */
export const elementsOf = function* (group: PermutationGroup): IterableIterator<Permutation> {
  for (const image of products(group.chain, 0, group.size)) yield { image }
}

/** An element drawn uniformly. */
export const randomElement = (group: PermutationGroup, random: Generator): Permutation => ({
  image: group.chain.reduceRight<Images>(
    (rest, { orbit, transversal }) =>
      composed(transversal[orbit[random.integer(orbit.length)]] as Images, rest),
    Int32Array.from({ length: group.size }, (_, i) => i)
  )
})
