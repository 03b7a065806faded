/** What can be wrong with what a user hands to this package. */
import {
  type DefinitionThrew,
  type InvalidOption,
  type NotFinite,
  type ShapeMismatch,
  shapeMismatch,
  type Tagged,
  tagged,
  type UnknownName
} from '@mechid/values'

/** An output that no point tried makes finite (or, for a scale, positive). */
export interface NeverDefined extends Tagged<'NeverDefined'> {
  readonly where: string
  /** Counted from 0. */
  readonly output: number
  readonly expected: 'finite' | 'positive'
  readonly triedPoints: number
}

export const neverDefined = (
  where: string,
  output: number,
  expected: 'finite' | 'positive',
  triedPoints: number
): NeverDefined =>
  tagged(
    'NeverDefined',
    { where, output, expected, triedPoints },
    `${where}: output ${output} (counted from 0) is not ${expected} at any of ${triedPoints} points tried, expected a ${expected} value wherever the mechanism is used`
  )

export type MechanismError =
  | DefinitionThrew
  | InvalidOption
  | NeverDefined
  | NotFinite
  | ShapeMismatch
  | UnknownName

/** A list, or the list that a function returns, with the wrong number of entries. */
export const wrongLength = (where: string, list: string, expected: number, actual: number): ShapeMismatch =>
  shapeMismatch(where, `the length of ${list}`, actual, String(expected))
