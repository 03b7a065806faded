/** What can be wrong with what a user hands to this package. */
import * as E from 'fp-ts/lib/Either.js'
import type { Show } from 'fp-ts/lib/Show.js'

/** Every error names where it arose, what was given, and what would be right. */
export type MechanismError =
  /** A list, or the list a function returns, has the wrong number of entries. */
  | {
      readonly _tag: 'WrongLength'
      readonly where: string
      readonly what: string
      readonly expected: number
      readonly actual: number
    }
  /** A number, a list or an option is outside what makes sense. */
  | {
      readonly _tag: 'InvalidParameter'
      readonly where: string
      readonly parameter: string
      readonly actual: string
      readonly expected: string
    }
  /** Samples whose shape does not fit the mechanism. */
  | {
      readonly _tag: 'ShapeMismatch'
      readonly where: string
      readonly what: string
      readonly expected: readonly [rows: number | 'any', columns: number]
      readonly actual: readonly [rows: number, columns: number]
    }
  /** An output that no point tried makes finite (or, for a scale, positive). */
  | {
      readonly _tag: 'NeverDefined'
      readonly where: string
      readonly output: number
      readonly expected: 'finite' | 'positive'
      readonly triedPoints: number
    }
  /** The user's own function threw. */
  | { readonly _tag: 'DefinitionThrew'; readonly where: string; readonly reason: string }
  /** No problem of this name. */
  | {
      readonly _tag: 'UnknownName'
      readonly where: string
      readonly name: string
      readonly known: ReadonlyArray<string>
    }

const shape = ([rows, columns]: readonly [number | 'any', number]): string =>
  `[${rows === 'any' ? 'any number of rows' : rows}, ${columns}]`

/** One sentence for a person. */
export const message = (error: MechanismError): string => {
  switch (error._tag) {
    case 'WrongLength':
      return `${error.where}: ${error.what} has ${error.actual} entries, expected ${error.expected}.`
    case 'InvalidParameter':
      return `${error.where}: ${error.parameter} is ${error.actual}, expected ${error.expected}.`
    case 'ShapeMismatch':
      return `${error.where}: ${error.what} has shape ${shape(error.actual)}, expected ${shape(error.expected)}.`
    case 'NeverDefined':
      return `${error.where}: output ${error.output} is not ${error.expected} at any of ${error.triedPoints} points tried, expected a ${error.expected} value wherever the mechanism is used.`
    case 'DefinitionThrew':
      return `${error.where}: the definition threw "${error.reason}", expected a function that returns its outputs.`
    case 'UnknownName':
      return `${error.where}: there is no "${error.name}", expected one of ${error.known.join(', ')}.`
  }
}

export const showMechanismError: Show<MechanismError> = { show: message }

/** A length check as an error value. */
export const wrongLength = (
  where: string,
  what: string,
  expected: number,
  actual: number
): E.Either<MechanismError, never> => E.left({ _tag: 'WrongLength', where, what, expected, actual })

/** A parameter check as an error value. */
export const invalidParameter = (
  where: string,
  parameter: string,
  actual: unknown,
  expected: string
): E.Either<MechanismError, never> =>
  E.left({ _tag: 'InvalidParameter', where, parameter, actual: String(actual), expected })

/**
 * The value, or a thrown `Error` with the message. For scripts and tests whose arguments are literals, where
 * an error is a programming error; elsewhere, match on the `Either`.
 *
 * @example
 * const quarterTurn = orThrow(rotation(2, 0, 1, Math.PI / 2))
 */
export const orThrow = <A>(result: E.Either<MechanismError, A>): A => {
  if (E.isLeft(result)) throw new Error(message(result.left))
  return result.right
}
