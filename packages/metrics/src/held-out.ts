/** Which rows a regression is fitted on, and which it is scored on. */
import * as E from 'fp-ts/lib/Either.js'
import type { MetricError } from './errors.js'
import { shuffled, uniforms } from './pseudo-random.js'

/** Rows to fit on and rows to score on; they must not share any. */
export interface HeldOut {
  readonly fit: ArrayLike<number>
  readonly score: ArrayLike<number>
}

/** `'in-sample'`: fitted and scored on every row, which flatters flexible regressions. */
export type Evaluation = HeldOut | 'in-sample'

/**
 * Splits rows 0 … n − 1 at random: `fitShare` of them to fit on, the others to score on.
 *
 * Errors: `TooFewRows` (4 are needed, 2 in each set), `BadOption`.
 */
export const splitRows = (
  rows: number,
  { fitShare = 0.5, seed = 0 }: { readonly fitShare?: number; readonly seed?: number } = {}
): E.Either<MetricError, HeldOut> => {
  if (!(fitShare > 0 && fitShare < 1)) {
    const actual = String(fitShare)
    return E.left({ _tag: 'BadOption', option: 'fitShare', expected: 'between 0 and 1', actual })
  }
  if (!(rows >= 4)) return E.left({ _tag: 'TooFewRows', where: 'rows to split', needed: 4, actual: rows })
  const order = shuffled(rows, uniforms(seed))
  const count = Math.max(2, Math.min(rows - 2, Math.round(fitShare * rows)))
  return E.right({ fit: order.subarray(0, count), score: order.subarray(count) })
}

/** The sets themselves if each has two rows or more, all of them exist, and no row is in both. */
export const checkHeldOut = (rows: number, heldOut: HeldOut): E.Either<MetricError, HeldOut> => {
  const seen = new Uint8Array(rows)
  for (const name of ['fit', 'score'] as const) {
    const indices = heldOut[name]
    if (indices.length < 2)
      return E.left({ _tag: 'TooFewRows', where: `heldOut.${name}`, needed: 2, actual: indices.length })
    for (let i = 0; i < indices.length; i++) {
      const row = indices[i]
      if (!Number.isInteger(row) || row < 0 || row >= rows || seen[row] === 1) {
        return E.left({
          _tag: 'BadOption',
          option: `heldOut.${name}`,
          expected: `rows of 0 to ${rows - 1}, each in one of the two sets`,
          actual: String(row)
        })
      }
    }
    // Marked afterwards: drawing a row twice within one set is a bootstrap, sharing it between sets a leak.
    if (name === 'fit') for (let i = 0; i < indices.length; i++) seen[indices[i]] = 1
  }
  return E.right(heldOut)
}

/** The rows that an evaluation names; where nothing is said, a random half to fit on, the other to score on. */
export const rowsOf = (
  rows: number,
  evaluation: Evaluation | undefined,
  seed: number
): E.Either<MetricError, HeldOut> => {
  if (evaluation === undefined) return splitRows(rows, { seed })
  if (evaluation !== 'in-sample') return checkHeldOut(rows, evaluation)
  const all = Int32Array.from({ length: rows }, (_, i) => i)
  return E.right({ fit: all, score: all })
}
