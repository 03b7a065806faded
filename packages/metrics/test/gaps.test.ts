/** MIG, SAP, modularity and IRS. */
import { orThrow, type Samples } from '@mechid/values'
import * as fc from 'fast-check'
import type { Either } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { irs, type MetricError, mig, modularity, mutualInformation, sap } from '../src/index.js'
import { discrete, disentangled, normals, rotated, transformed, uniform } from './inputs.js'

const ROWS = 4000
const z = uniform(ROWS, 3, 1)
const unrelated = uniform(ROWS, 3, 2)
const factors = discrete(ROWS, 3, 5, 3)

const value = (name: string, truth: Samples, learned: Samples): number =>
  orThrow(SCORES[name](truth, learned)).value

const SCORES: Record<string, (a: Samples, b: Samples) => Either<MetricError, { readonly value: number }>> = {
  mig: (a: Samples, b: Samples) => mig(a, b, { bins: 10 }),
  sap: (a: Samples, b: Samples) => sap(a, b),
  modularity: (a: Samples, b: Samples) => modularity(a, b, { bins: 10 }),
  irs: (a: Samples, b: Samples) => irs(a, b, { bins: 10 })
}

describe('perfect codes, mixtures and chance', () => {
  it.each([
    // [score, least for perfect codes, range for the rotation, most for unrelated codes]
    ['mig', 0.97, [0.05, 0.4], 0.01],
    // By its definition: 0.80² − 0.51² = 0.392.
    ['sap', 0.97, [0.37, 0.41], 0.01],
    ['modularity', 0.999, [0.8, 0.96], 0.8],
    ['irs', 0.88, [0.1, 0.5], 0.12]
  ] as const)('%s', (name, perfect, [low, high], chance) => {
    expect(value(name, z, disentangled(z))).toBeGreaterThan(perfect)
    expect(value(name, z, rotated(z))).toBeGreaterThanOrEqual(low)
    expect(value(name, z, rotated(z))).toBeLessThan(high)
    expect(value(name, z, unrelated)).toBeLessThan(chance)
  })

  it.each(['mig', 'sap', 'modularity', 'irs'] as const)('%s is at the top for discrete factors', (name) => {
    expect(value(name, factors, disentangled(factors))).toBeGreaterThan(0.99)
    expect(value(name, factors, disentangled(factors))).toBeLessThanOrEqual(1)
  })

  it.each(['mig', 'sap', 'modularity', 'irs'] as const)('%s does not see order, sign or scale', (name) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const truth = discrete(120, 3, 3, seed)
        const noise = uniform(120, 3, seed + 1).data
        const learned = { data: rotated(truth).data.map((x, i) => x + noise[i]), shape: truth.shape }
        // One scale for all codes: the scale of each is its weight in IRS.
        const turned = transformed(learned, 3, ([a, b, c]) => [-2 * c + 5, 2 * a, -2 * b - 3])
        const [score, same] = [value(name, truth, learned), value(name, truth, turned)]
        expect(score).toBeGreaterThanOrEqual(0)
        expect(score).toBeLessThanOrEqual(1)
        expect(same).toBeCloseTo(score, 8)
      }),
      { numRuns: 25 }
    )
  })
})

describe('known answers', () => {
  // Two fair coins, all four outcomes equally often.
  const coins = transformed(discrete(400, 1, 1, 0), 2, () => [0, 0])
  for (let i = 0; i < 400; i++) {
    coins.data[2 * i] = i % 2
    coins.data[2 * i + 1] = (i >> 1) % 2
  }

  it('mutual information of coins is log 2, and 0', () => {
    const { table, entropies } = orThrow(mutualInformation(coins, coins))
    expect(entropies[0]).toBeCloseTo(Math.LN2, 12)
    expect(table[0][0]).toBeCloseTo(Math.LN2, 12)
    expect(table[0][1]).toBeCloseTo(0, 12)
  })

  it('a code that repeats another closes the gap, and leaves modularity', () => {
    const twice = transformed(coins, 3, ([a, b]) => [a, a, b])
    expect(orThrow(mig(coins, twice)).perLatent[0]).toBeCloseTo(0, 12)
    expect(orThrow(mig(coins, twice)).perLatent[1]).toBeCloseTo(1, 12)
    expect(orThrow(sap(coins, twice)).perLatent[0]).toBeCloseTo(0, 10)
    expect(orThrow(modularity(coins, twice)).value).toBeCloseTo(1, 12)
  })

  it('a code of both coins is not modular, nor robust given one', () => {
    const sum = transformed(coins, 1, ([a, b]) => [a + b])
    expect(orThrow(modularity(coins, sum)).value).toBeCloseTo(0, 12)
    // Given one coin it still moves by half either way; at most it moves by one.
    expect(orThrow(irs(coins, sum)).value).toBeCloseTo(0.5, 12)
    expect(orThrow(mig(coins, sum)).perLatent[0]).toBeCloseTo(0.5, 12)
  })

  it('SAP in-sample is a gap of squared correlations', () => {
    const truth = normals(200, 1, 4)
    const noise = normals(200, 2, 5).data
    const codes = transformed(truth, 2, ([a]) => [a, 0.3 * a])
    const noisy = { data: codes.data.map((x, i) => x + noise[i]), shape: codes.shape }
    const inSample = orThrow(sap(truth, noisy, { evaluation: 'in-sample' })).value
    const table = [0, 1].map((j) => {
      const one = transformed(noisy, 1, (row) => [row[j]])
      return orThrow(sap(truth, one, { evaluation: 'in-sample' })).value
    })
    expect(inSample).toBeCloseTo(table[0] - table[1], 10)
  })

  it('bins of equal counts see through monotone functions', () => {
    const cubed = transformed(z, 3, ([a, b, c]) => [Math.exp(5 * b), a ** 5, c])
    const options = { bins: 10, cut: 'equal-count' } as const
    expect(orThrow(mig(z, cubed, options)).value).toBeCloseTo(orThrow(mig(z, z, options)).value, 10)
    expect(orThrow(mig(z, cubed, { bins: 10 })).value).toBeLessThan(0.9)
  })

  it('names the true latent that each code is robust given', () => {
    expect(orThrow(irs(factors, disentangled(factors))).parents).toEqual([2, 0, 1])
  })
})

describe('constants', () => {
  const truth = transformed(factors, 3, ([a, b]) => [a, b, 0.1])
  const codes = transformed(factors, 3, ([a, b]) => [b, a, 0.7])
  const dead = transformed(factors, 2, () => [0.1, 0.3])
  it('score 0 where they are true latents or codes, and are nothing else', () => {
    expect(orThrow(mig(truth, codes)).perLatent[2]).toBe(0)
    expect(orThrow(sap(truth, codes)).perLatent[2]).toBe(0)
    expect(orThrow(modularity(truth, codes)).perCode[2]).toBe(0)
    expect(orThrow(irs(truth, codes)).value).toBeGreaterThan(0.99)
    for (const name of ['mig', 'sap', 'modularity', 'irs'] as const)
      expect(value(name, factors, dead)).toBe(0)
  })
})

it.each([
  ['one bin', mig(z, z, { bins: 1 }), { _tag: 'InvalidOption', what: 'bins' }],
  ['one factor for modularity', modularity(normals(9, 1, 0), normals(9, 2, 1)), { _tag: 'ShapeMismatch' }],
  ['a quantile of 0', irs(z, z, { quantile: 0 }), { _tag: 'InvalidOption', what: 'quantile' }],
  ['different rows', sap(z, normals(9, 2, 1)), { _tag: 'ShapeMismatch' }],
  [
    'values that are not numbers',
    irs(
      z,
      transformed(z, 1, () => [Number.NaN])
    ),
    { _tag: 'NotFinite' }
  ]
])('refuses %s', (_, result, error) => {
  expect(result).toMatchObject({ _tag: 'Left', left: error })
})
