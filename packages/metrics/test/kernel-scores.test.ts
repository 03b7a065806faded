import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kernelR, kernelRCon, linearR, mcc, splitRows } from '../src/index.js'
import { disentangled, normals, right, rotated, transformed } from './inputs.js'

const IDENTITY = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1]
]
const FULL = IDENTITY.map((row) => row.map(() => 1))

describe('R by kernel ridge regression', () => {
  it('finds nonlinear functions that linear regression does not', () => {
    const few = { landmarks: 100 }
    const z = normals(1200, 2, 1)
    const zHat = transformed(z, 2, ([a, b]) => [Math.sinh(a) + b, Math.sinh(a) - b])
    const curved = transformed(z, 1, ([a, b]) => [Math.cos(a) + b ** 2])
    expect(right(kernelR(z, zHat, few)).value).toBeGreaterThan(0.97)
    expect(right(kernelR(curved, zHat, few)).value).toBeGreaterThan(0.9)
    expect(right(linearR(curved, zHat)).value).toBeLessThan(0.3)
  })

  it('is near 0 for unrelated latents held out, and not in-sample', () => {
    const [z, zHat] = [normals(200, 2, 1), normals(200, 4, 2)]
    expect(right(kernelR(z, zHat)).value).toBeLessThan(0.2)
    const fixed = { regularization: 1e-6, bandwidth: 0.5 }
    expect(right(kernelR(z, zHat, { ...fixed, evaluation: 'in-sample' })).value).toBeGreaterThan(0.8)
    expect(right(kernelR(z, zHat, fixed)).value).toBeLessThan(0.3)
  })

  it('does not see order, sign or scale of the learned latents', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const [z, noise] = [normals(80, 3, seed), normals(80, 3, seed + 1).data]
        const zHat = { data: rotated(z).data.map((x, i) => x + noise[i]), shape: z.shape }
        const [score, same] = [right(kernelR(z, zHat)), right(kernelR(z, disentangled(zHat)))]
        // Directions at the edge of the rank tolerance may be kept in one order and not in another.
        expect(same.value).toBeCloseTo(score.value, 3)
      }),
      { numRuns: 10 }
    )
  })

  it('comes close to the exact regression from a few landmarks', () => {
    const z = normals(300, 2, 5)
    const zHat = transformed(z, 2, ([a, b]) => [Math.sinh(a) + b, b - a / 2])
    const exact = right(kernelR(z, zHat, { landmarks: 150 })).value
    const few = right(kernelR(z, zHat, { landmarks: 50 })).value
    expect(Math.abs(exact - few)).toBeLessThan(0.02)
  })

  it('is the same for the same seed', () => {
    const [z, zHat] = [normals(200, 2, 5), normals(200, 2, 6)]
    const options = { landmarks: 20, seed: 3 }
    expect(kernelR(z, zHat, options)).toEqual(kernelR(z, zHat, options))
  })

  it('gives a constant true latent 0, and ignores a constant learned one', () => {
    const z = transformed(normals(200, 2, 3), 2, ([a]) => [a, 0.1])
    const zHat = transformed(z, 2, ([a]) => [a, 0.3])
    const { perLatent } = right(kernelR(z, zHat))
    expect(perLatent[0]).toBeGreaterThan(0.99)
    expect(perLatent[1]).toBe(0)
    expect(
      right(
        kernelR(
          z,
          transformed(z, 1, () => [2])
        )
      ).value
    ).toBe(0)
  })
})

describe('R_con by kernel ridge regression', () => {
  const z = normals(300, 3, 8)

  it('is R on the full pattern', () => {
    const zHat = rotated(z)
    const con = right(kernelRCon(z, zHat, FULL, [0, 1, 2]))
    expect(con.perLatent).toEqual(right(kernelR(z, zHat)).perLatent)
  })

  it('falls where the pattern forbids what the truth mixes, and not where it is mixed within', () => {
    const zHat = transformed(z, 3, ([a, b, c]) => [a + b, b - a, Math.sinh(c)])
    const { assignment } = right(mcc(z, zHat, 'spearman'))
    const blocks = [
      [1, 1, 0],
      [1, 1, 0],
      [0, 0, 1]
    ]
    expect(right(kernelRCon(z, zHat, blocks, assignment)).value).toBeGreaterThan(0.98)
    const { perLatent } = right(kernelRCon(z, zHat, IDENTITY, assignment))
    expect(perLatent[0]).toBeLessThan(0.85)
    expect(perLatent[2]).toBeGreaterThan(0.98)
  })

  it('explains nothing by nothing', () => {
    const empty = [
      [0, 0, 0],
      [0, 1, 0],
      [0, 0, 1]
    ]
    expect(right(kernelRCon(z, z, empty, [0, 1, 2])).perLatent[0]).toBe(0)
  })
})

describe('bad input', () => {
  const z = normals(20, 3, 0)
  it.each([
    ['too few rows to split', kernelR(normals(3, 1, 0), normals(3, 1, 1)), { _tag: 'TooFewRows', needed: 4 }],
    ['no λ', kernelR(z, z, { regularization: [] }), { _tag: 'BadOption', option: 'regularization' }],
    ['a bandwidth of 0', kernelR(z, z, { bandwidth: 0 }), { _tag: 'BadOption', option: 'bandwidth' }],
    ['one landmark', kernelR(z, z, { landmarks: 1 }), { _tag: 'BadOption', option: 'landmarks' }],
    [
      'rows that both sets share',
      kernelR(z, z, { evaluation: { fit: [0, 1], score: [1, 2] } }),
      { _tag: 'BadOption' }
    ],
    ['half a row', kernelR(z, z, { evaluation: { fit: [0, 0.5], score: [1, 2] } }), { _tag: 'BadOption' }],
    ['a pattern of another size', kernelRCon(z, z, [[1]], [0, 1, 2]), { _tag: 'BadGraph' }],
    ['a share of 1', splitRows(10, { fitShare: 1 }), { _tag: 'BadOption', option: 'fitShare' }]
  ])('refuses %s', (_, result, error) => {
    expect(result).toMatchObject({ _tag: 'Left', left: error })
  })
})
