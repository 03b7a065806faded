/** How groups act on vectors and other things: orbits, stabilizers, elements from generators. */

import type { Permutation } from '@mechid/causal-graph'
import { type Dense, timesVector } from '@mechid/numerics'
import { tooLarge } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { Eq } from 'fp-ts/lib/Eq.js'
import type { Group } from 'fp-ts/lib/Group.js'
import type { Result } from '../errors.js'
import type { AffineElement } from './matrix-groups.js'
import type { DihedralElement } from './named-groups.js'
import type { SignedPermutation } from './signed-permutation.js'

/** A left action. Laws: `act(empty, x) = x`; `act(concat(g, h), x) = act(g, act(h, x))`. */
export interface Action<G, X> {
  readonly act: (g: G, x: X) => X
}

/** Coordinate i goes to place π(i). Vectors as long as the permutation. */
export const permutationAction: Action<Permutation, Float64Array> = {
  act: ({ image }, z) => {
    const out = new Float64Array(z.length)
    for (let i = 0; i < z.length; i++) out[image[i]] = z[i]
    return out
  }
}

/** Coordinate i goes to place π(i), with its sign. */
export const signedPermutationAction: Action<SignedPermutation, Float64Array> = {
  act: ({ image, signs }, z) => {
    const out = new Float64Array(z.length)
    for (let i = 0; i < z.length; i++) out[image[i]] = signs[i] * z[i]
    return out
  }
}

/** Of general linear and orthogonal groups. */
export const matrixAction: Action<{ readonly matrix: Dense }, Float64Array> = {
  act: ({ matrix }, z) => timesVector(matrix, z)
}

export const affineAction: Action<AffineElement, Float64Array> = {
  act: ({ linear, shift }, z) => timesVector(linear.matrix, z).map((x, i) => x + shift[i])
}

/** The cyclic group of order n on the plane: k turns by 2π k / n. */
export const getTurnAction = (n: number): Action<number, Float64Array> => ({
  act: (k, [x, y]) => {
    const [c, s] = [Math.cos((2 * Math.PI * k) / n), Math.sin((2 * Math.PI * k) / n)]
    return Float64Array.of(c * x - s * y, s * x + c * y)
  }
})

/** The dihedral group of order 2n on the plane; the reflection is (x, y) ↦ (x, −y). */
export const getDihedralAction = (n: number): Action<DihedralElement, Float64Array> => {
  const turns = getTurnAction(n)
  return {
    act: ({ turns: k, reflected }, [x, y]) => turns.act(k, Float64Array.of(x, reflected ? -y : y))
  }
}

/** Pairs, each component by itself. Laws: fp-ts `Group`. `Eq.tuple` and `Show.tuple` of fp-ts fit. */
export const getProductGroup = <A, B>(first: Group<A>, second: Group<B>): Group<readonly [A, B]> => ({
  concat: (x, y) => [first.concat(x[0], y[0]), second.concat(x[1], y[1])],
  empty: [first.empty, second.empty],
  inverse: (x) => [first.inverse(x[0]), second.inverse(x[1])]
})

/** More elements than this are not listed unless asked for. */
const MOST = 10_000

const closure = <A>(
  where: string,
  start: A,
  moves: ReadonlyArray<(a: A) => A>,
  eq: Eq<A>,
  most: number
): Result<ReadonlyArray<A>> => {
  const found = [start]
  for (let at = 0; at < found.length; at++)
    for (const move of moves) {
      const next = move(found[at])
      if (found.some((known) => eq.equals(known, next))) continue
      if (found.length === most) return E.left(tooLarge(where, 'the number of elements', most + 1, most))
      found.push(next)
    }
  return E.right(found)
}

/**
 * All elements of the finite group that `generators` generate, the identity first: of any kind, by trying. For
 * permutations `permutationGroup` is far quicker.
 *
 * Error: `TooLarge` where there are more than `most`.
 *
 * @example
 * generatedElements(getCyclicGroup(6), N.Eq, [2]) // right([0, 2, 4])
 */
export const generatedElements = <A>(
  group: Group<A>,
  eq: Eq<A>,
  generators: ReadonlyArray<A>,
  most = MOST
): Result<ReadonlyArray<A>> =>
  closure(
    'generatedElements',
    group.empty,
    generators.map((g) => (a: A) => group.concat(g, a)),
    eq,
    most
  )

/**
 * Where a finite group takes `x`, `x` first.
 *
 * Error: `TooLarge` where the orbit has more than `most` points.
 */
export const orbitUnder = <G, X>(
  action: Action<G, X>,
  eq: Eq<X>,
  generators: ReadonlyArray<G>,
  x: X,
  most = MOST
): Result<ReadonlyArray<X>> =>
  closure(
    'orbitUnder',
    x,
    generators.map((g) => (y: X) => action.act(g, y)),
    eq,
    most
  )

/** Those of `elements` that leave `x` where it is. */
export const stabilizerIn = <G, X>(
  action: Action<G, X>,
  eq: Eq<X>,
  elements: ReadonlyArray<G>,
  x: X
): ReadonlyArray<G> => elements.filter((g) => eq.equals(action.act(g, x), x))
