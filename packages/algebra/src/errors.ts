/** What can be wrong with what a user hands to this package, and what cannot be decided. */
import * as E from 'fp-ts/lib/Either.js'
import type { Show } from 'fp-ts/lib/Show.js'

/** Every error names where it arose, what was given, and what would be right. */
export type AlgebraError =
  /** A matrix that has to be square. */
  | { readonly _tag: 'NotSquare'; readonly where: string; readonly what: string; readonly actual: string }
  /** A value that is NaN or infinite. */
  | { readonly _tag: 'NotFinite'; readonly where: string; readonly what: string; readonly actual: string }
  /** Sizes that do not fit together. */
  | {
      readonly _tag: 'SizeMismatch'
      readonly where: string
      readonly what: string
      readonly expected: string
      readonly actual: string
    }
  /** A matrix or mechanism that cannot be inverted where it has to be; `ratio` is σ_min / σ_max. */
  | { readonly _tag: 'NotInvertible'; readonly where: string; readonly what: string; readonly ratio: number }
  /** A matrix, list or element that lies outside the group it should lie in. */
  | {
      readonly _tag: 'NotInGroup'
      readonly where: string
      readonly what: string
      readonly expected: string
      readonly actual: string
    }
  /** A number or an option outside what makes sense. */
  | {
      readonly _tag: 'InvalidParameter'
      readonly where: string
      readonly parameter: string
      readonly actual: string
      readonly expected: string
    }
  /** A mechanism that returns another number of latents than it promises. */
  | {
      readonly _tag: 'WrongOutputs'
      readonly where: string
      readonly expected: number
      readonly actual: number
    }
  /** The user's own function threw. */
  | { readonly _tag: 'DefinitionThrew'; readonly where: string; readonly reason: string }
  /** Fewer equations than four for each unknown. */
  | {
      readonly _tag: 'TooFewSamples'
      readonly where: string
      readonly needed: number
      readonly actual: number
    }
  /** Points at which fields of the dictionary cannot be told apart (along one orbit, say). */
  | {
      readonly _tag: 'DegenerateSamples'
      readonly where: string
      readonly functions: number
      readonly independent: number
    }
  /** No gap between the singular values is wide enough to call a rank. */
  | {
      readonly _tag: 'Undecided'
      readonly where: string
      /** All singular values, descending. */
      readonly ladder: ReadonlyArray<number>
      readonly gap: number
      readonly needed: number
    }
  /** Two ways to count the same thing differ: rounding has eaten what tells the cases apart. */
  | {
      readonly _tag: 'Inconsistent'
      readonly where: string
      readonly what: string
      readonly expected: string
      readonly actual: string
    }
  /** What was found on some points does not hold on others. */
  | {
      readonly _tag: 'NotConfirmed'
      readonly where: string
      readonly what: string
      readonly residual: number
      readonly allowed: number
    }
  /** A class of mechanisms that has no directions to move in. */
  | { readonly _tag: 'NoTangent'; readonly where: string; readonly class: string; readonly reason: string }
  /** A problem of a size that this method cannot do. */
  | {
      readonly _tag: 'TooLarge'
      readonly where: string
      readonly what: string
      readonly actual: number
      readonly limit: number
    }

const shown = (x: number): string => (Number.isFinite(x) ? x.toPrecision(3) : String(x))

/** One sentence for a person. */
export const message = (error: AlgebraError): string => {
  const { where } = error
  switch (error._tag) {
    case 'NotSquare':
      return `${where}: ${error.what} is ${error.actual}, expected a square matrix.`
    case 'NotFinite':
      return `${where}: ${error.what} is ${error.actual}, expected finite numbers.`
    case 'SizeMismatch':
      return `${where}: ${error.what} is ${error.actual}, expected ${error.expected}.`
    case 'NotInvertible':
      return `${where}: ${error.what} is not invertible (σ_min / σ_max = ${shown(error.ratio)}), expected one that is.`
    case 'NotInGroup':
      return `${where}: ${error.what} is ${error.actual}, expected ${error.expected}.`
    case 'InvalidParameter':
      return `${where}: ${error.parameter} is ${error.actual}, expected ${error.expected}.`
    case 'WrongOutputs':
      return `${where}: the mechanism returns ${error.actual} values, expected one for each of its ${error.expected} latents.`
    case 'DefinitionThrew':
      return `${where}: the definition threw "${error.reason}", expected a function that returns its outputs.`
    case 'TooFewSamples':
      return `${where}: ${error.actual} samples, expected at least ${error.needed}: four equations for each unknown. Give more samples or a smaller dictionary.`
    case 'DegenerateSamples':
      return `${where}: on these samples only ${error.independent} of the dictionary's ${error.functions} functions are independent, expected all of them. Sample from a region, not along one orbit.`
    case 'Undecided':
      return `${where}: the rank is undecided: the widest gap between singular values below 1e-4 is a factor ${shown(error.gap)}, expected ${shown(error.needed)} or more. The ladder ends ${error.ladder.slice(-6).map(shown).join(', ')}. State a tolerance if you know how exact the mechanism is.`
    case 'Inconsistent':
      return `${where}: ${error.what} is ${error.actual}, expected ${error.expected}. The maps are too close to degenerate ones to tell; state how exact they are as a tolerance.`
    case 'NotConfirmed':
      return `${where}: ${error.what} has a residual of ${shown(error.residual)} on fresh points, expected at most ${shown(error.allowed)}. Give more samples, or a mechanism that is smooth on the region.`
    case 'NoTangent':
      return `${where}: the class "${error.class}" has no tangent (${error.reason}), expected a class with continuous parameters; for a finite class use finiteImitators.`
    case 'TooLarge':
      return `${where}: ${error.what} is ${error.actual}, expected at most ${error.limit}.`
  }
}

export const showAlgebraError: Show<AlgebraError> = { show: message }

/** What every function of this package that can fail returns. */
export type Result<A> = E.Either<AlgebraError, A>

export const sizeMismatch = (
  where: string,
  what: string,
  expected: string | number,
  actual: string | number
): E.Either<AlgebraError, never> =>
  E.left({ _tag: 'SizeMismatch', where, what, expected: String(expected), actual: String(actual) })

export const invalidParameter = (
  where: string,
  parameter: string,
  actual: unknown,
  expected: string
): E.Either<AlgebraError, never> =>
  E.left({ _tag: 'InvalidParameter', where, parameter, actual: String(actual), expected })

export const inconsistent = (
  where: string,
  what: string,
  expected: string | number,
  actual: string | number
): E.Either<AlgebraError, never> =>
  E.left({ _tag: 'Inconsistent', where, what, expected: String(expected), actual: String(actual) })

/**
 * The value, or a thrown `Error` with the message. For scripts and tests whose arguments are literals, where
 * an error is a programming error; elsewhere, match on the `Either`.
 *
 * @example
 * const algebra = orThrow(commutant([[[1, 0], [0, 2]]]))
 */
export const orThrow = <A>(result: Result<A>): A => {
  if (E.isLeft(result)) throw new Error(message(result.left))
  return result.right
}
