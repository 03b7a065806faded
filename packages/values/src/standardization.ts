/** How columns get mean 0 and variance 1: (x − mean) / scale. */
import * as E from 'fp-ts/lib/Either.js'
import { type InvalidOption, invalidOption, type ShapeMismatch, shapeMismatch } from './errors.js'

export interface Standardization {
  /** One entry a column. */
  readonly mean: readonly number[]
  /** Standard deviations, by 1/n; 0 for a column that does not vary, for which (x − mean) is not divided. */
  readonly scale: readonly number[]
}

/**
 * The standardization itself if it is one of `columns` columns: a finite mean and a finite scale, 0 or more, for each.
 *
 * Errors: `ShapeMismatch` for one of another number of columns; `InvalidOption`.
 */
export const checkStandardization = (
  where: string,
  standardization: Standardization,
  columns: number
): E.Either<ShapeMismatch | InvalidOption, Standardization> => {
  for (const part of ['mean', 'scale'] as const) {
    const entries = standardization[part]
    if (entries.length !== columns) {
      const expected = `${columns}, one a column of what is standardized`
      return E.left(
        shapeMismatch(where, `the number of entries of standardization.${part}`, entries.length, expected)
      )
    }
    const wrong = entries.findIndex((entry) => !Number.isFinite(entry) || (part === 'scale' && entry < 0))
    if (wrong >= 0) {
      const expected = `a finite number${part === 'scale' ? ', 0 or more' : ''}`
      return E.left(invalidOption(where, `standardization.${part}[${wrong}]`, entries[wrong], expected))
    }
  }
  return E.right(standardization)
}
