/** Backtracking over partial signed permutations. */
import * as E from 'fp-ts/lib/Either.js'
import { type Result, searchedTooLong } from '../errors.js'
import type { SignedPermutation } from '../groups/signed-permutation.js'
import type { Base } from './stabilizer-search.js'

/** Whether base[0..count−1] ↦ signed images can be the beginning of a solution. */
export type Consistent = (candidate: SignedPermutation, count: number) => boolean

export interface SearchLimits {
  /** Partial assignments looked at in one search before it gives up. */
  readonly most: number
}

/**
 * The first assignment that is consistent at every length. `prefix` are the images, as points (2j is +e_j, 2j + 1 is
 * −e_j), of the first base points; all but its last are known to be consistent.
 *
 * Error: `SearchLimit` after `most` partial assignments.
 */
export const firstAssignment = (
  where: string,
  base: Base,
  prefix: ReadonlyArray<number>,
  consistent: Consistent,
  { most }: SearchLimits
): Result<SignedPermutation | undefined> => {
  const d = base.length
  const candidate: SignedPermutation = { image: new Int32Array(d), signs: new Int8Array(d).fill(1) }
  const used = new Uint8Array(d)
  let looked = 0
  /** True: complete; false: none; undefined: too many. */
  const assign = (count: number): boolean | undefined => {
    if (count === d) return true
    for (let point = 0; point < 2 * d; point++) {
      const [to, sign] = [point >> 1, point % 2 === 0 ? 1 : -1]
      if (used[to] === 1 || (count < prefix.length && prefix[count] !== point)) continue
      if (++looked > most) return undefined
      candidate.image[base[count]] = to
      candidate.signs[base[count]] = sign
      if (count + 1 >= prefix.length && !consistent(candidate, count + 1)) continue
      used[to] = 1
      const done = assign(count + 1)
      if (done !== false) return done
      used[to] = 0
    }
    return false
  }
  const done = assign(0)
  if (done === undefined) return E.left(searchedTooLong(where, most))
  return E.right(done ? candidate : undefined)
}
