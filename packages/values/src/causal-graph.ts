/** Causal graphs as plain rows of 0 and 1. */
import { type Expectation, expectation } from './errors.js'

/** A table of 0 and 1, all rows equally long. Row = effect, column = cause. */
export type EdgeTable = ReadonlyArray<ReadonlyArray<number>>

/**
 * Which past latents and which actions influence each of d latents. Either part can be absent: a static problem has no
 * `latents`, one without actions no `actions`. A part with d empty rows counts as absent and still says what d is.
 *
 * @example
 * const graph: CausalGraph = { latents: [[1, 0], [1, 1]], actions: [[1], [0]] } // z0 → z1, a0 → z0, self-loops
 */
export interface CausalGraph {
  /** Gz, d × (lags · d), the most recent past first: entry (i, j) is 1 iff past latent j influences latent i. */
  readonly latents?: EdgeTable
  /** Ga, d × k: entry (i, l) is 1 iff action l influences latent i. */
  readonly actions?: EdgeTable
}

/** An entry of a table of edges that is neither 0 nor 1. */
export interface NotBinary extends Expectation<'NotBinary'> {
  readonly row: number
  readonly column: number
}

/** `what`: the table's name; the entry's indices are added. */
export const notBinary = (
  where: string,
  what: string,
  row: number,
  column: number,
  actual: unknown
): NotBinary => ({
  ...expectation('NotBinary')(where, `${what}[${row}][${column}]`, actual, '0 or 1'),
  row,
  column
})
