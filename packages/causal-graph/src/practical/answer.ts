/** What noise leaves open of one block. */
import type { BentRival } from './bent.js'
import type { UnrolledRival } from './unrolled.js'

/**
 * `practically unidentified`: rows or training cannot tell the other model's log-likelihood from the true one's;
 * `testable`: they can; `none`: there is no model of this kind, for the means fill the block's space or stay on a straight
 * line; `not covered`: the explanation says why.
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
  /** For two latents: the cheapest bend that a linear map leaves 5 % short. It plays no part in the verdict. */
  readonly bend?: BentRival
  readonly explanation: string
}
