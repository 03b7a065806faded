import { describe, expect, it } from 'vitest'
import { sine } from '../src/readings/sine.js'

/** Fixed-point numbers of 160 bits after the point. */
const BITS = 160n
const ONE = 1n << BITS
const PI = BigInt('3141592653589793238462643383279502884197169399375105820974944592307816406286209') * ONE
const PI_FIXED = PI / 10n ** 78n

const fixed = (x: number): bigint => {
  let exponent = 0
  let mantissa = x
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2
    exponent++
  }
  return (BigInt(mantissa) << BITS) >> BigInt(exponent)
}

/** The sine by its power series, right to more than 40 digits. */
const exactSine = (x: number): bigint => {
  const angle = fixed(x)
  let turns = (2n * angle + (angle < 0n ? -PI_FIXED : PI_FIXED)) / (2n * PI_FIXED)
  const y = angle - turns * PI_FIXED
  let term = y
  let sum = y
  for (let k = 1n; term !== 0n; k++) {
    term = -((((term * y) >> BITS) * y) >> BITS) / (2n * k * (2n * k + 1n))
    sum += term
  }
  if (turns < 0n) turns = -turns
  return turns % 2n === 0n ? sum : -sum
}

const toNumber = (x: bigint): number => Number(x) / 2 ** Number(BITS)

/** A unit in the last place of a number. */
const unit = (x: number): number => 2 ** (Math.floor(Math.log2(Math.abs(x))) - 52)

/** The greatest error over numbers, absolute and in units in the last place. */
const worst = (numbers: readonly number[]): { readonly error: number; readonly units: number } =>
  numbers.reduce(
    ({ error, units }, x) => {
      const exact = exactSine(x)
      const away = Math.abs(toNumber(exact - fixed(sine(x))))
      return { error: Math.max(error, away), units: Math.max(units, away / unit(toNumber(exact))) }
    },
    { error: 0, units: 0 }
  )

/** Numbers all over (−limit, limit), without a pattern that the multiples of π share. */
const spread = (limit: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => limit * (2 * ((i * 0.6180339887498949) % 1) - 1))

describe('sine', () => {
  it('has an exact sine to be compared with', () => {
    for (const x of spread(20, 200))
      expect(Math.abs(toNumber(exactSine(x)) - Math.sin(x))).toBeLessThan(2.3e-16)
  })

  it.each([2, 30, 1000, 99_999])('is within 2.5e-16 and 2.25 units in the last place below %d', (limit) => {
    const { error, units } = worst(spread(limit, 4000))
    expect(error).toBeLessThan(2.5e-16)
    expect(units).toBeLessThan(2.25)
    // Nothing is as good as exact: the comparison sees rounding.
    expect(error).toBeGreaterThan(5e-17)
  })

  it('is as accurate beside the multiples of π, on both sides of where Math.sin takes over', () => {
    const offsets = [1e-3, 1.01e-5, 1e-5, 0.99e-5, 1e-7, 1e-12, 0]
    const near = [1, 2, 7, 100, 3001, 31_000].flatMap((n) =>
      offsets.flatMap((offset) => [n * Math.PI + offset, offset - n * Math.PI])
    )
    expect(worst(near).units).toBeLessThan(2.25)
  })

  it('is that of Math where there is no reduction: tiny, huge, not finite', () => {
    for (const x of [0, -0, 1e-6, -1e-300, 1e5, -1e17, Infinity, Number.NaN])
      expect(sine(x)).toBe(Math.sin(x))
  })
})
