/** Where, among what and how carefully infinitesimal ambiguities are looked for. */
import { checkFinite, checkShape, invalidOption, type Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Dictionary } from '../dictionary/dictionary.js'
import { type Result, sizeMismatch } from '../errors.js'

export interface FieldOptions {
  /** Among what fields. */
  readonly dictionary: Dictionary
  /**
   * A box that points are drawn from: [low, high] for each latent, in the latents' own units. By default [−1, 1] in
   * units that balance the mechanism's slopes, or those of the kernel's noise: powers of two.
   */
  readonly box?: ReadonlyArray<readonly [low: number, high: number]>
  /** Points of the data's support, N × d, in place of a box. A fifth of them is kept for the validation. */
  readonly data?: Samples
  /** How many points; by default, equations for eight times as many unknowns as the dictionary has. */
  readonly samples?: number
  readonly seed?: number
  /** Singular values up to here are zero: what one calls indistinguishable. By default, rounding alone. */
  readonly tolerance?: number
}

const checkBox = (where: string, box: FieldOptions['box'], latents: number): Result<void> => {
  if (box === undefined) return E.right(undefined)
  if (box.length !== latents)
    return E.left(sizeMismatch(where, 'the number of ranges in box', latents, box.length))
  const odd = box.find(([low, high]) => !(low < high && Number.isFinite(low) && Number.isFinite(high)))
  return odd === undefined
    ? E.right(undefined)
    : E.left(invalidOption(where, 'a range of box', `[${odd.join(', ')}]`, 'two finite numbers, low < high'))
}

const checkData = (where: string, data: Samples | undefined, latents: number): Result<void> => {
  if (data === undefined) return E.right(undefined)
  return pipe(
    checkShape(where, 'data', data, [2]),
    E.flatMap(
      ({ shape: [, columns] }): Result<Samples> =>
        columns === latents
          ? checkFinite(where, 'data', data)
          : E.left(sizeMismatch(where, 'the number of columns of data', latents, columns))
    ),
    E.map(() => undefined)
  )
}

/** Errors: `ShapeMismatch`, `InvalidOption`, `NotFinite`. */
export const checkOptions = (where: string, options: FieldOptions, latents: number): Result<void> => {
  const { box, data, samples, tolerance = 0 } = options
  if (!(tolerance >= 0 && tolerance < 1))
    return E.left(invalidOption(where, 'tolerance', tolerance, 'a number from 0 to below 1'))
  if (samples !== undefined && !(Number.isInteger(samples) && samples > 0))
    return E.left(invalidOption(where, 'samples', samples, 'an integer, 1 or more'))
  const boxed = checkBox(where, box, latents)
  return E.isLeft(boxed) ? boxed : checkData(where, data, latents)
}
