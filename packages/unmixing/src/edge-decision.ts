/** Which causes are edges: a cut through what each is worth, with the gap that it lies in. */

import { edgesOfTwoGroups } from './two-groups.js'

/** Rows of 0 and 1, and where the line between them was drawn. */
export interface EdgeDecision {
  /** [d][causes] */
  readonly edges: number[][]
  /** Worth relative to that of the same latent's strongest cause: the least that counts as an edge. */
  readonly threshold: number
  /** The smallest relative worth above the line over the largest below it. */
  readonly gap: number
  /** Whether the gap is wide enough to call. */
  readonly clear: boolean
}

/** The line is sought between these relative worths: an edge within has to stand out from those below it. */
const LOWEST = 0.008
const HIGHEST = 0.5
/** What a second cause is worth at least, where only the strongest ones would be edges otherwise. */
const WEAK_EDGE = 0.1
/** Nats a row that a latent's strongest cause must be worth; below, it has none. */
const NEGLIGIBLE = 3e-3
/**
 * Share of what the strongest causes are worth in the median latent. A latent whose strongest one is worth less is compared
 * with this instead: where it has no cause at all, what distorts latents must not be taken for some.
 */
const WEAK_LATENT = 0.1
/** A narrower gap is not clear. */
const CLEAR_GAP = 2

/**
 * Worth, in nats a row, relative to that of the same latent's strongest cause (row = effect, column = cause): 0 where that one is negligible,
 * and below 1 where it is worth little beside those of other latents.
 */
export const relativeWorth = (worth: ReadonlyArray<ReadonlyArray<number>>): number[][] => {
  const strongest = worth.map((row) => Math.max(...row))
  const median = [...strongest].sort((x, y) => x - y)[Math.floor(strongest.length / 2)] ?? 0
  return worth.map((row, i) => {
    const unit = Math.max(strongest[i], WEAK_LATENT * median)
    return row.map((value) => (strongest[i] > NEGLIGIBLE ? Math.max(0, value) / unit : 0))
  })
}

/** So many of the sorted relative worths are edges, and by how much they stand out. */
interface Line {
  readonly cut: number
  readonly widest: number
}

/** The line in the widest gap of worths, the largest first; `strongest` of them are 1. */
const widestGap = (sorted: readonly number[], strongest: number): Line => {
  const at = (k: number): number => sorted[k] ?? 0
  let cut = Math.min(strongest, sorted.length)
  // Nothing but the strongest cause of each latent, if all others stay far below a weak edge.
  let widest = strongest === 0 ? Number.POSITIVE_INFINITY : WEAK_EDGE / Math.max(at(strongest), LOWEST)
  for (let k = strongest + 1; k <= sorted.length && at(k - 1) >= LOWEST; k++) {
    const lower = Math.max(at(k), LOWEST)
    if (lower <= HIGHEST && at(k - 1) / lower > widest) {
      widest = at(k - 1) / lower
      cut = k
    }
  }
  return { cut, widest }
}

/** What draws the line: how many of the sorted relative worths are edges. */
type DrawLine = (sorted: readonly number[], strongest: number) => number

const decided = (
  worth: ReadonlyArray<ReadonlyArray<number>>,
  count: number | undefined,
  draw: DrawLine
): EdgeDecision => {
  const scaled = relativeWorth(worth)
  const sorted = scaled
    .flat()
    .filter((value) => value > 0)
    .sort((x, y) => y - x)
  const at = (k: number): number => sorted[k] ?? 0
  const strongest = sorted.filter((value) => value === 1).length
  const cut = Math.min(count ?? draw(sorted, strongest), sorted.length)
  const lowestKept = cut === 0 ? Number.POSITIVE_INFINITY : at(cut - 1)
  const highestLeft = Math.max(at(cut), 1e-12)
  const threshold = cut === 0 ? 1 : Math.sqrt(lowestKept * Math.max(highestLeft, LOWEST / 4))
  const gap = lowestKept / Math.max(highestLeft, LOWEST / 4)
  const edges = scaled.map((row) => row.map((value) => (value >= lowestKept ? 1 : 0)))
  return { edges, threshold, gap, clear: cut === 0 || gap >= CLEAR_GAP }
}

/**
 * Edges by their worth, in nats a row: row = effect, column = cause. With `count`, the so many most valuable ones; else
 * the cut lies in the widest gap of the relative worths. An encoder that distorts latents a little makes every cause of a
 * strong effect worth something everywhere, so worths are compared within a row first.
 */
export const decideEdges = (worth: ReadonlyArray<ReadonlyArray<number>>, count?: number): EdgeDecision =>
  decided(worth, count, (sorted, strongest) => widestGap(sorted, strongest).cut)

/** A gap as wide as this is believed. In codes of trainings the widest one was 1.3 to 2.2, in noisy ones without bends 16 or more. */
const WIDE_GAP = 4

/**
 * The same for the values of one discrete action. Codes bend where a value moves them far, so that some others are worth a third of an
 * edge, and the widest gap may lie among them. Where it is not wide, the line lies among worths that may be those of edges and
 * of others, by how both are spread.
 */
export const decideInterventions = (
  worth: ReadonlyArray<ReadonlyArray<number>>,
  count?: number
): EdgeDecision =>
  decided(worth, count, (sorted, strongest) => {
    const { cut, widest } = widestGap(sorted, strongest)
    return widest >= WIDE_GAP ? cut : (edgesOfTwoGroups(sorted) ?? cut)
  })
