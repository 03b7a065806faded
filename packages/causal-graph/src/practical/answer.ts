/** What noise leaves open of one block. */
import type { BentRival } from './bent.js'
import type { UnrolledRival } from './unrolled.js'

/**
 * `practically unidentified`: the other model's log-likelihood is within what rows or training can tell; `testable`: it
 * is not; `none`: means fill the block's space, or stay on a straight line, so that there is no model of this kind;
 * `not covered`: the reason says why.
 */
export type RivalVerdict = 'practically unidentified' | 'testable' | 'none' | 'not covered'

export interface PracticalRival {
  /** A block: latents that the graph does not tell apart. */
  readonly latents: ReadonlyArray<number>
  readonly verdict: RivalVerdict
  /** The unrolled curve of means, where the verdict rests on it. */
  readonly rival?: UnrolledRival
  /** Rows at which an ideal learner prefers the truth at the given odds: log(odds) / expected log ratio a row. */
  readonly rowsNeeded?: number
  /** Two latents: the cheapest bend of the curve of which a linear map leaves 5 %; no part of the verdict. */
  readonly bend?: BentRival
  readonly explanation: string
}
