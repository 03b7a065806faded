/** Checks of options that several scores share. */
import * as E from 'fp-ts/lib/Either.js'
import type { MetricError } from './errors.js'

export const positiveInteger = (option: string, value: number, least = 1): E.Either<MetricError, number> =>
  Number.isInteger(value) && value >= least
    ? E.right(value)
    : E.left({
        _tag: 'BadOption',
        option,
        expected: least === 1 ? 'a positive integer' : `an integer of ${least} or more`,
        actual: String(value)
      })
