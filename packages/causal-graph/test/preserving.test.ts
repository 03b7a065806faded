import { orThrow } from '@mechid/values'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { graphPattern, isPreserving, violations } from '../src/index.js'
import { graphOf } from './arbitraries.js'
import { errorText } from './error-text.js'
import { identity } from './tables.js'

describe('isPreserving', () => {
  it('allows exactly the entries of the pattern, beyond the tolerance', () => {
    const C = [
      [2, 1e-7],
      [-0.5, 1]
    ]
    expect(isPreserving(C, identity(2), 1e-6)).toEqual(E.right(false))
    expect(violations(C, identity(2), 1e-6)).toEqual(E.right([{ row: 1, column: 0, value: -0.5 }]))
    expect(isPreserving(C, identity(2), 0.5)).toEqual(E.right(true))
  })

  it('is closed under products', () => {
    const d = 5
    const entries = fc.array(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: d, maxLength: d }), {
      minLength: d,
      maxLength: d
    })
    fc.assert(
      fc.property(graphOf(d), entries, entries, (graph, a, b) => {
        const p = orThrow(graphPattern(graph))
        const masked = (m: number[][]) => m.map((row, i) => row.map((x, j) => x * p[i][j]))
        const [A, B] = [masked(a), masked(b)]
        const product = A.map((row) => row.map((_, j) => row.reduce((sum, x, l) => sum + x * B[l][j], 0)))
        expect(orThrow(isPreserving(product, p, 0))).toBe(true)
      })
    )
  })

  it('says what is wrong', () => {
    expect(errorText(isPreserving([[1]], identity(2), 0))).toBe(
      'violations: the number of rows is 1, expected 2'
    )
    expect(errorText(isPreserving([[1, 0], [1]], identity(2), 0))).toBe(
      'violations: the length of row 1 is 1, expected 2'
    )
    expect(errorText(isPreserving([[Number.NaN]], identity(1), 0))).toBe(
      'violations: the matrix is NaN at row 0, column 0 (counted from 0), expected finite numbers'
    )
    expect(errorText(isPreserving([[1]], identity(1), -1))).toBe(
      'violations: tolerance is -1, expected a number of at least 0'
    )
  })
})
