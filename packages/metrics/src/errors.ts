/** What can be wrong with what a user hands to this package. */
import {
  type Degenerate,
  type Expectation,
  expectation,
  type InvalidOption,
  type NotBinary,
  type NotFinite,
  type ShapeMismatch,
  type TooFewRows
} from '@mechid/values'

/** An assignment that names a learned latent twice, one that does not exist, or none where there has to be one. */
export type BadAssignment = Expectation<'BadAssignment'>
export const badAssignment = expectation('BadAssignment')

/** What a score can fail with. */
export type MetricError =
  | ShapeMismatch
  | TooFewRows
  | NotFinite
  | NotBinary
  | BadAssignment
  /** Of `equivarianceError`: nothing moves. Of a lasso: its minimum was not reached. */
  | Degenerate
  | InvalidOption
