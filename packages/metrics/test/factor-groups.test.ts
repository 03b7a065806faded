/** The FactorVAE and β-VAE scores. */
import { orThrow, type Samples } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import {
  betaVaeScore,
  type FactorGroups,
  factorVaeScore,
  type GroupRequest,
  groupsOfRows
} from '../src/index.js'
import { discrete, disentangled, normals, rotated, transformed, uniform } from './inputs.js'

const ROWS = 3000
const continuous = uniform(ROWS, 3, 1)
const factors = discrete(ROWS, 3, 4, 2)
const quick = { points: 60, pairs: 20 }

/** Factors uniform on [0, 1], and codes of them without any data set. */
const simulated = (encode: (z: Samples) => Samples): FactorGroups => ({
  factors: 3,
  sampleCodes: ({ factor, groups, size, random }: GroupRequest) => {
    const data = Float64Array.from({ length: groups * size * 3 }, random)
    for (let i = 0; i < groups * size; i++) {
      data[3 * i + factor] = data[3 * (i - (i % size)) + factor]
    }
    return encode({ data, shape: [groups * size, 3] })
  }
})

describe('scores of groups with a fixed factor', () => {
  it.each([
    [
      'discrete factors',
      (encode: (z: Samples) => Samples) => orThrow(groupsOfRows(factors, encode(factors)))
    ],
    [
      'binned factors',
      (encode: (z: Samples) => Samples) => orThrow(groupsOfRows(continuous, encode(continuous)))
    ],
    ['a simulator', simulated]
  ])('%s: 1 for disentangled codes, chance for unrelated ones', (_, source) => {
    const perfect = source(disentangled)
    expect(orThrow(factorVaeScore(perfect)).value).toBe(1)
    expect(orThrow(betaVaeScore(perfect, quick)).value).toBe(1)
    const unrelated = source(({ shape }) => normals(shape[0], 4, 5))
    const factorVae = orThrow(factorVaeScore(unrelated))
    const betaVae = orThrow(betaVaeScore(unrelated, quick))
    expect(factorVae.chance).toBeCloseTo(1 / 3, 12)
    // 300 and 180 guesses, each right with probability ⅓: within four standard deviations.
    expect(Math.abs(factorVae.value - 1 / 3)).toBeLessThan(0.11)
    expect(Math.abs(betaVae.value - 1 / 3)).toBeLessThan(0.15)
  })

  it('the FactorVAE score tells a rotation from disentangled codes', () => {
    // Each pair of factors by 45°: within a group, codes of both vary least.
    const turned = (z: Samples) => transformed(z, 2, ([a, b]) => [a + b, a - b])
    const source = orThrow(groupsOfRows(discrete(ROWS, 2, 4, 4), turned(discrete(ROWS, 2, 4, 4))))
    const { value, votes } = orThrow(factorVaeScore(source))
    expect(value).toBeLessThan(0.7)
    expect(votes.flat().reduce((sum, x) => sum + x, 0)).toBe(200)
  })

  it('the β-VAE score lets mixtures pass that the FactorVAE score lets pass less', () => {
    const source = orThrow(groupsOfRows(factors, rotated(factors)))
    expect(orThrow(betaVaeScore(source, quick)).value).toBeGreaterThan(0.9)
  })

  it('order, sign and scale do not matter', () => {
    const [plain, turned] = [rotated(factors), disentangled(rotated(factors))].map((codes) =>
      orThrow(groupsOfRows(factors, codes))
    )
    expect(orThrow(factorVaeScore(turned)).value).toBeCloseTo(orThrow(factorVaeScore(plain)).value, 12)
    expect(orThrow(betaVaeScore(turned, quick)).value).toBeCloseTo(
      orThrow(betaVaeScore(plain, quick)).value,
      1
    )
  })

  it('constant codes never win', () => {
    const padded = transformed(factors, 4, ([a, b, c]) => [0.1, c, a, b])
    const { value, votes } = orThrow(factorVaeScore(orThrow(groupsOfRows(factors, padded))))
    expect(value).toBe(1)
    expect(votes[0]).toEqual([0, 0, 0])
    const dead = orThrow(
      groupsOfRows(
        factors,
        transformed(factors, 2, () => [0.1, 0.3])
      )
    )
    expect(orThrow(factorVaeScore(dead)).value).toBe(0)
    expect(orThrow(betaVaeScore(dead, quick)).value).toBeCloseTo(1 / 3, 12)
  })

  it('the same seed gives the same score', () => {
    const source = orThrow(groupsOfRows(factors, rotated(factors), { seed: 4 }))
    expect(factorVaeScore(source, { seed: 1 })).toEqual(factorVaeScore(source, { seed: 1 }))
    expect(betaVaeScore(source, { ...quick, seed: 1 })).toEqual(betaVaeScore(source, { ...quick, seed: 1 }))
  })

  it('no row serves both to fit and to score', () => {
    const numbered = transformed(factors, 1, () => [0])
    for (let i = 0; i < ROWS; i++) numbered.data[i] = i
    const { sampleCodes } = orThrow(groupsOfRows(factors, numbered))
    const seen = (part: 'fit' | 'score') =>
      new Set(sampleCodes({ factor: 1, groups: 50, size: 30, random: Math.random, part }).data)
    const fit = seen('fit')
    expect([...seen('score')].filter((row) => fit.has(row))).toEqual([])
  })
})

describe('bad input', () => {
  const source = simulated(disentangled)
  it.each([
    ['no votes', factorVaeScore(source, { votes: 0 }), { _tag: 'InvalidOption', what: 'votes' }],
    ['groups of one', factorVaeScore(source, { size: 1 }), { _tag: 'InvalidOption', what: 'size' }],
    ['no factors', betaVaeScore({ ...source, factors: 0 }), { _tag: 'InvalidOption', what: 'factors' }],
    ['no penalty', betaVaeScore(source, { penalty: 0 }), { _tag: 'InvalidOption', what: 'penalty' }],
    [
      'a source of too few rows',
      factorVaeScore({ factors: 3, sampleCodes: () => normals(9, 3, 0) }),
      { _tag: 'ShapeMismatch', expected: '6400 rows' }
    ],
    [
      'codes whose number changes',
      factorVaeScore({ factors: 2, sampleCodes: ({ factor }) => normals(6400, 3 + factor, 0) }),
      { _tag: 'ShapeMismatch' }
    ],
    [
      'a source of values that are not numbers',
      betaVaeScore(simulated((z) => transformed(z, 1, () => [Number.NaN]))),
      { _tag: 'NotFinite' }
    ],
    [
      'a factor whose values never repeat',
      groupsOfRows(normals(8, 1, 0), normals(8, 1, 1), { bins: 8 }),
      { _tag: 'TooFewRows', needed: 2 }
    ]
  ])('refuses %s', (_, result, error) => {
    expect(result).toMatchObject({ _tag: 'Left', left: error })
  })
})
