/** Where a ladder of singular values is cut, and how sure that is. */
import * as E from 'fp-ts/lib/Either.js'
import { type Undecided, undecided } from '../errors.js'

/** A rank decision with its evidence. */
export interface RankDecision {
  /** All singular values, descending. The operator is scaled, so they carry no unit. */
  readonly ladder: Float64Array
  /** How many of them count as zero. */
  readonly nullity: number
  /** Values up to here are zero by rounding, or by the tolerance that the caller stated. */
  readonly tolerance: number
  /** Ratio of the smallest value that counts to the largest that does not (or to the tolerance). */
  readonly gap: number
  /** The widest gap elsewhere below 1e-4: where the cut would be if not here. 1 if there is none. */
  readonly runnerUp: number
  /** `clear`: the gap beats the runner-up by a factor of 1e3; else `narrow`. */
  readonly certainty: 'clear' | 'narrow'
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
const candidates = (ladder: Float64Array, tolerance: number): Array<readonly [rank: number, gap: number]> => {
  const found: Array<readonly [number, number]> = []
  for (let rank = 0; rank <= ladder.length; rank++) {
    const below = rank < ladder.length ? ladder[rank] : 0
    if (below >= NEVER_ZERO) continue
    // All values within the tolerance are zero alike: no cut between them.
    if (rank > 0 && ladder[rank - 1] <= tolerance) break
    const above = rank > 0 ? ladder[rank - 1] : Number.POSITIVE_INFINITY
    found.push([rank, (rank > 0 ? above : Math.max(1, tolerance)) / Math.max(below, tolerance)])
  }
  return found
}

/**
 * Cuts a descending ladder at the largest logarithmic gap below 1e-4; values up to `tolerance` are zero. A
 * matrix known up to ΔM has tolerance 2‖ΔM‖₂ (Weyl's inequality).
 *
 * Errors: `Undecided` where no gap reaches 1e3.
 *
 * @example
 * decideRank('example', Float64Array.of(1, 0.3, 1e-16), 1e-13) // right({ nullity: 1, gap: 3e12, … })
 */
export const decideRank = (
  where: string,
  ladder: Float64Array,
  tolerance: number
): E.Either<Undecided, RankDecision> => {
  const places = candidates(ladder, tolerance)
  const [best, ...others] = [...places].sort((a, b) => b[1] - a[1])
  if (best === undefined || best[1] < NEEDED_GAP)
    return E.left(undecided(where, Array.from(ladder), best?.[1] ?? 1, NEEDED_GAP))
  const runnerUp = others[0]?.[1] ?? 1
  return E.right({
    ladder,
    nullity: ladder.length - best[0],
    tolerance,
    gap: best[1],
    runnerUp,
    certainty: best[1] >= NEEDED_GAP * runnerUp ? 'clear' : 'narrow'
  })
}
