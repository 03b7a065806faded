/** What can be wrong with what a user hands to this package. */
import type { Show } from 'fp-ts/lib/Show.js'

/** Every error says where it arose, what was given and what would be right. */
export type MetricError =
  /** An array's shape does not fit its data, or another array's. */
  | {
      readonly _tag: 'ShapeMismatch'
      readonly where: string
      readonly expected: string
      readonly actual: string
    }
  | { readonly _tag: 'TooFewRows'; readonly where: string; readonly needed: number; readonly actual: number }
  /** A value that is NaN or infinite; row and column count from 0. */
  | {
      readonly _tag: 'NonFinite'
      readonly where: string
      readonly row: number
      readonly column: number
      readonly value: number
    }
  /** A graph that is ragged, or has entries other than 0 and 1. */
  | { readonly _tag: 'BadGraph'; readonly where: string; readonly expected: string; readonly actual: string }
  /** An assignment that names a latent twice, or one that does not exist. */
  | {
      readonly _tag: 'BadAssignment'
      readonly where: string
      readonly expected: string
      readonly actual: string
    }
  /** Data that never vary or move, where a score divides by how much they do. */
  | { readonly _tag: 'NoVariation'; readonly where: string; readonly expected: string }
  | {
      readonly _tag: 'BadOption'
      readonly option: string
      readonly expected: string
      readonly actual: string
    }

/** One sentence for a person. */
export const message = (error: MetricError): string => {
  switch (error._tag) {
    case 'ShapeMismatch':
    case 'BadGraph':
    case 'BadAssignment':
      return `${error.where}: expected ${error.expected}, found ${error.actual}`
    case 'TooFewRows':
      return `${error.where}: ${error.actual} rows, at least ${error.needed} are needed`
    case 'NonFinite':
      return `${error.where}: ${error.value} at row ${error.row}, column ${error.column} (counted from 0); every value must be finite`
    case 'NoVariation':
      return `${error.where}: no variation to divide by; expected ${error.expected}`
    case 'BadOption':
      return `option ${error.option}: expected ${error.expected}, found ${error.actual}`
  }
}

export const showMetricError: Show<MetricError> = { show: message }
