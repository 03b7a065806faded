import { orThrow } from '@mechid/values'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { informativeLatents, pairwiseMcc, udr } from '../src/index.js'
import { disentangled, normals, rotated, transformed } from './inputs.js'

const z = normals(400, 3, 1)
const monotone = transformed(z, 3, ([a, b, c]) => [Math.exp(b), -(a ** 3), Math.tanh(c)])
const unrelated = normals(400, 3, 9)

describe.each(['spearman', 'lasso'] as const)('UDR, %s', (kind) => {
  it('is highest for models that agree, lower for mixtures, near chance for unrelated ones', () => {
    const agreeing = orThrow(udr([z, disentangled(z), disentangled(disentangled(z))], { kind })).scores
    const mixed = orThrow(udr([z, disentangled(z), rotated(z)], { kind })).scores
    const chance = orThrow(udr([z, unrelated, normals(400, 3, 11)], { kind })).scores
    // Chance correlations of 400 rows, and the lasso's shrinkage by 0.1, keep it from 1.
    for (const score of agreeing) expect(score).toBeGreaterThan(0.85)
    expect(mixed[2]).toBeLessThan(0.6)
    expect(mixed[2]).toBeGreaterThan(0.2)
    for (const score of chance) expect(score).toBeLessThan(0.15)
  })

  it('names the model that agrees with most others', () => {
    const { best, pairs } = orThrow(udr([rotated(z), z, disentangled(z), unrelated, z], { kind }))
    expect([1, 2, 4]).toContain(best)
    expect(pairs.map((row, i) => row[i])).toEqual([0, 0, 0, 0, 0])
  })

  it('does not see order, sign or scale', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const [x, y] = [normals(50, 3, seed), normals(50, 3, seed + 1)]
        const mixture = { data: rotated(x).data.map((v, i) => v + y.data[i]), shape: x.shape }
        const plain = orThrow(udr([x, mixture, y], { kind }))
        const turned = orThrow(udr([x, disentangled(mixture), disentangled(y)], { kind }))
        turned.scores.forEach((score, m) => {
          expect(score).toBeCloseTo(plain.scores[m], 8)
        })
      }),
      { numRuns: 20 }
    )
  })

  it('looks at informative latents only', () => {
    const padded = (seed: number) =>
      transformed({ data: z.data, shape: z.shape }, 4, ([a, b, c]) => [a, b, c, Math.sin(seed * (a + b + c))])
    const models = [padded(31), padded(47), padded(59)]
    const informative = informativeLatents(models.map(() => [1.2, 0.8, 0.02, 0.004]))
    expect(informative[0]).toEqual([true, true, true, false])
    const masked = orThrow(udr(models, { kind, informative })).scores
    expect(masked).toEqual(orThrow(udr([z, z, z], { kind })).scores)
  })

  it('gives a model without informative latents 0', () => {
    const informative = [
      [false, false, false],
      [true, true, true],
      [true, true, true]
    ]
    const { scores } = orThrow(udr([z, z, z], { kind, informative }))
    expect(scores[0]).toBe(0)
  })
})

it('UDR by Spearman sees through monotone functions', () => {
  const plain = orThrow(udr([z, disentangled(z), z])).scores[0]
  expect(orThrow(udr([z, monotone, monotone])).scores[0]).toBeCloseTo(plain, 10)
})

describe('pairwise MCC', () => {
  it('is 1 for models that agree, and averages as told', () => {
    expect(orThrow(pairwiseMcc([z, disentangled(z), z])).value).toBeCloseTo(1, 10)
    const models = [z, disentangled(z), z, unrelated]
    const [mean, median] = (['mean', 'median'] as const).map((average) =>
      orThrow(pairwiseMcc(models, { average }))
    )
    expect(mean.pairs[3][0]).toBe(mean.pairs[0][3])
    const chance = (mean.pairs[3][0] + mean.pairs[3][1] + mean.pairs[3][2]) / 3
    expect(mean.perModel[3]).toBeCloseTo(chance, 12)
    expect(mean.value).toBeCloseTo((3 + 3 * chance) / 6, 10)
    expect(median.perModel[0]).toBeCloseTo(1, 10)
  })

  it('takes models of different sizes: latents that only one of them has count 0', () => {
    const fewer = transformed(z, 2, ([a, , c]) => [c, a])
    for (const models of [
      [z, fewer],
      [fewer, z]
    ])
      expect(orThrow(pairwiseMcc(models, { kind: 'spearman' })).value).toBeCloseTo(2 / 3, 10)
  })
})

it.each([
  ['one model', udr([z]), { _tag: 'ShapeMismatch', what: 'the number of models', actual: '1' }],
  ['models of other rows', pairwiseMcc([z, normals(9, 3, 1)]), { _tag: 'ShapeMismatch' }],
  ['a mask of another size', udr([z, z], { informative: [[true], [true]] }), { _tag: 'ShapeMismatch' }],
  ['a negative penalty', udr([z, z], { kind: 'lasso', penalty: -1 }), { _tag: 'InvalidOption' }]
])('refuses %s', (_, result, error) => {
  expect(result).toMatchObject({ _tag: 'Left', left: error })
})
