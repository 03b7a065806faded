/** Signed permutations: latents in another order, some of them mirrored. */

import { toPermutation } from '@mechid/causal-graph'
import { type Dense, zeros } from '@mechid/numerics'
import * as E from 'fp-ts/lib/Either.js'
import type { Eq } from 'fp-ts/lib/Eq.js'
import type { Group } from 'fp-ts/lib/Group.js'
import type { Show } from 'fp-ts/lib/Show.js'
import { notInGroup, type Result, sizeMismatch } from '../errors.js'

/** The linear map e_i ↦ signs[i] · e_image[i] on R^d: (S z)[image[i]] = signs[i] · z[i]. */
export interface SignedPermutation {
  readonly image: Int32Array
  /** 1 or −1 each. */
  readonly signs: Int8Array
}

/**
 * Reads where each latent goes, and its sign there.
 *
 * Errors: `ShapeMismatch`; `NotInGroup` where an entry stands twice or is out of range, or a sign is not ±1.
 *
 * @example
 * signedPermutation([1, 0], [1, -1]) // right: (z0, z1) ↦ (−z1, z0)
 */
export const signedPermutation = (
  image: ArrayLike<number>,
  signs: ArrayLike<number>
): Result<SignedPermutation> => {
  const where = 'signedPermutation'
  if (signs.length !== image.length)
    return E.left(sizeMismatch(where, 'the number of signs', image.length, signs.length))
  const read = toPermutation(image)
  if (E.isLeft(read)) {
    const expected = `each of 0 to ${image.length - 1} once`
    return E.left(notInGroup(where, 'image', `[${Array.from(image).join(', ')}]`, expected))
  }
  const odd = Array.from(signs).find((s) => s !== 1 && s !== -1)
  if (odd !== undefined) return E.left(notInGroup(where, 'a sign', odd, '1 or -1'))
  return E.right({ image: read.right.image, signs: Int8Array.from(signs) })
}

export const identitySignedPermutation = (size: number): SignedPermutation => ({
  image: Int32Array.from({ length: size }, (_, i) => i),
  signs: new Int8Array(size).fill(1)
})

/** First `t`, then `s`. */
export const composeSigned = (s: SignedPermutation, t: SignedPermutation): SignedPermutation => ({
  image: t.image.map((i) => s.image[i]),
  signs: t.signs.map((sign, i) => sign * s.signs[t.image[i]])
})

export const inverseSigned = ({ image, signs }: SignedPermutation): SignedPermutation => {
  const out = identitySignedPermutation(image.length)
  for (let i = 0; i < image.length; i++) {
    out.image[image[i]] = i
    out.signs[image[i]] = signs[i]
  }
  return out
}

/** The d × d matrix. */
export const signedPermutationMatrix = ({ image, signs }: SignedPermutation): Dense => {
  const d = image.length
  const out = zeros(d, d)
  for (let i = 0; i < d; i++) out.data[image[i] * d + i] = signs[i]
  return out
}

/** As a permutation of 2d points: point 2i is +e_i, point 2i + 1 is −e_i. */
export const signedToPoints = ({ image, signs }: SignedPermutation): Int32Array => {
  const points = new Int32Array(2 * image.length)
  for (let i = 0; i < image.length; i++) {
    const plus = 2 * image[i] + (signs[i] > 0 ? 0 : 1)
    points[2 * i] = plus
    points[2 * i + 1] = plus ^ 1
  }
  return points
}

/** The inverse of `signedToPoints`, trusted. */
export const signedFromPoints = (points: Int32Array): SignedPermutation => {
  const out = identitySignedPermutation(points.length / 2)
  for (let i = 0; i < out.image.length; i++) {
    out.image[i] = points[2 * i] >> 1
    out.signs[i] = points[2 * i] % 2 === 0 ? 1 : -1
  }
  return out
}

// Instances

export const eqSignedPermutation: Eq<SignedPermutation> = {
  equals: (s, t) =>
    s.image.length === t.image.length &&
    s.image.every((to, i) => to === t.image[i] && s.signs[i] === t.signs[i])
}

/** Where e_0, e_1, … go: `[+1, -0]` is (z0, z1) ↦ (−z1, z0). */
export const showSignedPermutation: Show<SignedPermutation> = {
  show: ({ image, signs }) =>
    `[${Array.from(image, (to, i) => `${signs[i] > 0 ? '+' : '-'}${to}`).join(', ')}]`
}

/** The hyperoctahedral group on `size` latents, of 2^size · size! elements. Laws: fp-ts `Group`. */
export const getSignedPermutationGroup = (size: number): Group<SignedPermutation> => ({
  concat: composeSigned,
  empty: identitySignedPermutation(size),
  inverse: inverseSigned
})
