import { describe, expect, it } from 'vitest'
import { fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from '../src/index.js'

/** Every pattern of 16 bits. */
const all = Uint16Array.from({ length: 0x10000 }, (_, pattern) => pattern)

describe.each([
  ['binary16', toFloat16, fromFloat16],
  ['bfloat16', toBfloat16, fromBfloat16]
] as const)('%s', (_, to, from) => {
  it('gives back every value', () => {
    const values = new Float32Array(all.length)
    from(all, values, 0)
    const patterns = new Uint16Array(all.length)
    to(values, 0, patterns)
    expect(
      all.filter((pattern) => !Number.isNaN(values[pattern]) && patterns[pattern] !== pattern)
    ).toHaveLength(0)
  })

  it('rounds to the nearest, and halfway to even', () => {
    const values = new Float32Array(all.length)
    from(all, values, 0)
    // Neighbours from 1 on: their midpoint goes to the one with an even pattern.
    const one = all.find((pattern) => values[pattern] === 1) ?? 0
    for (const pattern of [one, one + 1, one + 2]) {
      const [low, high] = [values[pattern], values[pattern + 1]]
      const out = new Uint16Array(3)
      to(Float32Array.of((low + high) / 2, low * 0.75 + high * 0.25, low * 0.25 + high * 0.75), 0, out)
      expect([...out]).toEqual([pattern % 2 === 0 ? pattern : pattern + 1, pattern, pattern + 1])
    }
  })
})

it('overflows to infinity beyond 65,504, and keeps what is no number', () => {
  const out = new Uint16Array(3)
  toFloat16(Float32Array.of(65_519, 65_520, Number.NaN), 0, out)
  const back = new Float32Array(3)
  fromFloat16(out, back, 0)
  expect([...back]).toEqual([65_504, Number.POSITIVE_INFINITY, Number.NaN])
})
