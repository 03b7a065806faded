/** What can be wrong with the content of a report. */
import {
  type Expectation,
  expectation,
  type InvalidOption,
  type NotFinite,
  reasonOf,
  type ShapeMismatch,
  type Tagged,
  tagged
} from '@mechid/values'

/** An anchor that is malformed, repeated, or linked to and missing. */
export interface WrongId extends Expectation<'WrongId'> {
  readonly id: string
}

export const wrongId = (where: string, what: string, id: string, expected: string): WrongId => ({
  ...expectation('WrongId')(where, what, `"${id}"`, expected),
  id
})

/** The drawing library failed. */
export interface DrawingFailed extends Tagged<'DrawingFailed'> {
  readonly where: string
  readonly reason: string
}

export const drawingFailed = (where: string, thrown: unknown): DrawingFailed => {
  const reason = reasonOf(thrown)
  return tagged('DrawingFailed', { where, reason }, `${where}: the picture could not be drawn (${reason})`)
}

export type ReportError = DrawingFailed | InvalidOption | NotFinite | ShapeMismatch | WrongId
