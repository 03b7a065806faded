/** Quantiles of a list of numbers. */

/** The p-quantile, p in [0, 1], of ascending values, interpolated between neighbours. */
export const quantile = (sorted: ArrayLike<number>, p: number): number => {
  const at = p * (sorted.length - 1)
  const low = Math.floor(at)
  const high = Math.min(low + 1, sorted.length - 1)
  return sorted[low] + (at - low) * (sorted[high] - sorted[low])
}

/** The middle value, or the mean of the two in the middle. */
export const median = (values: ReadonlyArray<number>): number =>
  quantile(Float64Array.from(values).sort(), 0.5)

/** The largest value and the next; where there is but one, the next is 0. For values of 0 or more. */
export const twoLargest = (values: ReadonlyArray<number>): readonly [number, number] => {
  let first = 0
  let second = 0
  for (const value of values) {
    if (value > first) {
      second = first
      first = value
    } else if (value > second) second = value
  }
  return [first, second]
}
