/** Numerical ranks with a stated tolerance, and what a deficient matrix lacks. */
import { rightSvd, zeros } from '@mechid/numerics'

/** The default: singular values up to this count as 0, relative to the largest, once columns are scaled to norm 1. */
export const RANK_TOLERANCE = 1e-6

/** The smallest singular value that counts has to be this many times the largest that does not. */
export const REQUIRED_GAP = 1e3

/** A singular value of 0 comes back below this times the larger side of the matrix. */
const ROUNDING = 100 * Number.EPSILON

export interface RankDecision {
  readonly rank: number
  readonly needed: number
  /** The smallest singular value that counts, relative to the largest; 0 where none counts. */
  readonly smallest: number
  /** That, divided by the largest that does not count, or by what rounding makes of 0. */
  readonly gap: number
  readonly decided: boolean
  readonly tolerance: number
  /** Columns that are zero: nothing varies there. */
  readonly constant: number[]
  /** Columns that vary only together with one another. */
  readonly lockstep: number[]
}

/** A column is zero where its norm is below this share of the largest column's. */
const ZERO_COLUMN = 1e-12

/** Members of the null space weigh a column by more than this where the column takes part. */
const TAKES_PART = 1e-4

/**
 * The rank of the matrix with these rows, its columns scaled to norm 1 (units of latents do not matter).
 * `needed` is the number of columns: full column rank says that the rows span all coordinates.
 */
export const decideRank = (
  rows: ReadonlyArray<ReadonlyArray<number>>,
  needed: number,
  tolerance: number = RANK_TOLERANCE
): RankDecision => {
  const norms = Array.from({ length: needed }, (_, j) => Math.hypot(...rows.map((row) => row[j])))
  const largest = Math.max(0, ...norms)
  const kept = [...norms.keys()].filter((j) => norms[j] > ZERO_COLUMN * largest)
  const constant = [...norms.keys()].filter((j) => !kept.includes(j))
  if (kept.length === 0)
    return { rank: 0, needed, smallest: 0, gap: Infinity, decided: true, tolerance, constant, lockstep: [] }
  const scaled = zeros(rows.length, kept.length)
  rows.forEach((row, r) => {
    kept.forEach((j, c) => {
      scaled.data[r * kept.length + c] = row[j] / norms[j]
    })
  })
  const { values, vectors } = rightSvd(scaled)
  const relative = values.map((value) => value / values[0])
  const rank = relative.filter((value) => value > tolerance).length
  const smallest = relative[rank - 1]
  const gap = smallest / Math.max(relative[rank] ?? 0, ROUNDING * Math.max(rows.length, needed))
  const lockstep = kept.filter((_, c) =>
    values.some((_value, k) => k >= rank && Math.abs(vectors.data[c * kept.length + k]) > TAKES_PART)
  )
  return { rank, needed, smallest, gap, decided: gap >= REQUIRED_GAP, tolerance, constant, lockstep }
}
