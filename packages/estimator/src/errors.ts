/** Everything that can go wrong with what a user hands to this package. */
import type { Show } from 'fp-ts/lib/Show.js'

/** An error of this package. Match on `_tag`, or print it with {@link message}. */
export type EstimatorError =
  /** An option has a value that it cannot have. */
  | {
      readonly _tag: 'BadOption'
      readonly option: string
      readonly actual: string
      readonly expected: string
    }
  /** An array has the wrong shape. */
  | {
      readonly _tag: 'ShapeMismatch'
      readonly where: string
      readonly expected: string
      readonly actual: string
    }
  /** An array holds a value that no training can use. `row` and `column` count from 0. */
  | {
      readonly _tag: 'NonFinite'
      readonly where: string
      readonly row: number
      readonly column: number
      readonly value: number
    }
  /** There is too little data for the request. */
  | { readonly _tag: 'TooFewRows'; readonly where: string; readonly actual: number; readonly needed: number }
  /** A backend or engine that is not there. */
  | {
      readonly _tag: 'EngineUnavailable'
      readonly engine: string
      readonly reason: string
      readonly remedy: string
    }
  /** The engine failed while it ran. */
  | { readonly _tag: 'EngineFailed'; readonly engine: string; readonly reason: string }
  /** A stage that unmixes codes could not. */
  | { readonly _tag: 'UnmixingFailed'; readonly stage: string; readonly reason: string }
  /** A term of the loss stopped being a number. The last good state is kept. */
  | {
      readonly _tag: 'Diverged'
      readonly step: number
      readonly term: string
      readonly value: number
      readonly lastGoodStep: number
    }
  /** A model or checkpoint cannot be read or written. */
  | { readonly _tag: 'FileUnusable'; readonly path: string; readonly reason: string }
  /** A checkpoint belongs to another model, data set or configuration. */
  | {
      readonly _tag: 'CheckpointMismatch'
      readonly path: string
      readonly what: string
      readonly expected: string
      readonly actual: string
    }

/** One line for people: what was wrong, where, and what would be right. */
export const message = (error: EstimatorError): string => {
  switch (error._tag) {
    case 'BadOption':
      return `option ${error.option} is ${error.actual}; it must be ${error.expected}`
    case 'ShapeMismatch':
      return `${error.where} has shape ${error.actual}; expected ${error.expected}`
    case 'NonFinite':
      return `${error.where} holds ${error.value} at row ${error.row}, column ${error.column} (counted from 0); every value must be finite`
    case 'TooFewRows':
      return `${error.where} has ${error.actual} rows; at least ${error.needed} are needed`
    case 'EngineUnavailable':
      return `engine ${error.engine} is not available: ${error.reason}; ${error.remedy}`
    case 'EngineFailed':
      return `engine ${error.engine} failed: ${error.reason}`
    case 'UnmixingFailed':
      return `stage ${error.stage} could not unmix the codes: ${error.reason}`
    case 'Diverged':
      return `training stopped at step ${error.step}: ${error.term} became ${error.value}; the state of step ${error.lastGoodStep} is kept. A lower learning rate or a gradient clip usually helps`
    case 'FileUnusable':
      return `${error.path} cannot be used: ${error.reason}`
    case 'CheckpointMismatch':
      return `checkpoint ${error.path} belongs to another training: its ${error.what} is ${error.actual}, here it is ${error.expected}; start afresh in another folder or drop --resume`
  }
}

export const showEstimatorError: Show<EstimatorError> = { show: message }
