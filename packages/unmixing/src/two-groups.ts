/**
 * Edges and others as two groups of worths: what others are worth is seen in the data, bends of codes included (B. Efron 2004,
 * the empirical null and its local false discovery rate).
 */

/** A normal distribution of logarithms. */
interface Group {
  readonly share: number
  readonly mean: number
  readonly deviation: number
}

/** Relative worths that are taken for edges at first. */
const FIRST_LINE = 0.35
/** Less counts as this: how far below chance a worth is says nothing. */
const LEAST_WORTH = 1e-6
const ITERATIONS = 200
/** Deviations of logarithms are no smaller than this: a few edges may be alike by chance. */
const LEAST_DEVIATION = 0.1
/** Fewer of either group say nothing of its spread. */
const LEAST_GROUP = 5

/** The group of logarithms with these weights. */
const groupOf = (logs: Float64Array, weight: (at: number) => number): Group => {
  let [total, sum, squares] = [0, 0, 0]
  for (let i = 0; i < logs.length; i++) {
    const w = weight(i)
    total += w
    sum += w * logs[i]
    squares += w * logs[i] ** 2
  }
  const mean = sum / total
  return {
    share: total / logs.length,
    mean,
    deviation: Math.max(LEAST_DEVIATION, Math.sqrt(Math.max(0, squares / total - mean ** 2)))
  }
}

/** log share · density, beyond the mean on the side `away` from the other group as high as at the mean. */
const logDensity = ({ share, mean, deviation }: Group, log: number, away: 1 | -1): number => {
  const z = away * (log - mean) > 0 ? 0 : (log - mean) / deviation
  return Math.log(share) - Math.log(deviation) - 0.5 * z * z
}

/** Worths that are edges with a probability between these are undecided. */
const SURELY = 0.95

/**
 * How many of some relative worths (see `relativeWorth`; positive ones, the largest first) are rather those of edges than of
 * others: the line lies in the widest gap among those that are undecided. undefined where either group is too small to tell.
 */
export const edgesOfTwoGroups = (sorted: readonly number[]): number | undefined => {
  const logs = Float64Array.from(sorted, (value) => Math.log(Math.max(value, LEAST_WORTH)))
  let edge = Float64Array.from(sorted, (value) => Number(value > FIRST_LINE))
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const total = edge.reduce((sum, value) => sum + value, 0)
    if (Math.min(total, logs.length - total) < LEAST_GROUP) return undefined
    const [above, below] = [groupOf(logs, (i) => edge[i]), groupOf(logs, (i) => 1 - edge[i])]
    const next = logs.map((log) => 1 / (1 + Math.exp(logDensity(below, log, -1) - logDensity(above, log, 1))))
    const change = next.reduce((most, value, i) => Math.max(most, Math.abs(value - edge[i])), 0)
    edge = next
    if (change < 1e-6) break
  }
  const first = edge.findIndex((value) => value < SURELY)
  const last = edge.findIndex((value) => value < 1 - SURELY)
  if (first < 0 || last < 0) return undefined
  let cut = Math.max(1, first)
  for (let count = cut; count <= last; count++)
    if (logs[count - 1] - logs[count] > logs[cut - 1] - logs[cut]) cut = count
  return cut
}
