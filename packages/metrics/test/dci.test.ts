import { orThrow } from '@mechid/values'
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { dci, forestRegressor, importanceScores, lassoRegressor, type Regressor } from '../src/index.js'
import { disentangled, normals, rotated, transformed } from './inputs.js'

const z = normals(1000, 3, 1)
const regressors: Array<[string, Regressor]> = [
  ['the lasso', lassoRegressor()],
  ['a forest', forestRegressor({ trees: 10 })]
]

describe.each(regressors)('DCI by %s', (_, regressor) => {
  const of = (learned: Parameters<typeof dci>[1]) => orThrow(dci(z, learned, { regressor }))

  it('is at the top for disentangled codes, less for a rotation, and uninformative at chance', () => {
    const [perfect, mixed, chance] = [of(disentangled(z)), of(rotated(z)), of(normals(1000, 3, 8))]
    for (const name of ['disentanglement', 'completeness', 'informativeness'] as const) {
      expect(perfect[name]).toBeGreaterThan(0.95)
      expect(perfect[name]).toBeLessThanOrEqual(1)
    }
    expect(mixed.disentanglement).toBeLessThan(0.4)
    expect(mixed.completeness).toBeLessThan(0.4)
    expect(mixed.informativeness).toBeGreaterThan(0.7)
    expect(chance.informativeness).toBeLessThan(0.05)
    expect(chance.errors[0]).toBeGreaterThan(0.95)
  })

  it('follows the order of the codes', () => {
    const [plain, turned] = [of(rotated(z)), of(disentangled(rotated(z)))]
    expect(turned.disentanglement).toBeCloseTo(plain.disentanglement, 2)
    expect(turned.perCode[0]).toBeCloseTo(plain.perCode[2], 1)
  })

  it('survives constants', () => {
    const constants = transformed(z, 2, ([a]) => [a, 0.1])
    const { perLatent, errors } = orThrow(dci(constants, constants, { regressor }))
    expect(perLatent[1]).toBe(0)
    expect(errors[1]).toBe(1)
    const dead = orThrow(
      dci(
        z,
        transformed(z, 2, () => [0.1, 3]),
        { regressor }
      )
    )
    expect([dead.disentanglement, dead.completeness, dead.informativeness]).toEqual([0, 0, 0])
  })
})

describe('regressors', () => {
  it('a forest sees what the lasso does not', () => {
    const squares = transformed(z, 3, ([a, b, c]) => [a * a, Math.abs(b), Math.cos(2 * c)])
    const linear = orThrow(dci(squares, disentangled(z)))
    const forest = orThrow(dci(squares, disentangled(z), { regressor: forestRegressor() }))
    expect(linear.informativeness).toBeLessThan(0.1)
    expect(forest.informativeness).toBeGreaterThan(0.9)
    expect(forest.disentanglement).toBeGreaterThan(0.9)
  })

  it('a forest is the same for the same seed, and interpolates', () => {
    const target = transformed(z, 1, ([a, b]) => [a > 0 ? 1 : b > 0 ? 2 : 3])
    const [first, second] = [0, 0].map((seed) => orThrow(forestRegressor({ seed })(z, target)))
    expect(first.predict(z)).toEqual(second.predict(z))
    const predicted = first.predict(z)
    let error = 0
    for (let i = 0; i < 1000; i++) error += (predicted[i] - target.data[i]) ** 2 / 1000
    expect(error).toBeLessThan(0.03)
    expect(first.importances[2]).toBeLessThan(0.03)
    expect(Array.from(first.importances).reduce((sum, x) => sum + x)).toBeCloseTo(1, 12)
  })

  it('may be the user’s own', () => {
    const first: Regressor = (_, target) =>
      E.right({
        importances: [1, 0, 0],
        predict: ({ shape }) => new Float64Array(shape[0]).fill(target.data[0])
      })
    const scores = orThrow(dci(z, z, { regressor: first }))
    expect(scores.importances).toEqual([
      [1, 1, 1],
      [0, 0, 0],
      [0, 0, 0]
    ])
    expect(scores.disentanglement).toBeCloseTo(0, 12)
    expect(scores.completeness).toBeCloseTo(1, 12)
  })

  it('in-sample informativeness flatters', () => {
    const [truth, noise] = [normals(60, 1, 3), normals(60, 20, 4)]
    const options = { regressor: lassoRegressor({ penalty: 0.001 }) }
    const inSample = orThrow(dci(truth, noise, { ...options, evaluation: 'in-sample' })).informativeness
    expect(inSample).toBeGreaterThan(0.2)
    expect(orThrow(dci(truth, noise, options)).informativeness).toBeLessThan(0.1)
  })
})

describe('scores of importances', () => {
  it('are 1 for a permutation and 0 for a table of ones, however it is scaled', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (scale) => {
        const permutation = [
          [0, scale, 0],
          [0, 0, 2 * scale],
          [3 * scale, 0, 0]
        ]
        expect(orThrow(importanceScores(permutation))).toMatchObject({ disentanglement: 1, completeness: 1 })
        const flat = orThrow(importanceScores(permutation.map((row) => row.map(() => scale))))
        expect(flat.disentanglement).toBeCloseTo(0, 12)
        expect(flat.completeness).toBeCloseTo(0, 12)
      })
    )
  })

  it('weigh codes by what they matter: log₂ 2 of log₂ 4 for halves', () => {
    // Code 0 holds true latents 0 and 1 in equal parts, codes 1 and 2 one each.
    const scores = orThrow(
      importanceScores([
        [1, 1, 0, 0],
        [0, 0, 1, 0],
        [0, 0, 0, 1]
      ])
    )
    expect(scores.disentanglement).toBeCloseTo(0.5 * 0.5 + 0.5, 12)
    expect(scores.completeness).toBe(1)
  })

  it('are swapped by transposing, up to weights', () => {
    const table = [
      [0.2, 0.5],
      [0.7, 0.1]
    ]
    const transposed = [
      [0.2, 0.7],
      [0.5, 0.1]
    ]
    expect(orThrow(importanceScores(table)).perCode).toEqual(orThrow(importanceScores(transposed)).perLatent)
  })
})

it.each([
  ['a ragged table', importanceScores([[1, 2], [1]]), { _tag: 'ShapeMismatch' }],
  [
    'a negative importance',
    importanceScores([[1, -2]]),
    { _tag: 'InvalidOption', what: 'importances[0][1]', actual: '-2' }
  ],
  ['no table', importanceScores([]), { _tag: 'ShapeMismatch' }],
  [
    'a negative penalty',
    dci(z, z, { regressor: lassoRegressor({ penalty: -1 }) }),
    { _tag: 'InvalidOption' }
  ],
  [
    'no trees',
    dci(z, z, { regressor: forestRegressor({ trees: 0 }) }),
    { _tag: 'InvalidOption', what: 'trees' }
  ],
  [
    'bins beyond a byte',
    dci(z, z, { regressor: forestRegressor({ bins: 300 }) }),
    { _tag: 'InvalidOption', what: 'bins' }
  ]
])('refuses %s', (_, result, error) => {
  expect(result).toMatchObject({ _tag: 'Left', left: error })
})
