import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { holm, normalTail } from '../src/index.js'

it('tails of the normal distribution agree with tables', () => {
  const table: ReadonlyArray<readonly [number, number]> = [
    [0, 0.5],
    [1, 0.15865525393145707],
    [1.959963984540054, 0.025],
    [2.9999, 0.00135034128],
    [3.0001, 0.00134945491],
    [6, 9.865876450376946e-10],
    [10, 7.61985302416e-24]
  ]
  for (const [x, tail] of table) {
    expect(normalTail(x) / tail).toBeCloseTo(1, 6)
    expect(normalTail(-x)).toBeCloseTo(1 - tail, 9)
  }
})

it("Holm's example", () => {
  expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06])
  expect(holm([])).toEqual([])
})

it('Holm is between no correction and that of Bonferroni, in the order of the p-values', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }),
      (p) => {
        const adjusted = holm(p)
        p.forEach((value, i) => {
          expect(adjusted[i]).toBeGreaterThanOrEqual(value)
          expect(adjusted[i]).toBeLessThanOrEqual(Math.min(1, p.length * value))
          p.forEach((other, j) => {
            if (value < other) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j])
          })
        })
      }
    )
  )
})
