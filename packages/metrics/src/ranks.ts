/** Ranks of the values of each column, ties sharing their mean rank: what Spearman's correlation correlates. */
import type { Samples } from './samples.js'

/** How many of the sorted values are below `x` (or, with `orEqual`, at most `x`). */
const countBelow = (sorted: Float64Array, x: number, orEqual: boolean): number => {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle] < x || (orEqual && sorted[middle] === x)) low = middle + 1
    else high = middle
  }
  return low
}

/** Each value's rank within its column, counted from 1. */
export const ranks = ({ data, shape }: Samples): Samples => {
  const [rows, columns] = shape
  const out = new Float64Array(rows * columns)
  const sorted = new Float64Array(rows)
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < rows; i++) sorted[i] = data[i * columns + j]
    sorted.sort()
    for (let i = 0; i < rows; i++) {
      const x = data[i * columns + j]
      out[i * columns + j] = (countBelow(sorted, x, false) + countBelow(sorted, x, true) + 1) / 2
    }
  }
  return { data: out, shape }
}
