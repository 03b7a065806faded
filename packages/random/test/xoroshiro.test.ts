import fc from 'fast-check'
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import { expect, it } from 'vitest'
import { advance, nextUniform, stateFromKey } from '../src/xoroshiro.js'

const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })

/** The same recurrence on 64-bit integers, as its authors wrote it. */
const reference = function* (s0Start: bigint, s1Start: bigint): Generator<bigint> {
  const rotate = (x: bigint, bits: bigint): bigint => BigInt.asUintN(64, (x << bits) | (x >> (64n - bits)))
  let s0 = s0Start
  let s1 = s1Start
  for (;;) {
    yield BigInt.asUintN(64, s0 + s1)
    s1 ^= s0
    s0 = BigInt.asUintN(64, rotate(s0, 24n) ^ s1 ^ (s1 << 16n))
    s1 = rotate(s1, 37n)
  }
}

const joined = (high: number, low: number): bigint => (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)

it('is xoroshiro128+ in all 64 bits', () => {
  fc.assert(
    fc.property(word, word, word, word, (a, b, c, d) => {
      const state = stateFromKey([a, b, c, d])
      const expected = reference(joined(a, b), joined(c, d))
      for (let i = 0; i < 20; i++) {
        advance(state)
        expect(joined(state[5], state[4])).toBe(expected.next().value)
      }
    })
  )
})

it('agrees with pure-rand in the low half, which is what pure-rand gives', () => {
  fc.assert(
    fc.property(word, word, word, word, (a, b, c, d) => {
      const state = stateFromKey([a, b, c, d])
      const other = xoroshiro128plusFromState([a, b, c, d])
      for (let i = 0; i < 20; i++) {
        advance(state)
        expect(state[4]).toBe(other.next())
      }
    })
  )
})

it('stays inside (0, 1) at both ends', () => {
  // The output is the sum of both halves: all zeros below, all ones here.
  expect(nextUniform(Int32Array.of(1, 0, -1, -1, 0, 0))).toBe(2 ** -53)
  expect(nextUniform(Int32Array.of(-1, -1, 0, 0, 0, 0))).toBe(1 - 2 ** -53)
})
