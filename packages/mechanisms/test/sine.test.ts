import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assembledSines, plainSines, sine } from '../src/readings/sine.js'

const assembled = assembledSines()!

const anyNumber = fc.oneof(
  fc.double(),
  fc.double({ min: -30, max: 30, noNaN: true }),
  fc.integer({ min: -40_000, max: 40_000 }).map((n) => n * Math.PI)
)

/** A unit in the last place of the sine. */
const unit = (x: number): number => 2 ** (Math.floor(Math.log2(Math.abs(Math.sin(x)))) - 52)

describe('the assembled sines', () => {
  it('are the numbers that JavaScript gives', () => {
    const columns = fc.oneof(fc.array(anyNumber), fc.array(anyNumber, { minLength: 4000, maxLength: 4200 }))
    fc.assert(
      fc.property(columns, (numbers) => {
        const x = Float64Array.from(numbers)
        const [a, b] = [new Float64Array(x.length), new Float64Array(x.length)]
        assembled(x, a)
        plainSines(x, b)
        expect(a).toEqual(b)
      }),
      { numRuns: 50 }
    )
  })
})

describe('sine', () => {
  it('is within two units in the last place', () => {
    fc.assert(
      fc.property(anyNumber, (x) => {
        if (Number.isFinite(x) && x !== 0)
          expect(Math.abs(sine(x) - Math.sin(x))).toBeLessThanOrEqual(2 * unit(x))
        else expect(sine(x)).toBe(Math.sin(x))
      }),
      { numRuns: 2000 }
    )
  })
})
