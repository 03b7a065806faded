import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { checkPermutation } from '../src/index.js'

const refusal = (list: ArrayLike<number>) => {
  const result = checkPermutation('f', list)
  if (E.isRight(result)) throw new Error('expected an error')
  return result.left
}

describe('checkPermutation', () => {
  it('passes exactly the lists that hold each of 0 … n − 1 once', () => {
    const lists = fc.integer({ min: 0, max: 5 }).chain((n) => {
      const entry = fc.integer({ min: -1, max: n })
      return fc.array(entry, { minLength: n, maxLength: n })
    })
    fc.assert(
      fc.property(lists, (list) => {
        const whole = [...list].sort((a, b) => a - b).every((entry, i) => entry === i)
        expect(E.isRight(checkPermutation('f', list))).toBe(whole)
      })
    )
  })

  it('passes the list itself, typed or not', () => {
    const image = Int32Array.of(2, 0, 1)
    expect(E.toUnion(checkPermutation('f', image))).toBe(image)
  })

  it.each([
    [[0, 2], 1, 'outside', 'f: entry 1 is 2, which is out of range, expected each of 0..1 once'],
    [[0, -1], 1, 'outside', 'f: entry 1 is -1, which is out of range, expected each of 0..1 once'],
    [[0.5, 1], 0, 'outside', 'f: entry 0 is 0.5, which is out of range, expected each of 0..1 once'],
    [[1, 0, 1], 2, 'repeated', 'f: entry 2 is 1, which stands there already, expected each of 0..2 once']
  ])('refuses %j at the first entry at fault', (list, position, fault, message) => {
    expect(refusal(list)).toMatchObject({
      _tag: 'NotPermutation',
      size: list.length,
      position,
      fault,
      message
    })
  })
})
