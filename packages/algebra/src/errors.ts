/** What can be wrong with what a user hands to this package, and what cannot be decided. */
import type { MechanismError } from '@mechid/mechanisms'
import type { NumericsError } from '@mechid/numerics'
import {
  type Degenerate,
  degenerate,
  type Expectation,
  expectation,
  type NotBinary,
  type NotInvertible,
  notInvertible,
  type SearchLimit,
  type ShapeMismatch,
  searchLimit,
  shapeMismatch,
  type Tagged,
  type TooFewRows,
  type TooLarge,
  tagged,
  tooFewRows
} from '@mechid/values'
import type { Either } from 'fp-ts/lib/Either.js'

/** A matrix, list or element outside the group that it should lie in. */
export type NotInGroup = Expectation<'NotInGroup'>
export const notInGroup = expectation('NotInGroup')

/** A mechanism that is no member of the class that it is said to be of. */
export type NotInClass = Expectation<'NotInClass'>

/** A class of mechanisms that has no directions to move in. */
export interface NoTangent extends Tagged<'NoTangent'> {
  readonly where: string
  readonly class: string
  readonly reason: string
}

/** Two ways to count the same thing differ: rounding has eaten what tells the cases apart. */
export type Inconsistent = Expectation<'Inconsistent'>

/** What was found on some points does not hold on others. */
export interface NotConfirmed extends Tagged<'NotConfirmed'> {
  readonly where: string
  readonly what: string
  readonly residual: number
  readonly allowed: number
}

/** What is wrong with what was given, as mechanisms say of their definitions or as is said here, or cannot be decided. */
export type AlgebraError =
  | Degenerate
  | Inconsistent
  | MechanismError
  | NotBinary
  | NotConfirmed
  | NotInClass
  | NotInGroup
  | NoTangent
  | NumericsError
  | SearchLimit
  | TooFewRows
  | TooLarge

/** What every function of this package that can fail returns. */
export type Result<A> = Either<AlgebraError, A>

const shown = (x: number): string => (Number.isFinite(x) ? x.toPrecision(3) : String(x))

const withRemedy = <Told extends Tagged>(error: Told, remedy: string): Told => ({
  ...error,
  message: `${error.message}; ${remedy}`
})

/** An error of a part, told by the whole. */
export const toldBy = <Told extends Tagged & { readonly where: string }>(
  whole: string,
  error: Told
): Told => ({
  ...error,
  where: `${whole}: ${error.where}`,
  message: `${whole}: ${error.message}`
})

/** A size that another one sets. */
export const sizeMismatch = (where: string, what: string, expected: number, actual: number): ShapeMismatch =>
  shapeMismatch(where, what, actual, String(expected))

/** A mechanism that returns another number of latents than it promises. */
export const wrongOutputs = (where: string, expected: number, actual: number): ShapeMismatch =>
  shapeMismatch(
    where,
    'the number of values that the mechanism returns',
    actual,
    `${expected}, one for each latent`
  )

/** `ratio`: σ_min / σ_max. */
export const singular = (where: string, what: string, ratio: number): NotInvertible =>
  notInvertible(where, what, `not invertible (σ_min / σ_max = ${shown(ratio)})`, 'one that can be inverted')

/** `misfit`: how far the mechanism is from the class, relative to its size. */
export const notInClass = (where: string, what: string, name: string, misfit: number): NotInClass =>
  expectation('NotInClass')(
    where,
    what,
    `outside the class (misfit ${shown(misfit)})`,
    `a member of the class "${name}"`
  )

export const noTangent = (where: string, name: string, reason: string): NoTangent =>
  tagged(
    'NoTangent',
    { where, class: name, reason },
    `${where}: the class "${name}" has no tangent (${reason}), expected a class with continuous parameters; for a finite class use finiteImitators`
  )

export const tooFewSamples = (where: string, actual: number, needed: number): TooFewRows =>
  withRemedy(
    tooFewRows(where, actual, needed),
    'that is four equations for each unknown: give more samples or a smaller dictionary'
  )

/** Points at which fields of the dictionary cannot be told apart. */
export const degenerateSamples = (where: string, independent: number, functions: number): Degenerate =>
  withRemedy(
    degenerate(
      where,
      'the number of the dictionary’s functions that are independent on these samples',
      independent,
      `all ${functions}`
    ),
    'sample from a region, not along one orbit'
  )

export const inconsistent = (where: string, what: string, actual: unknown, expected: string): Inconsistent =>
  withRemedy(
    expectation('Inconsistent')(where, what, actual, expected),
    'the maps are too close to degenerate ones to tell: state how exact they are as a tolerance'
  )

export const notConfirmed = (where: string, what: string, residual: number, allowed: number): NotConfirmed =>
  tagged(
    'NotConfirmed',
    { where, what, residual, allowed },
    `${where}: the residual of ${what} on fresh points is ${shown(residual)}, expected at most ${shown(allowed)}; give more samples, or a mechanism that is smooth on the region`
  )

/** A search for signed permutations that reached its limit, `most`. */
export const searchedTooLong = (where: string, most: number): SearchLimit =>
  searchLimit(where, 'whether a signed permutation is a symmetry', most)
