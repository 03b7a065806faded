import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import {
  checkFinite,
  checkShape,
  columnOf,
  entryCount,
  firstNotFinite,
  type Samples,
  takeColumns,
  takeRows
} from '../src/index.js'

const leftOf = <L>(result: E.Either<L, unknown>): L => {
  if (E.isRight(result)) throw new Error('expected an error')
  return result.left
}

describe('firstNotFinite', () => {
  it('is the first index at which a value is not finite, in both precisions', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), fc.boolean(), (values, single) => {
        const data = single ? Float32Array.from(values) : Float64Array.from(values)
        expect(firstNotFinite(data)).toBe(data.findIndex((value) => !Number.isFinite(value)))
      })
    )
  })
})

describe('checkShape', () => {
  const data = new Float64Array(6)

  it('passes the array itself', () => {
    const array = { data, shape: [3, 2] }
    expect(checkShape('f', 'x', array, [1, 2])).toEqual(E.right(array))
    expect(entryCount([])).toBe(1)
  })

  it.each([
    [[6, 1, 1], /x is \[6, 1, 1\], expected an array of rank 1 or 2/],
    [[0, 2], /no side of it empty/],
    [[1.5, 4], /rank 1 or 2/],
    [[3, 3], /x is 6 numbers, expected 9 for shape \[3, 3\]/]
  ])('refuses %j', (shape, words) => {
    const error = leftOf(checkShape('f', 'x', { data, shape }, [1, 2]))
    expect(error._tag).toBe('ShapeMismatch')
    expect(error.message).toMatch(words)
  })
})

describe('checkFinite', () => {
  const data = new Float64Array(12)
  data[7] = Number.NaN

  it.each([
    [[12], { row: 7 }, 'f: x is NaN at row 7 (counted from 0), expected finite numbers'],
    [[6, 2], { row: 3, column: 1 }, /at row 3, column 1 /],
    [[2, 3, 2], { row: 1, frame: 0, column: 1 }, /at row 1, frame 0, column 1 /],
    [[2, 1, 2, 3], { row: 1, column: 1 }, /at row 1, column 1 /]
  ])('names the place in shape %j, and no axis that there is not', (shape, place, words) => {
    const { _tag, where, what, value, message, ...found } = leftOf(checkFinite('f', 'x', { data, shape }))
    expect([_tag, where, what, value, found]).toEqual(['NotFinite', 'f', 'x', Number.NaN, place])
    expect(message).toMatch(words)
  })

  it('names no place of a single number', () => {
    const { message } = leftOf(checkFinite('f', 'x', { data: Float64Array.of(1 / 0), shape: [] }))
    expect(message).toBe('f: x is Infinity, expected finite numbers')
  })

  it('passes finite arrays', () => {
    const array = { data: new Float32Array(4), shape: [2, 2] }
    expect(checkFinite('f', 'x', array)).toEqual(E.right(array))
  })
})

describe('rows and columns', () => {
  const samples: Samples = { data: Float32Array.from([1, 2, 3, 4, 5, 6]), shape: [2, 3] }

  it('are taken in the order asked for', () => {
    expect(takeRows(samples, [1, 0, 1])).toEqual({
      data: Float64Array.from([4, 5, 6, 1, 2, 3, 4, 5, 6]),
      shape: [3, 3]
    })
    expect(takeColumns(samples, [2, 0])).toEqual({ data: Float64Array.from([3, 1, 6, 4]), shape: [2, 2] })
    expect(columnOf(samples, 1)).toEqual(Float64Array.from([2, 5]))
  })
})
