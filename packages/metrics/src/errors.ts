/** What can be wrong with what a user hands to this package. */
import {
  type Degenerate,
  type Expectation,
  expectation,
  type InvalidOption,
  type NotFinite,
  type ShapeMismatch,
  type TooFewRows
} from '@mechid/values'

/** An entry of a graph that is neither 0 nor 1. */
export interface NotBinary extends Expectation<'NotBinary'> {
  readonly row: number
  readonly column: number
}

export const notBinary = (
  where: string,
  graph: string,
  row: number,
  column: number,
  actual: unknown
): NotBinary => ({
  ...expectation('NotBinary')(where, `${graph}[${row}][${column}]`, actual, '0 or 1'),
  row,
  column
})

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
  /** Of `equivarianceError`: nothing moves. */
  | Degenerate
  | InvalidOption
