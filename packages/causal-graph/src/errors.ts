/** What can be wrong with what a user hands to this package. */
import {
  type Degenerate,
  type Expectation,
  expectation,
  type InvalidOption,
  type NotBinary,
  type NotFinite,
  type NotInvertible,
  type NotPermutation,
  type SearchLimit,
  type ShapeMismatch,
  type Tagged,
  type TooFewRows,
  tagged,
  type UnknownName
} from '@mechid/values'

/** An entry of a matrix, or of a map's Jacobian, that the pattern forbids. */
export interface NotPreserving extends Expectation<'NotPreserving'> {
  readonly row: number
  readonly column: number
}

export const notPreserving = (
  where: string,
  what: string,
  row: number,
  column: number,
  actual: number
): NotPreserving => ({
  ...expectation('NotPreserving')(where, what, actual, '0 as the pattern has there'),
  row,
  column
})

/** What was asked for cannot be had. */
export interface Impossible extends Tagged<'Impossible'> {
  readonly where: string
  /** Each a clause without a full stop. */
  readonly reasons: ReadonlyArray<string>
}

export const impossible = (where: string, reasons: ReadonlyArray<string>): Impossible =>
  tagged(
    'Impossible',
    { where, reasons },
    `${where}: what was asked for is impossible, since ${reasons.join('; ')}`
  )

/** A document (JSON, graphology) that is not a graph; `what` is the path to what is wrong. */
export type Unreadable = Expectation<'Unreadable'>
export const unreadable = expectation('Unreadable')

/** Rows, columns and positions count from 0. */
export type GraphError =
  | Degenerate
  | Impossible
  | InvalidOption
  | NotBinary
  | NotFinite
  | NotInvertible
  | NotPermutation
  | NotPreserving
  | SearchLimit
  | ShapeMismatch
  | TooFewRows
  | UnknownName
  | Unreadable
