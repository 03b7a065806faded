/** Generators and order of a group of signed permutations, from the power to find one element that begins as told. */
import * as E from 'fp-ts/lib/Either.js'
import type { Result } from '../errors.js'
import { type SignedPermutation, signedToPoints } from '../groups/signed-permutation.js'

/** Latents in the order in which they are assigned. */
export type Base = Int32Array

/** An element that fixes base[0..level−1] and takes +base[level] to `point` (2j is +e_j, 2j + 1 is −e_j). */
export type Extend = (level: number, point: number) => Result<SignedPermutation | undefined>

export interface StrongGenerators {
  readonly generators: ReadonlyArray<SignedPermutation>
  readonly order: bigint
}

const orbitUnder = (start: number, generators: ReadonlyArray<Int32Array>): Set<number> => {
  const seen = new Set([start])
  for (const p of seen) for (const image of generators) seen.add(image[p])
  return seen
}

/**
 * From the smallest stabilizer upwards: the order is the product of the orbits of the base points. A point is tried
 * only where neither the group found so far nor an earlier failure tells the answer (Sims; McKay 1981).
 *
 * Errors: those of `extend`.
 */
export const strongGenerators = (base: Base, extend: Extend): Result<StrongGenerators> => {
  const found: SignedPermutation[] = []
  const points: Int32Array[] = []
  let order = 1n
  for (let level = base.length - 1; level >= 0; level--) {
    const start = 2 * base[level]
    let orbit = orbitUnder(start, points)
    const failed = new Set<number>()
    for (let at = level; at < base.length; at++)
      for (const target of [2 * base[at], 2 * base[at] + 1]) {
        if (orbit.has(target) || failed.has(target)) continue
        const made = extend(level, target)
        if (E.isLeft(made)) return made
        if (made.right === undefined) {
          // Elements found so far fix the base points before: what they join fails or succeeds together.
          for (const p of orbitUnder(target, points)) failed.add(p)
          continue
        }
        found.push(made.right)
        points.push(signedToPoints(made.right))
        orbit = orbitUnder(start, points)
      }
    order *= BigInt(orbit.size)
  }
  return E.right({ generators: found, order })
}
