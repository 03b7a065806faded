/** What is forecast of training. */
import type { VisibleShare } from './visible-share.js'

/**
 * `one start`: a typical random start sees enough of the row; `more starts`: one of up to `mostStarts` does;
 * `out of reach`: probably none of them does; `nothing`: the row has no signal of its own, for it moves like all others.
 */
export type Reach = 'one start' | 'more starts' | 'out of reach' | 'nothing'

export interface RowForecast {
  readonly row: number
  readonly reach: Reach
  /** The share of what the row's mean does that is visible from a typical random start, 0 to 1. */
  readonly visible: number
  /** The overlap at which the threshold is reached. */
  readonly overlapNeeded: number
  /** Starts until one of them has it; 0 where there is nothing to find. */
  readonly starts: number
  /** The share of order two and more in what past latents do to it; undefined where they do nothing, or it was sampled. */
  readonly nonlinear?: number
}

/** One step of a search that goes row by row, orthogonally to what was found. */
export interface SearchStep {
  readonly row: number
  /** How many directions are left to search in. */
  readonly dimensions: number
  readonly visible: number
  /** Until one of them sees enough of some row that is left. */
  readonly starts: number
}

export interface Trainability {
  readonly rows: ReadonlyArray<RowForecast>
  /** The rows that even `mostStarts` random starts will probably miss when all directions are searched at once. */
  readonly outOfReach: ReadonlyArray<number>
  /** Easy ones first: each row once, with what is left to search after those before it. */
  readonly order: ReadonlyArray<SearchStep>
  /** Suggested number of starts for each step of such a search: the most that one needs, at most `mostStarts`. */
  readonly starts: number
  /** The typical overlap of a random start with a row: 1/√d. */
  readonly overlap: number
  /** `hermite`: exact, for additive means; `sampled`: from draws. */
  readonly method: VisibleShare['method']
  readonly threshold: number
  readonly explanation: ReadonlyArray<string>
}
