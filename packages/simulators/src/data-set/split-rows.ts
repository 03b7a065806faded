/** Rows for training, validation and test. */
import type { Generator } from '@mechid/random'

/** The rows of three disjoint sets. */
export interface Split {
  readonly train: Int32Array
  readonly validation: Int32Array
  readonly test: Int32Array
}

/**
 * Splits the rows 0 … `rows` − 1 at random. `validation` and `test` are shares in [0, 1); the rest is for training.
 *
 * When to use it: for rows or sequences that are independent of each other. Sequences are never cut.
 */
export const splitRows = (
  rows: number,
  { validation, test }: { readonly validation: number; readonly test: number },
  random: Generator
): Split => {
  const order = random.permutation(rows)
  const first = Math.floor(validation * rows)
  const second = first + Math.floor(test * rows)
  return { validation: order.slice(0, first), test: order.slice(first, second), train: order.slice(second) }
}
