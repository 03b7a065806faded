/** What can be wrong with what a report is to show. */
import type { Show } from 'fp-ts/lib/Show.js'

export type ReportError =
  /** A table of numbers that is ragged, or does not fit its labels. */
  | {
      readonly _tag: 'ShapeMismatch'
      readonly where: string
      readonly expected: string
      readonly actual: string
    }
  /** A number that cannot be drawn. */
  | { readonly _tag: 'NonFinite'; readonly where: string; readonly value: number }
  /** An anchor that is none, stands there twice, or is linked to and missing. */
  | { readonly _tag: 'WrongId'; readonly id: string; readonly expected: string }
  /** The drawing library failed. */
  | { readonly _tag: 'DrawingFailed'; readonly where: string; readonly reason: string }

/** One sentence for a person. */
export const message = (error: ReportError): string => {
  switch (error._tag) {
    case 'ShapeMismatch':
      return `${error.where}: expected ${error.expected}, found ${error.actual}`
    case 'NonFinite':
      return `${error.where}: ${error.value} cannot be drawn; every value must be finite`
    case 'WrongId':
      return `the id "${error.id}": expected ${error.expected}`
    case 'DrawingFailed':
      return `${error.where}: could not be drawn: ${error.reason}`
  }
}

export const showReportError: Show<ReportError> = { show: message }
