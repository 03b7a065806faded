/** What can be wrong with what a user hands to this package. */
import * as E from 'fp-ts/lib/Either.js'
import type { Show } from 'fp-ts/lib/Show.js'

/** Every error names where it arose, what was given, and what would be right. Rows and columns count from 0. */
export type GraphError =
  /** A matrix, list or graph with nothing in it. */
  | { readonly _tag: 'Empty'; readonly where: string; readonly what: string; readonly expected: string }
  /** An entry of a binary matrix that is neither 0 nor 1. */
  | {
      readonly _tag: 'NotBinary'
      readonly where: string
      readonly row: number
      readonly column: number
      readonly actual: string
    }
  /** A row whose length differs from the first row's. */
  | {
      readonly _tag: 'RaggedRows'
      readonly where: string
      readonly row: number
      readonly expected: number
      readonly actual: number
    }
  /** Sizes that do not fit together. */
  | {
      readonly _tag: 'SizeMismatch'
      readonly where: string
      readonly what: string
      readonly expected: string
      readonly actual: string
    }
  /** A list that is no permutation of 0..n−1; `position` is the first entry at fault. */
  | {
      readonly _tag: 'NotPermutation'
      readonly where: string
      readonly size: number
      readonly position: number
      readonly actual: string
      readonly fault: 'outside' | 'repeated'
    }
  /** A number or an option outside what makes sense. */
  | {
      readonly _tag: 'InvalidParameter'
      readonly where: string
      readonly parameter: string
      readonly actual: string
      readonly expected: string
    }
  /** An entry of a matrix, or of a map's Jacobian, that the pattern forbids. */
  | {
      readonly _tag: 'NotPreserving'
      readonly where: string
      readonly row: number
      readonly column: number
      readonly actual: string
    }
  /** A map that cannot be undone. */
  | {
      readonly _tag: 'NotInvertible'
      readonly where: string
      readonly actual: string
      readonly expected: string
    }
  /** What was asked for cannot be had; each reason is a sentence. */
  | { readonly _tag: 'Impossible'; readonly where: string; readonly reasons: ReadonlyArray<string> }
  /** A search that ended at its limit without an answer. */
  | { readonly _tag: 'SearchLimit'; readonly where: string; readonly what: string; readonly limit: number }
  /** A document (JSON, graphology) that is not a graph; `path` is where. */
  | {
      readonly _tag: 'Unreadable'
      readonly where: string
      readonly path: string
      readonly actual: string
      readonly expected: string
    }

/** One sentence for a person. */
export const message = (error: GraphError): string => {
  switch (error._tag) {
    case 'Empty':
      return `${error.where}: ${error.what} is empty, expected ${error.expected}.`
    case 'NotBinary':
      return `${error.where}: entry [${error.row}][${error.column}] is ${error.actual}, expected 0 or 1.`
    case 'RaggedRows':
      return `${error.where}: row ${error.row} has ${error.actual} entries, expected ${error.expected} as in row 0.`
    case 'SizeMismatch':
      return `${error.where}: ${error.what} is ${error.actual}, expected ${error.expected}.`
    case 'NotPermutation':
      return `${error.where}: entry ${error.position} is ${error.actual}, which ${
        error.fault === 'outside' ? 'is out of range' : 'stands there already'
      }, expected each of 0..${error.size - 1} once.`
    case 'InvalidParameter':
      return `${error.where}: ${error.parameter} is ${error.actual}, expected ${error.expected}.`
    case 'NotPreserving':
      return `${error.where}: entry [${error.row}][${error.column}] is ${error.actual}, expected 0 as the pattern has there.`
    case 'NotInvertible':
      return `${error.where}: ${error.actual}, expected ${error.expected}.`
    case 'Impossible':
      return `${error.where}: impossible. ${error.reasons.join(' ')}`
    case 'SearchLimit':
      return `${error.where}: ${error.what} was not decided within ${error.limit} steps; a higher limit may decide it.`
    case 'Unreadable':
      return `${error.where}: ${error.path} is ${error.actual}, expected ${error.expected}.`
  }
}

export const showGraphError: Show<GraphError> = { show: message }

/** A size check as an error value. */
export const sizeMismatch = (
  where: string,
  what: string,
  expected: string,
  actual: string
): E.Either<GraphError, never> => E.left({ _tag: 'SizeMismatch', where, what, expected, actual })

/** A parameter check as an error value. */
export const invalidParameter = (
  where: string,
  parameter: string,
  actual: unknown,
  expected: string
): E.Either<GraphError, never> =>
  E.left({ _tag: 'InvalidParameter', where, parameter, actual: String(actual), expected })

/**
 * The value, or a thrown `Error` with the message. For scripts and tests whose arguments are literals, where
 * an error is a programming error; elsewhere, match on the `Either`.
 *
 * @example
 * const chain = orThrow(namedGraph('TimeDirectedChain', 6))
 */
export const orThrow = <A>(result: E.Either<GraphError, A>): A => {
  if (E.isLeft(result)) throw new Error(message(result.left))
  return result.right
}
