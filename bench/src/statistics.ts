/** Statistics of the times of pairs of runs. */

/** The value below which a share `p` of the numbers lies, interpolated. */
export const quantile = (values: readonly number[], p: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const at = p * (sorted.length - 1)
  const low = Math.floor(at)
  const high = Math.min(low + 1, sorted.length - 1)
  return sorted[low] + (at - low) * (sorted[high] - sorted[low])
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** One run of ours and the run of the peer that followed it, in seconds. */
export interface Pair {
  readonly ours: number
  readonly peer: number
}

export interface Summary {
  /** Medians, in seconds. */
  readonly ours: number
  readonly peer: number
  /** Median of peer / ours over the pairs: above 1 we are faster. */
  readonly ratio: number
  /** The quartiles of the ratio: half of the pairs lie between. */
  readonly quartiles: readonly [low: number, high: number]
}

/**
 * Medians, so that a run delayed by other work does not count; and ratios pair by pair, since what slows the machine for
 * seconds slows both runs of a pair.
 */
export const summarize = (pairs: readonly Pair[]): Summary => {
  const ratios = pairs.map(({ ours, peer }) => peer / ours)
  return {
    ours: median(pairs.map((pair) => pair.ours)),
    peer: median(pairs.map((pair) => pair.peer)),
    ratio: median(ratios),
    quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)]
  }
}
