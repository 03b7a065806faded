import { orThrow } from '@mechid/values'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { heldOutRows, kernelR, kernelRCon, linearR, mcc } from '../src/index.js'
import { kernelRidge } from '../src/regression/internal/kernel-ridge.js'
import { disentangled, normals, rotated, transformed } from './inputs.js'

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
    expect(orThrow(kernelR(z, zHat, few)).value).toBeGreaterThan(0.97)
    expect(orThrow(kernelR(curved, zHat, few)).value).toBeGreaterThan(0.9)
    expect(orThrow(linearR(curved, zHat)).value).toBeLessThan(0.3)
  })

  it('is near 0 for unrelated latents held out, and not in-sample', () => {
    const [z, zHat] = [normals(200, 2, 1), normals(200, 4, 2)]
    expect(orThrow(kernelR(z, zHat)).value).toBeLessThan(0.2)
    const fixed = { regularization: 1e-6, bandwidth: 0.5 }
    expect(orThrow(kernelR(z, zHat, { ...fixed, evaluation: 'in-sample' })).value).toBeGreaterThan(0.8)
    expect(orThrow(kernelR(z, zHat, fixed)).value).toBeLessThan(0.3)
  })

  it('does not see order, sign or scale of the learned latents', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const [z, noise] = [normals(80, 3, seed), normals(80, 3, seed + 1).data]
        const zHat = { data: rotated(z).data.map((x, i) => x + noise[i]), shape: z.shape }
        const [score, same] = [orThrow(kernelR(z, zHat)), orThrow(kernelR(z, disentangled(zHat)))]
        // Directions at the edge of the rank tolerance may be kept in one order and not in another.
        expect(same.value).toBeCloseTo(score.value, 3)
      }),
      { numRuns: 10 }
    )
  })

  it('comes close to the exact regression from a few landmarks', () => {
    const z = normals(300, 2, 5)
    const zHat = transformed(z, 2, ([a, b]) => [Math.sinh(a) + b, b - a / 2])
    const exact = orThrow(kernelR(z, zHat, { landmarks: 150 })).value
    const few = orThrow(kernelR(z, zHat, { landmarks: 50 })).value
    expect(Math.abs(exact - few)).toBeLessThan(0.02)
  })

  it('is the same for the same seed, and another for another', () => {
    const [z, zHat] = [normals(200, 2, 5), normals(200, 2, 6)]
    const options = { landmarks: 20, seed: 3 }
    expect(kernelR(z, zHat, options)).toEqual(kernelR(z, zHat, options))
    expect(kernelR(z, zHat, options)).not.toEqual(kernelR(z, zHat, { ...options, seed: 4 }))
  })

  it('puts kernels on as many random rows as it is told, or on all', () => {
    const [y, x] = [normals(50, 2, 5), normals(50, 1, 6)]
    const landmarksOf = (landmarks: number, seed: number): readonly number[] => {
      const choices = { regularization: [0.1], bandwidth: [1], landmarks, seed }
      return Array.from(kernelRidge(x, y, choices).landmarks.data)
    }
    const all = landmarksOf(50, 1)
    expect(landmarksOf(99, 2)).toEqual(all)
    expect(new Set(landmarksOf(20, 1)).size).toBe(20)
    expect(landmarksOf(20, 1).every((value) => all.includes(value))).toBe(true)
    expect(landmarksOf(20, 1)).not.toEqual(landmarksOf(20, 2))
  })

  it('gives a constant true latent 0, and ignores a constant learned one', () => {
    const z = transformed(normals(200, 2, 3), 2, ([a]) => [a, 0.1])
    const zHat = transformed(z, 2, ([a]) => [a, 0.3])
    const { perLatent } = orThrow(kernelR(z, zHat))
    expect(perLatent[0]).toBeGreaterThan(0.99)
    expect(perLatent[1]).toBe(0)
    expect(
      orThrow(
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
    const con = orThrow(kernelRCon(z, zHat, FULL, [0, 1, 2]))
    expect(con.perLatent).toEqual(orThrow(kernelR(z, zHat)).perLatent)
  })

  it('falls where the pattern forbids what the truth mixes, and not where it is mixed within', () => {
    // Bent less than sinh c, whose tails a split may put out of the fit's reach.
    const zHat = transformed(z, 3, ([a, b, c]) => [a + b, b - a, Math.sinh(c / 2)])
    const { assignment } = orThrow(mcc(z, zHat, 'spearman'))
    const blocks = [
      [1, 1, 0],
      [1, 1, 0],
      [0, 0, 1]
    ]
    expect(orThrow(kernelRCon(z, zHat, blocks, assignment)).value).toBeGreaterThan(0.98)
    const { perLatent } = orThrow(kernelRCon(z, zHat, IDENTITY, assignment))
    expect(perLatent[0]).toBeLessThan(0.85)
    expect(perLatent[2]).toBeGreaterThan(0.99)
  })

  it('explains nothing by nothing', () => {
    const empty = [
      [0, 0, 0],
      [0, 1, 0],
      [0, 0, 1]
    ]
    expect(orThrow(kernelRCon(z, z, empty, [0, 1, 2])).perLatent[0]).toBe(0)
  })
})

describe('bad input', () => {
  const z = normals(20, 3, 0)
  it.each([
    ['too few rows to split', kernelR(normals(3, 1, 0), normals(3, 1, 1)), { _tag: 'TooFewRows', needed: 4 }],
    ['no λ', kernelR(z, z, { regularization: [] }), { _tag: 'InvalidOption', what: 'regularization' }],
    ['a bandwidth of 0', kernelR(z, z, { bandwidth: 0 }), { _tag: 'InvalidOption', what: 'bandwidth' }],
    ['one landmark', kernelR(z, z, { landmarks: 1 }), { _tag: 'InvalidOption', what: 'landmarks' }],
    [
      'rows that both sets share',
      kernelR(z, z, { evaluation: { fit: [0, 1], score: [1, 2] } }),
      { _tag: 'InvalidOption' }
    ],
    [
      'half a row',
      kernelR(z, z, { evaluation: { fit: [0, 0.5], score: [1, 2] } }),
      { _tag: 'InvalidOption' }
    ],
    [
      'a pattern of another size',
      kernelRCon(z, z, [[1]], [0, 1, 2]),
      { _tag: 'ShapeMismatch', what: 'the length of pattern' }
    ],
    ['a share of 1', heldOutRows(10, { fitShare: 1 }), { _tag: 'InvalidOption', what: 'fitShare' }]
  ])('refuses %s', (_, result, error) => {
    expect(result).toMatchObject({ _tag: 'Left', left: error })
  })
})
