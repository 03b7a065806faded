/**
 * Interventions: columns of 0 and 1, the values of one discrete action. What a value does is seen in the rows that have it
 * alone, however few they are, so it is measured there and not over all rows.
 */

/** A discrete action by its columns of 0 and 1, of which at most one is 1 in any row. */
export interface Interventions {
  /** The column that acts in each row; the number of columns where none does. */
  readonly of: Int32Array
  /** Rows in which each column acts, and last those in which none does. */
  readonly counts: Int32Array
  /** Whether one column acts in every row. Effects are then known up to what all values have in common. */
  readonly full: boolean
}

/** Two columns or more of 0 and 1, at most one of which is 1 in any row; undefined for others. */
export const interventionsOf = (columns: readonly Float64Array[]): Interventions | undefined => {
  const k = columns.length
  if (k < 2) return undefined
  const rows = columns[0].length
  const of = new Int32Array(rows).fill(k)
  const counts = new Int32Array(k + 1)
  for (let r = 0; r < rows; r++) {
    for (let l = 0; l < k; l++) {
      if (columns[l][r] === 0) continue
      if (columns[l][r] !== 1 || of[r] !== k) return undefined
      of[r] = l
    }
    counts[of[r]]++
  }
  return { of, counts, full: counts[k] === 0 }
}

/** What is counted of rows that have a value: their mean, and what is left about the means of all values. */
export interface ValueMoments {
  /** [values + 1, d], zeros of values that no row has. */
  readonly means: Float64Array
  /** Covariance within values, [d, d]. */
  readonly within: Float64Array
}

/** Means of rows of `codes` [n, d] by value, and their covariance about them. */
export const momentsByValue = (
  { of, counts }: Interventions,
  codes: Float64Array,
  d: number
): ValueMoments => {
  const rows = of.length
  const means = new Float64Array(counts.length * d)
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < d; j++) means[of[r] * d + j] += codes[r * d + j] / counts[of[r]]
  }
  const within = new Float64Array(d * d)
  const free = Math.max(1, rows - counts.filter((count) => count > 0).length)
  const away = new Float64Array(d)
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < d; j++) away[j] = codes[r * d + j] - means[of[r] * d + j]
    for (let i = 0; i < d; i++) for (let j = 0; j <= i; j++) within[i * d + j] += (away[i] * away[j]) / free
  }
  for (let i = 0; i < d; i++) {
    within[i * d + i] += 1e-9
    for (let j = 0; j < i; j++) within[j * d + i] = within[i * d + j]
  }
  return { means, within }
}

/**
 * An effect δ of a 0/1 column counts as if half of all rows had it: δ² / 4, the variance that it then gives. A balanced
 * column counts as before, and a rare one as much as if it were not.
 */
export const BALANCED = 0.25

/**
 * The factor that turns the variance that a column gives to a latent into what it would give if it were balanced:
 * 1 / (4 p (1 − p)) of a column of two values, the rarer of which has the share p; 1 of any other.
 */
export const balance = (values: ArrayLike<number>, binary: boolean): number => {
  if (!binary) return 1
  let same = 0
  for (let r = 0; r < values.length; r++) if (values[r] === values[0]) same++
  const share = same / values.length
  return share === 1 ? 1 : BALANCED / (share * (1 - share))
}

/** Deviations, in squared noise variances over four, up to which a level counts as that of most values. */
const SAME_LEVEL = 0.1

/** How far a level is from another, as half of all rows would show it. */
const apart = (a: number, b: number, variance: number): number => (BALANCED * (a - b) ** 2) / variance

/** Σ over values of 1 / (1 + how far each is): how many values stay at a place. */
const staying = (counts: Int32Array, distance: (value: number) => number): number => {
  let sum = 0
  for (let v = 0; v < counts.length; v++) if (counts[v] > 0) sum += 1 / (1 + distance(v))
  return sum
}

/** The value at which `staying` is largest; of equal ones that with most rows. */
const most = (counts: Int32Array, score: (value: number) => number): number => {
  let [best, at] = [Number.NEGATIVE_INFINITY, 0]
  const rows = counts.reduce((sum, count) => sum + count, 0)
  for (let v = 0; v < counts.length; v++) {
    if (counts[v] === 0) continue
    // Rows weigh less than any value that stays.
    const value = score(v) + (0.5 * counts[v]) / rows
    if (value > best) [best, at] = [value, v]
  }
  return at
}

/**
 * The level of a latent that the action leaves alone. Where some rows have no value it is theirs; else that of most values,
 * since the fewest edges are sought. `levels` by value, `variance` of the noise about them.
 */
export const restingLevel = (
  { counts, full }: Interventions,
  levels: ArrayLike<number>,
  variance: number
): number => {
  if (!full) return levels[counts.length - 1]
  const at = most(counts, (v) => staying(counts, (u) => apart(levels[u], levels[v], variance)))
  let [sum, rows] = [0, 0]
  for (let v = 0; v < counts.length; v++) {
    if (counts[v] === 0 || apart(levels[v], levels[at], variance) > SAME_LEVEL) continue
    sum += counts[v] * levels[v]
    rows += counts[v]
  }
  return sum / rows
}

const ITERATIONS = 100
/** Noise standard deviations from the centre within which a value is taken for one that moves nothing. */
const SNAP = 2

/**
 * Where codes are when nothing acts, as far as that can be said before latents are known: the mean of the rows without a
 * value or, where there are none, the geometric median of the means of values (E. Weiszfeld 1937), which few of them pull
 * far. A value close to it, such as a control, is taken instead. `distance`: length in noise standard deviations.
 */
export const restingMean = (
  { counts, full }: Interventions,
  { means }: ValueMoments,
  distance: (difference: Float64Array) => number,
  d: number
): Float64Array => {
  const at = (v: number): Float64Array => means.subarray(v * d, (v + 1) * d)
  if (!full) return at(counts.length - 1).slice()
  const values = Array.from(counts.keys()).filter((v) => counts[v] > 0)
  let centre = new Float64Array(d)
  const from = (v: number): number => distance(centre.map((x, j) => at(v)[j] - x))
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const next = new Float64Array(d)
    let total = 0
    for (const v of values) {
      const weight = 1 / (from(v) + 1e-3)
      total += weight
      for (let j = 0; j < d; j++) next[j] += weight * at(v)[j]
    }
    centre = next.map((x) => x / total)
  }
  const nearest = values.reduce((best, v) => (from(v) < from(best) ? v : best), values[0])
  return from(nearest) < SNAP ? at(nearest).slice() : centre
}
