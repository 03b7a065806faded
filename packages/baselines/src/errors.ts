/** Everything that can go wrong with what a user hands to this package. */
import type { EstimatorError } from '@mechid/estimator'
import { type Tagged, tagged } from '@mechid/values'

/** A method needs other data than it was given. */
export interface NotApplicable extends Tagged<'NotApplicable'> {
  readonly method: string
  /** What the method needs. */
  readonly needs: string
  /** What the data are. */
  readonly actual: string
}

export const notApplicable = (method: string, needs: string, actual: string): NotApplicable =>
  tagged('NotApplicable', { method, needs, actual }, `${method}: the data are ${actual}, expected ${needs}`)

/** An error of a training of this package. */
export type BaselineError = EstimatorError | NotApplicable
