/** What can be wrong with what a user hands to this package. */
import type { Show } from 'fp-ts/lib/Show.js'

/** Every error says where it arose, what was given and what would be right. */
export type UnmixingError =
  /** An array's shape does not fit its data, or another array's. */
  | {
      readonly _tag: 'ShapeMismatch'
      readonly where: string
      readonly expected: string
      readonly actual: string
    }
  | { readonly _tag: 'TooFewRows'; readonly where: string; readonly needed: number; readonly actual: number }
  /** A value that is NaN or infinite; row (of all frames, end to end) and column count from 0. */
  | {
      readonly _tag: 'NonFinite'
      readonly where: string
      readonly row: number
      readonly column: number
      readonly value: number
    }
  /** Codes that do not vary in as many directions as there shall be latents. */
  | {
      readonly _tag: 'Degenerate'
      readonly where: string
      readonly expected: string
      readonly actual: string
    }
  /** Static codes without actions: nothing tells latents apart. */
  | { readonly _tag: 'NoMechanism'; readonly where: string; readonly expected: string }
  | {
      readonly _tag: 'BadOption'
      readonly option: string
      readonly expected: string
      readonly actual: string
    }
  | { readonly _tag: 'Aborted'; readonly where: string }

/** One sentence for a person. */
export const message = (error: UnmixingError): string => {
  switch (error._tag) {
    case 'ShapeMismatch':
    case 'Degenerate':
      return `${error.where}: expected ${error.expected}, found ${error.actual}`
    case 'TooFewRows':
      return `${error.where}: ${error.actual} rows, at least ${error.needed} are needed`
    case 'NonFinite':
      return `${error.where}: ${error.value} at row ${error.row}, column ${error.column} (counted from 0); every value must be finite`
    case 'NoMechanism':
      return `${error.where}: expected ${error.expected}`
    case 'BadOption':
      return `option ${error.option}: expected ${error.expected}, found ${error.actual}`
    case 'Aborted':
      return `${error.where} was interrupted`
  }
}

export const showUnmixingError: Show<UnmixingError> = { show: message }
