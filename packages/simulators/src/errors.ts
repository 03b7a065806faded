/** What can be wrong with a simulation, a data set or its file. */
import { type FileError, message as fileMessage } from '@mechid/files'
import * as E from 'fp-ts/lib/Either.js'
import type { Show } from 'fp-ts/lib/Show.js'

/** Every error says where it arose, what was given and what would be right. Indices count from 0. */
export type SimulatorError =
  /** The file could not be read or written; `error` is the files package's own. */
  | { readonly _tag: 'File'; readonly error: FileError }
  /** An option outside its range. */
  | {
      readonly _tag: 'InvalidParameter'
      readonly where: string
      readonly parameter: string
      readonly actual: string
      readonly expected: string
    }
  /** An array of the wrong rank or size. */
  | {
      readonly _tag: 'ShapeMismatch'
      readonly where: string
      readonly array: string
      readonly actual: readonly number[]
      readonly expected: string
    }
  /** Arrays that should have one row a sample each, and have not the same number. */
  | {
      readonly _tag: 'LengthMismatch'
      readonly where: string
      readonly array: string
      readonly expected: number
      readonly actual: number
    }
  /** The first entry that is NaN or infinite. `frame` is set in sequences. */
  | {
      readonly _tag: 'NotFinite'
      readonly where: string
      readonly array: string
      readonly row: number
      readonly frame?: number
      readonly column: number
      readonly value: number
    }
  /** A feature that takes one value only: it tells nothing and cannot be standardized. */
  | {
      readonly _tag: 'ConstantFeature'
      readonly where: string
      readonly feature: number
      readonly value: number
    }
  /** A discrete action that is not one of 0 … values − 1. */
  | {
      readonly _tag: 'InvalidAction'
      readonly where: string
      readonly row: number
      readonly column: number
      readonly value: number
      readonly expected: string
    }
  | { readonly _tag: 'TooFewRows'; readonly where: string; readonly actual: number; readonly needed: number }
  /** A mixing to fewer features than there are latents cannot be injective. */
  | {
      readonly _tag: 'TooFewFeatures'
      readonly where: string
      readonly latents: number
      readonly features: number
    }
  /** The Jacobian of a mixing is singular, or nearly, at a sample. */
  | {
      readonly _tag: 'NotInjective'
      readonly where: string
      readonly sample: number
      readonly point: readonly number[]
      readonly condition: number
      readonly threshold: number
    }
  /** A csv column, or a group of them, that is not there. */
  | {
      readonly _tag: 'MissingColumn'
      readonly path: string
      readonly column: string
      readonly available: readonly string[]
    }
  /** The caller's signal ended the work on a data set of `rows` rows. */
  | { readonly _tag: 'Aborted'; readonly where: string; readonly rows: number }

const place = (error: { readonly row: number; readonly frame?: number; readonly column: number }): string =>
  `row ${error.row}${error.frame === undefined ? '' : `, frame ${error.frame}`}, column ${error.column}`

const shape = (lengths: readonly number[]): string => `[${lengths.join(', ')}]`

/** What was wrong, where, and what would be right, in one sentence or two. Rows and columns count from 0. */
export const message = (error: SimulatorError): string => {
  switch (error._tag) {
    case 'File':
      return fileMessage(error.error)
    case 'InvalidParameter':
      return `${error.where}: ${error.parameter} is ${error.actual}, expected ${error.expected}.`
    case 'ShapeMismatch':
      return `${error.where}: ${error.array} has shape ${shape(error.actual)}, expected ${error.expected}.`
    case 'LengthMismatch':
      return `${error.where}: ${error.array} has ${error.actual} rows and x has ${error.expected}; give both one row a sample.`
    case 'NotFinite':
      return `${error.where}: ${error.array} is ${error.value} at ${place(error)} (counted from 0); remove or fill rows without a finite number.`
    case 'ConstantFeature':
      return `${error.where}: feature ${error.feature} of x (counted from 0) is ${error.value} in every row; leave out features that do not vary.`
    case 'InvalidAction':
      return `${error.where}: discrete action is ${error.value} at ${place(error)} (counted from 0), expected ${error.expected}; or read the actions as continuous.`
    case 'TooFewRows':
      return `${error.where}: ${error.actual} rows, at least ${error.needed} are needed.`
    case 'TooFewFeatures':
      return `${error.where}: ${error.features} features cannot hold ${error.latents} latents; use at least ${error.latents} features.`
    case 'NotInjective':
      return `${error.where}: the Jacobian of the mixing has condition number ${error.condition.toPrecision(3)} at sample ${error.sample}, z = (${error.point.map((x) => Number(x.toPrecision(4))).join(', ')}); expected at most ${error.threshold}: use a mixing that loses no latent.`
    case 'MissingColumn':
      return `${error.path}: there is no column "${error.column}"; its columns are ${error.available.join(', ')}.`
    case 'Aborted':
      return `${error.where}: stopped by its signal before all ${error.rows} rows were done; nothing was kept.`
  }
}

/** Shows an error as its message. */
export const showSimulatorError: Show<SimulatorError> = { show: message }

/** An option outside its range, as an error value. */
export const invalidParameter = (
  where: string,
  parameter: string,
  actual: unknown,
  expected: string
): E.Either<SimulatorError, never> =>
  E.left({ _tag: 'InvalidParameter', where, parameter, actual: String(actual), expected })

/** A failure of the files package as this package's error. */
export const fromFile = (error: FileError): SimulatorError => ({ _tag: 'File', error })

/** For a data set's file that is called neither .npz nor .csv. */
export const wrongEnding = (path: string): SimulatorError =>
  fromFile({ _tag: 'NotThisFormat', path, expected: 'a .npz or .csv file', found: 'another ending' })

/** Nothing if `value` is an integer of at least `least`; else the complaint. */
export const checkInteger = (
  where: string,
  parameter: string,
  value: number,
  least: number
): E.Either<SimulatorError, number> =>
  Number.isSafeInteger(value) && value >= least
    ? E.right(value)
    : invalidParameter(where, parameter, value, `an integer of at least ${least}`)

/**
 * The value, or a thrown `Error` with the message: for scripts whose arguments are literals.
 *
 * @example
 * const mixing = orThrow(nnMixing({ latents: 6, features: 12, random: generator(1) }))
 */
export const orThrow = <A>(result: E.Either<SimulatorError, A>): A => {
  if (E.isLeft(result)) throw new Error(message(result.left))
  return result.right
}
