/** Where a ladder of singular values is cut, and how sure that is. */
import * as E from 'fp-ts/lib/Either.js'
import { type Undecided, undecided } from '../errors.js'

/** A rank decision with its evidence. */
export interface RankDecision {
  /** All singular values, descending. The operator is scaled, so they carry no unit. */
  readonly ladder: Float64Array
  /** How many of them count as zero. */
  readonly nullity: number
  /** Values up to here are zero: by rounding, or by the tolerance that the caller stated. */
  readonly tolerance: number
  /** Ratio of the smallest value that counts to the largest that does not (or to the tolerance). */
  readonly gap: number
  /** The widest gap elsewhere below 1e-4: where the cut would be if not here. 1 if there is none. */
  readonly runnerUp: number
  /**
   * `clear`: only values up to the tolerance count as zero, and no other cut comes near. Else `narrow`; with a tolerance
   * that was stated, where some value lies within a factor of 10 of it.
   */
  readonly certainty: 'clear' | 'narrow'
  /** Where `narrow`: the singular value that might stand on the other side of the cut. */
  readonly inDoubt?: number
}

/** What counts as zero. */
export interface RankRule {
  /** Rounding in the operator: values up to here are zero. */
  readonly floor: number
  /** Stated by whoever knows how exact the operator is: then it alone decides. 0 or undefined: not stated. */
  readonly tolerance?: number
}

/** Singular values above this count whatever the gaps. */
const NEVER_ZERO = 1e-4
/** A gap smaller than this decides nothing. */
export const NEEDED_GAP = 1e3
const EPSILON = 2 ** -52

/** Rounding in an operator of norm about 1: 100 · max(rows, columns) · ε. */
export const roundingLevel = (rows: number, columns: number): number =>
  100 * Math.max(rows, columns) * EPSILON

/** Each place where the ladder may be cut, as the number of values that count and the gap there. */
const candidates = (ladder: Float64Array, floor: number): Array<readonly [rank: number, gap: number]> => {
  const found: Array<readonly [number, number]> = []
  for (let rank = 0; rank <= ladder.length; rank++) {
    const below = rank < ladder.length ? ladder[rank] : 0
    if (below >= NEVER_ZERO) continue
    // All values up to the floor are zero alike: no cut between them.
    if (rank > 0 && ladder[rank - 1] <= floor) break
    const above = rank > 0 ? ladder[rank - 1] : Number.POSITIVE_INFINITY
    found.push([rank, (rank > 0 ? above : Math.max(1, floor)) / Math.max(below, floor)])
  }
  return found
}

const byGap = (where: string, ladder: Float64Array, floor: number): E.Either<Undecided, RankDecision> => {
  const [best, ...others] = candidates(ladder, floor).sort((a, b) => b[1] - a[1])
  if (best === undefined || best[1] < NEEDED_GAP)
    return E.left(undecided(where, Array.from(ladder), best?.[1] ?? 1, NEEDED_GAP))
  const [rank, gap] = best
  const runnerUp = others[0]?.[1] ?? 1
  const decided = { ladder, nullity: ladder.length - rank, tolerance: floor, gap, runnerUp }
  // What lies above rounding and counts as zero does so for want of a better cut.
  if (rank < ladder.length && ladder[rank] > floor)
    return E.right({ ...decided, certainty: 'narrow', inDoubt: ladder[rank] })
  return E.right(
    gap >= NEEDED_GAP * runnerUp
      ? { ...decided, certainty: 'clear' }
      : { ...decided, certainty: 'narrow', inDoubt: ladder[rank - 1] }
  )
}

/** A value as near to the tolerance as this, relative to it, is on neither side. */
const AT = 1e-6
/** Within this factor of the tolerance, a value counts or not by a hair. */
const NEAR = 10

const byTolerance = (
  where: string,
  ladder: Float64Array,
  floor: number,
  stated: number
): E.Either<Undecided, RankDecision> => {
  const tolerance = Math.max(stated, floor)
  const rank = ladder.reduce((count, x) => count + (x > tolerance ? 1 : 0), 0)
  const [above, below] = [rank > 0 ? ladder[rank - 1] : undefined, ladder[rank]]
  const gap = (above ?? Math.max(1, tolerance)) / tolerance
  const at = ladder.find((x) => stated > floor && Math.abs(x - stated) <= Math.max(floor, AT * stated))
  if (at !== undefined)
    return E.left(undecided(where, Array.from(ladder), gap, NEEDED_GAP, { value: at, tolerance: stated }))
  const near = [above, below].find(
    (x) => x !== undefined && x > floor && x < NEAR * tolerance && NEAR * x > tolerance
  )
  const decided = { ladder, nullity: ladder.length - rank, tolerance, gap, runnerUp: 1 }
  return E.right(
    near === undefined
      ? { ...decided, certainty: 'clear' }
      : { ...decided, certainty: 'narrow', inDoubt: near }
  )
}

/**
 * Cuts a descending ladder. A stated tolerance decides: values up to it are zero, all others count (a matrix known up to
 * ΔM has tolerance 2‖ΔM‖₂, by Weyl's inequality). Without one, the cut is at the largest logarithmic gap below 1e-4,
 * and values up to the floor are zero alike; where a value above the floor falls below the cut, the answer is `narrow`
 * and names it.
 *
 * Errors: `Undecided` where no gap reaches 1e3, or a value lies at the stated tolerance.
 *
 * @example
 * decideRank('example', Float64Array.of(1, 0.3, 1e-16), { floor: 1e-13 }) // right({ nullity: 1, gap: 3e12, … })
 */
export const decideRank = (
  where: string,
  ladder: Float64Array,
  { floor, tolerance = 0 }: RankRule
): E.Either<Undecided, RankDecision> =>
  tolerance > 0 ? byTolerance(where, ladder, floor, tolerance) : byGap(where, ladder, floor)
