/** What is found when signed permutations are looked for, and how it is asked for. */
import { invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { notConfirmed, type Result, sizeMismatch } from '../errors.js'
import type { SignedPermutation } from '../groups/signed-permutation.js'

/** A group of signed permutations: maybe very many, so by generators. */
export interface SignedSymmetries {
  readonly latents: number
  /** Strong generators; `permutationGroup` takes them by `signedToPoints`. */
  readonly generators: ReadonlyArray<SignedPermutation>
  /** Of the group, exactly: up to 2^d d!. */
  readonly order: bigint
  /** How far the worst generator is from a symmetry at fresh points, relative to what is compared. */
  readonly residual: number
  /** Up to here two numbers count as equal. */
  readonly tolerance: number
}

/** How signed permutations are looked for. */
export interface SignedSymmetryOptions {
  /** Relative difference up to which two numbers count as equal (default 1e-9; larger for estimates). */
  readonly tolerance?: number
  /** Latents are drawn from [−radius, radius] (default 1): one for all, or one a latent, in the latent's own units. */
  readonly radius?: number | ReadonlyArray<number>
  /** Fresh points at which what was found is verified (default 64). */
  readonly samples?: number
  readonly seed?: number
  /** Steps of one search before it gives up with `SearchLimit` (default a million). */
  readonly most?: number
}

export interface Settings {
  readonly tolerance: number
  readonly radius: number | ReadonlyArray<number>
  readonly samples: number
  readonly seed: number
  readonly most: number
}

/** Options with their defaults. Error: `InvalidOption`. */
export const settingsOf = (where: string, options: SignedSymmetryOptions): Result<Settings> => {
  const { tolerance = 1e-9, radius = 1, samples = 64, seed = 1, most = 1e6 } = options
  if (!(tolerance > 0 && tolerance < 1))
    return E.left(invalidOption(where, 'tolerance', tolerance, 'a number between 0 and 1'))
  const odd = [radius].flat().find((r) => !(r > 0 && Number.isFinite(r)))
  if (odd !== undefined) return E.left(invalidOption(where, 'radius', odd, 'a finite number above 0'))
  if (!(Number.isInteger(samples) && samples >= 1))
    return E.left(invalidOption(where, 'samples', samples, 'an integer, 1 or more'))
  if (!Number.isFinite(seed)) return E.left(invalidOption(where, 'seed', seed, 'a finite number'))
  if (!(most >= 1)) return E.left(invalidOption(where, 'most', most, 'a number, 1 or more'))
  return E.right({ tolerance, radius, samples, seed, most })
}

/** One radius a latent. Error: `ShapeMismatch`. */
export const radiiOf = (where: string, { radius }: Settings, latents: number): Result<Float64Array> =>
  typeof radius === 'number'
    ? E.right(new Float64Array(latents).fill(radius))
    : radius.length === latents
      ? E.right(Float64Array.from(radius))
      : E.left(sizeMismatch(where, 'the number of radii', latents, radius.length))

/** |x − y| relative to their size or `scale`; 0 where both are undefined or infinite alike. */
export const difference = (x: number, y: number, scale = 1): number => {
  if (Object.is(x, y) || x === y) return 0
  const d = Math.abs(x - y) / Math.max(scale, Math.abs(x), Math.abs(y))
  return Number.isNaN(d) ? Number.POSITIVE_INFINITY : d
}

/** The group, or `NotConfirmed` where a generator fails at fresh points. */
export const confirmed = (
  where: string,
  latents: number,
  found: { readonly generators: ReadonlyArray<SignedPermutation>; readonly order: bigint },
  residual: number,
  tolerance: number
): Result<SignedSymmetries> =>
  residual <= tolerance
    ? E.right({ latents, ...found, residual, tolerance })
    : E.left(notConfirmed(where, 'a signed permutation that was found', residual, tolerance))
