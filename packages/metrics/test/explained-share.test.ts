import { describe, expect, it } from 'vitest'
import { explainedShare, shdChance } from '../src/index.js'

const of = (data: readonly number[], columns: number) => ({
  data: Float64Array.from(data),
  shape: [data.length / columns, columns] as const
})

describe('explainedShare', () => {
  const x = of([1, 0, 2, 4, 3, 2], 2)

  it('is 1 of perfect reconstructions, 0 of the means, less of worse ones', () => {
    expect(explainedShare(x, x)).toMatchObject({ right: 1 })
    expect(explainedShare(x, of([2, 2, 2, 2, 2, 2], 2))).toMatchObject({ right: expect.closeTo(0, 12) })
    expect(explainedShare(x, of([5, 9, 5, 9, 5, 9], 2))).toMatchObject({
      right: expect.toSatisfy((v) => v < 0)
    })
  })

  it('is 1 − Σ (x − x̂)² / Σ (x − x̄)² over all features', () => {
    // Squares about the means: 2 + 8; one entry is off by 1.
    expect(explainedShare(x, of([1, 1, 2, 4, 3, 2], 2))).toMatchObject({ right: expect.closeTo(0.9, 12) })
  })

  it('is 0 where nothing varies', () => {
    const still = of([1, 2, 1, 2], 2)
    expect(explainedShare(still, still)).toMatchObject({ right: 0 })
  })

  it('refuses what does not fit', () => {
    expect(explainedShare(x, of([1, 2, 3, 4], 2))).toMatchObject({
      left: {
        _tag: 'ShapeMismatch',
        message: expect.stringContaining('explainedShare: reconstructed is [2, 2]')
      }
    })
    expect(explainedShare(of([1, Number.NaN], 1), of([1, 2], 1))).toMatchObject({
      left: { _tag: 'NotFinite' }
    })
    expect(explainedShare(of([1], 1), of([1], 1))).toMatchObject({ left: { _tag: 'TooFewRows' } })
  })
})

it('shdChance is the expected distance of random graphs', () => {
  // t (p − l) / p + l (p − t) / p with t = 2, l = 3, p = 4, and p = 6 with a second part.
  expect(
    shdChance(
      {
        actions: [
          [1, 0],
          [0, 1]
        ]
      },
      {
        actions: [
          [1, 1],
          [0, 1]
        ]
      }
    )
  ).toBe((2 * 1 + 3 * 2) / 4)
  const both = {
    latents: [
      [1, 0],
      [0, 1]
    ],
    actions: [[1], [0]]
  }
  expect(shdChance(both, both)).toBe((3 * 3 + 3 * 3) / 6)
  expect(shdChance({}, {})).toBe(0)
})
