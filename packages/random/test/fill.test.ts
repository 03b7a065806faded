import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assembledFills, plainFills } from '../src/fill.js'
import { generator } from '../src/index.js'
import { stateFromKey } from '../src/xoroshiro.js'

const assembled = assembledFills()!

describe('the assembled module', () => {
  it.each(['uniforms', 'normals'] as const)('draws the same %s as one draw at a time', (kind) => {
    const lengths = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 4000, max: 9000 }))
    fc.assert(
      fc.property(fc.integer(), lengths, fc.boolean(), (seed, length, single) => {
        const key = [seed, seed ^ 1, 3, 4] as const
        const [here, there] = [stateFromKey(key), stateFromKey(key)]
        const [a, b] = [0, 1].map(() => (single ? new Float32Array(length) : new Float64Array(length)))
        assembled[kind](here, a)
        plainFills[kind](there, b)
        expect(a).toEqual(b)
        // The streams go on from the same place.
        expect(here.subarray(0, 4)).toEqual(there.subarray(0, 4))
      })
    )
  })

  it('also agrees in the tail and the wedges', () => {
    const out = new Float64Array(300_000)
    generator(5).fillNormal(out)
    const random = generator(5)
    expect(out.every((x) => x === random.normal())).toBe(true)
    expect(out.some((x) => Math.abs(x) > 3.6541528853610088)).toBe(true)
  })
})

it('interleaves with single draws', () => {
  const filled = generator(1)
  const single = generator(1)
  const out = new Float64Array(7)
  filled.fillNormal(out)
  expect([...out, filled.uniform(), filled.integer(10)]).toEqual([
    ...Array.from({ length: 7 }, single.normal),
    single.uniform(),
    single.integer(10)
  ])
})
