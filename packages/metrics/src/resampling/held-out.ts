/** Which rows a regression is fitted on, and which it is scored on. */
import { generator } from '@mechid/random'
import { invalidOption, tooFewRows } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { MetricError } from '../errors.js'
import { properShare } from '../internal/options.js'

/** Rows to fit on and rows to score on, none of them in both. */
export interface HeldOut {
  readonly fit: ArrayLike<number>
  readonly score: ArrayLike<number>
}

/** `'in-sample'`: fitted and scored on every row, which flatters flexible regressions. */
export type HeldOutPlan = HeldOut | 'in-sample'

/** Rows that a split needs: two in each set. */
const LEAST_ROWS = 4

/** `heldOutRows` on behalf of the function that errors shall name. */
const randomSplit = (
  where: string,
  rows: number,
  fitShare: number,
  seed: number
): E.Either<MetricError, HeldOut> => {
  const share = properShare(where, 'fitShare', fitShare)
  if (E.isLeft(share)) return share
  if (!(rows >= LEAST_ROWS)) return E.left(tooFewRows(where, rows, LEAST_ROWS))
  const order = generator(seed).split('fit and score').permutation(rows)
  const count = Math.max(2, Math.min(rows - 2, Math.round(fitShare * rows)))
  return E.right({ fit: order.subarray(0, count), score: order.subarray(count) })
}

/**
 * Splits rows 0 … n − 1 at random: `fitShare` of them (default: half) to fit on, the others to score on.
 *
 * Use it for rows that are independent. Neighbouring rows of a time series tell of each other: there, split by time.
 *
 * Errors: `TooFewRows` (4 are needed, 2 in each set), `InvalidOption`.
 */
export const heldOutRows = (
  rows: number,
  { fitShare = 0.5, seed = 0 }: { readonly fitShare?: number; readonly seed?: number } = {}
): E.Either<MetricError, HeldOut> => randomSplit('heldOutRows', rows, fitShare, seed)

/**
 * The sets themselves if each has two rows or more, all of them exist, and no row is in both. `option` is their name
 * among the arguments of `where`.
 */
export const checkHeldOut = (
  where: string,
  option: string,
  rows: number,
  heldOut: HeldOut
): E.Either<MetricError, HeldOut> => {
  const seen = new Uint8Array(rows)
  for (const name of ['fit', 'score'] as const) {
    const indices = heldOut[name]
    if (indices.length < 2) return E.left(tooFewRows(`${where} (${option}.${name})`, indices.length, 2))
    for (let i = 0; i < indices.length; i++) {
      const row = indices[i]
      if (!Number.isInteger(row) || row < 0 || row >= rows || seen[row] === 1) {
        const expected = `a row of 0 to ${rows - 1}, each in one of the two sets`
        return E.left(invalidOption(where, `${option}.${name}[${i}]`, row, expected))
      }
    }
    // Marked afterwards: drawing a row twice within one set is a bootstrap, sharing it between sets a leak.
    if (name === 'fit') for (let i = 0; i < indices.length; i++) seen[indices[i]] = 1
  }
  return E.right(heldOut)
}

/** The rows that an evaluation names; where nothing is said, a random half to fit on, the other to score on. */
export const rowsOf = (
  where: string,
  rows: number,
  evaluation: HeldOutPlan | undefined,
  seed: number
): E.Either<MetricError, HeldOut> => {
  if (evaluation === undefined) return randomSplit(where, rows, 0.5, seed)
  if (evaluation !== 'in-sample') return checkHeldOut(where, 'evaluation', rows, evaluation)
  const all = Int32Array.from({ length: rows }, (_, i) => i)
  return E.right({ fit: all, score: all })
}
