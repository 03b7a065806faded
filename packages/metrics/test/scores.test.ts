import { generator } from '@mechid/random'
import { orThrow, type Samples } from '@mechid/values'
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import {
  bestAssignment,
  bootstrap,
  graphAfterAssignment,
  heldOutRows,
  linearR,
  type MetricError,
  mcc,
  mccChance,
  measuredEntanglement,
  rCon,
  shdAfterAssignment
} from '../src/index.js'
import { disentangled, normals, transformed } from './inputs.js'

const seeds = fc.integer({ min: 0, max: 1e6 })

describe('assignment', () => {
  it('is the best of all, also where counts differ', () => {
    const best = (w: number[][], i: number, used: number): number => {
      if (i === w.length) return 0
      const [rows, columns] = [w.length, w[0].length]
      // Leaving a row out is allowed only where there are more rows than columns.
      let value = rows > columns ? best(w, i + 1, used) : Number.NEGATIVE_INFINITY
      for (let j = 0; j < columns; j++) {
        if (((used >> j) & 1) === 0) value = Math.max(value, w[i][j] + best(w, i + 1, used | (1 << j)))
      }
      return value
    }
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 5 }),
        seeds,
        (rows, columns, seed) => {
          const random = generator(seed)
          const w = Array.from({ length: rows }, () =>
            Array.from({ length: columns }, () => random.uniform())
          )
          const assignment = bestAssignment(w)
          const matched = assignment.flatMap((j, i) => (j < 0 ? [] : [w[i][j]]))
          expect(matched.length).toBe(Math.min(rows, columns))
          expect(matched.reduce((sum, x) => sum + x, 0)).toBeCloseTo(best(w, 0, 0), 10)
        }
      )
    )
  })
})

describe('MCC', () => {
  it('does not see order, sign or scale of the learned latents', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const z = normals(60, 3, seed)
        const zHat = normals(60, 3, seed + 1)
        expect(orThrow(mcc(z, disentangled(zHat))).value).toBeCloseTo(orThrow(mcc(z, zHat)).value, 10)
      })
    )
  })

  it('is 1 by Spearman for monotone functions, and less by Pearson', () => {
    const z = normals(500, 2, 4)
    const zHat = transformed(z, 2, ([a, b]) => [Math.exp(b), -(a ** 3)])
    expect(orThrow(mcc(z, zHat, 'spearman'))).toMatchObject({ value: 1, assignment: [1, 0] })
    expect(orThrow(mcc(z, zHat)).value).toBeLessThan(0.95)
  })

  it('counts a true latent without a partner as 0, and no learned one that is left over', () => {
    const z = normals(300, 3, 8)
    const fewer = transformed(z, 2, ([a, , c]) => [c, a])
    expect(orThrow(mcc(z, fewer))).toMatchObject({ assignment: [1, -1, 0], unmatched: 1 })
    expect(orThrow(mcc(z, fewer)).value).toBeCloseTo(2 / 3, 10)
    expect(orThrow(mcc(fewer, z))).toMatchObject({ assignment: [2, 0], unmatched: 0 })
    expect(orThrow(mcc(fewer, z)).value).toBeCloseTo(1, 10)
  })

  it('does not exceed R, whatever the numbers of latents', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 5 }), (seed, learned) => {
        const z = normals(60, 3, seed)
        const zHat = normals(60, learned, seed + 1)
        expect(orThrow(mcc(z, zHat)).value).toBeLessThanOrEqual(orThrow(linearR(z, zHat)).value + 1e-9)
      })
    )
    const z = normals(300, 3, 8)
    const sum = transformed(z, 1, ([a, b, c]) => [a + b + c])
    const [score, r] = [orThrow(mcc(z, sum)), orThrow(linearR(z, sum))]
    expect(score).toMatchObject({ unmatched: 2 })
    expect(score.value).toBeLessThan(r.value)
  })

  it('gives a constant latent correlation 0', () => {
    const z = normals(100, 2, 1)
    const zHat = transformed(z, 2, ([a]) => [a, 0.1])
    expect(orThrow(mcc(z, zHat)).value).toBeCloseTo(0.5, 10)
  })
})

describe('regression scores', () => {
  it('MCC ≤ R_con ≤ R, with equality on the identity pattern', () => {
    fc.assert(
      fc.property(seeds, fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }), (seed, bits) => {
        const z = normals(80, 4, seed)
        const noise = normals(80, 4, seed + 7).data
        const mixed = transformed(z, 4, ([a, b, c, d]) => [a + b, b - c, c + 0.3 * d, d])
        const zHat: Samples = { data: mixed.data.map((x, i) => x + 0.5 * noise[i]), shape: [80, 4] }
        const identity = [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => (i === j ? 1 : 0)))
        const pattern = identity.map((row, i) => row.map((x, j) => (x === 1 || bits[4 * i + j] ? 1 : 0)))
        const { value, assignment } = orThrow(mcc(z, zHat))
        const con = orThrow(rCon(z, zHat, pattern, assignment)).value
        expect(value).toBeLessThanOrEqual(con + 1e-12)
        expect(con).toBeLessThanOrEqual(orThrow(linearR(z, zHat)).value + 1e-12)
        expect(orThrow(rCon(z, zHat, identity, assignment)).value).toBeCloseTo(value, 10)
      })
    )
  })

  it('held-out R falls for noise where in-sample R does not', () => {
    const z = normals(60, 2, 3)
    const zHat = normals(60, 20, 5)
    const heldOut = {
      fit: Array.from({ length: 40 }, (_, i) => i),
      score: Array.from({ length: 20 }, (_, i) => 40 + i)
    }
    expect(orThrow(linearR(z, zHat)).value).toBeGreaterThan(0.4)
    expect(orThrow(linearR(z, zHat, heldOut)).value).toBeLessThan(0.2)
  })

  it('held-out R_con is held-out R where the pattern allows everything, and its parts otherwise', () => {
    const [z, noise] = [normals(80, 2, 3), normals(80, 2, 4).data]
    const zHat: Samples = { data: z.data.map((x, i) => x + noise[i]), shape: z.shape }
    const { fit, score } = orThrow(heldOutRows(80, { seed: 2 }))
    const heldOut = { fit, score }
    const full = [
      [1, 1],
      [1, 1]
    ]
    const first = [
      [1, 0],
      [0, 1]
    ]
    const r = orThrow(linearR(z, zHat, heldOut))
    expect(orThrow(rCon(z, zHat, full, [0, 1], heldOut))).toEqual(r)
    const one = transformed(zHat, 1, ([a]) => [a])
    const alone = orThrow(linearR(z, one, heldOut)).perLatent[0]
    expect(orThrow(rCon(z, zHat, first, [0, 1], heldOut)).perLatent[0]).toBeCloseTo(alone, 12)
  })

  it('survives learned latents that repeat each other', () => {
    const z = normals(100, 2, 3)
    const zHat = transformed(z, 3, ([a, b]) => [a + b, a + b, a - b])
    expect(orThrow(linearR(z, zHat)).value).toBeCloseTo(1, 9)
  })

  describe('see weak directions of learned latents', () => {
    const z = normals(200, 2, 3)
    const heldOut = orThrow(heldOutRows(200, { seed: 2 }))
    const nearly = (spread: number) => transformed(z, 2, ([a, b]) => [a, a + spread * b])

    it.each([1e-2, 1e-5, 1e-7, 1e-9, 1e-11])('%d of the strongest', (spread) => {
      // R² is exact to 1e-8; of the weak direction's digits rounding of the strong one leaves some.
      const lost = Math.max(1e-8, (1e-14 / spread) ** 2)
      for (const result of [linearR(z, nearly(spread)), linearR(z, nearly(spread), heldOut)]) {
        const { perLatent, directions } = orThrow(result)
        expect(directions).toEqual([2, 2])
        for (const r of perLatent) expect(1 - r).toBeLessThan(lost)
      }
    })

    it('and count what is rounding as none, at the precision of the numbers', () => {
      const sums = transformed(z, 3, ([a, b]) => [a + 1e3, b, 0.3 * a - b])
      const single: Samples = { data: Float32Array.from(sums.data), shape: sums.shape }
      for (const zHat of [sums, single]) {
        expect(orThrow(linearR(z, zHat)).directions).toEqual([2, 2])
        expect(orThrow(linearR(z, zHat, heldOut)).directions).toEqual([2, 2])
        expect(orThrow(linearR(z, zHat)).value).toBeCloseTo(1, 8)
      }
    })

    it('with constants among true and learned latents, and fewer rows than latents', () => {
      const constant = transformed(z, 2, ([a]) => [a, 0.1])
      const withConstant = transformed(z, 3, ([a, b]) => [0.7, a, a + 1e-7 * b])
      expect(orThrow(linearR(constant, withConstant))).toMatchObject({ directions: [2, 2] })
      expect(orThrow(linearR(constant, withConstant)).perLatent[1]).toBe(0)
      const { perLatent, directions } = orThrow(linearR(normals(6, 1, 1), normals(6, 9, 2)))
      expect(directions).toEqual([5])
      expect(perLatent[0]).toBeCloseTo(1, 10)
    })
  })

  it('will not score on rows that were fitted on', () => {
    const z = normals(10, 2, 3)
    expect(linearR(z, z, { fit: [0, 1, 2], score: [2, 3, 4] })).toMatchObject({
      left: { _tag: 'InvalidOption' }
    })
  })

  it('measures which learned latents a true one depends on', () => {
    const zHat = normals(2000, 3, 9)
    const z = transformed(zHat, 3, ([a, b, c]) => [c, b + a, a])
    const entanglement = orThrow(measuredEntanglement(z, zHat, [2, 1, 0]))
    const rounded = entanglement.map((row) => row.map((x) => (x > 0.05 ? 1 : 0)))
    expect(rounded).toEqual([
      [1, 0, 0],
      [0, 1, 1],
      [0, 0, 1]
    ])
  })
})

describe('chance and confidence', () => {
  it('draws every row as often as any other', () => {
    const counts = new Float64Array(5)
    orThrow(
      bootstrap(
        5,
        (drawn) => {
          drawn.forEach((row) => {
            counts[row]++
          })
          return E.right(drawn.length)
        },
        { resamples: 20_000 }
      )
    )
    // 20,000 of 100,000 each, within four standard deviations of a binomial.
    for (const count of counts) expect(Math.abs(count - 20_000)).toBeLessThan(510)
  })

  it('finds the chance level of ten latents and a hundred rows: 0.17', () => {
    const chance = orThrow(mccChance(normals(100, 10, 1), normals(100, 10, 2), { permutations: 40 }))
    expect(Math.abs(chance.mean - 0.17)).toBeLessThan(0.015)
    expect(chance.quantile95).toBeGreaterThan(chance.mean)
  })

  it('covers the true mean about as often as it says', () => {
    let covered = 0
    for (let seed = 0; seed < 200; seed++) {
      const { data } = normals(60, 1, seed)
      const mean = (drawn: Int32Array): E.Either<MetricError, number> =>
        E.right(drawn.reduce((sum, i) => sum + data[i], 0) / drawn.length)
      const [low, high] = orThrow(bootstrap(60, mean, { resamples: 200, seed }))
      if (low <= 0 && 0 <= high) covered++
    }
    // 95% of 200, within four standard deviations of a binomial, and some percent less for small samples.
    expect(covered).toBeGreaterThan(170)
    expect(covered).toBeLessThan(200)
  })
})

describe('graphs', () => {
  it('renames rows and columns of Gz, and rows of Ga', () => {
    const learned = {
      latents: [
        [1, 1],
        [0, 1]
      ],
      actions: [
        [1, 0, 0],
        [0, 1, 1]
      ]
    }
    expect(graphAfterAssignment(learned, [1, 0])).toEqual({
      latents: [
        [1, 0],
        [1, 1]
      ],
      actions: [
        [0, 1, 1],
        [1, 0, 0]
      ]
    })
    const target = {
      latents: [
        [1, 0],
        [1, 1]
      ],
      actions: [
        [0, 1, 0],
        [1, 1, 0]
      ]
    }
    expect(orThrow(shdAfterAssignment(target, learned, [1, 0]))).toEqual({
      shd: 2,
      falsePositives: 1,
      falseNegatives: 1
    })
  })
})

describe('bad input', () => {
  const z = normals(10, 2, 0)
  const withValue = (value: number): Samples => {
    const data = Float64Array.from(z.data)
    data[7] = value
    return { data, shape: z.shape }
  }
  it.each([
    ['a value that is not a number', mcc(z, withValue(Number.NaN)), { _tag: 'NotFinite', row: 3, column: 1 }],
    [
      'an infinite value',
      linearR(withValue(Number.POSITIVE_INFINITY), z),
      { _tag: 'NotFinite', row: 3, column: 1 }
    ],
    ['different numbers of rows', mcc(z, normals(9, 2, 0)), { _tag: 'ShapeMismatch' }],
    ['one row', mcc(normals(1, 2, 0), normals(1, 2, 0)), { _tag: 'TooFewRows', needed: 2 }],
    ['data that do not fit the shape', mcc({ data: z.data, shape: [3, 2] }, z), { _tag: 'ShapeMismatch' }],
    [
      'a ragged pattern',
      rCon(z, z, [[1], [0, 1]], [0, 1]),
      { _tag: 'ShapeMismatch', what: 'the length of pattern[0]' }
    ],
    [
      'a pattern with other numbers',
      rCon(
        z,
        z,
        [
          [1, 0],
          [0, 0.5]
        ],
        [0, 1]
      ),
      { _tag: 'NotBinary', row: 1, column: 1 }
    ],
    [
      'an assignment that names a latent twice',
      rCon(
        z,
        z,
        [
          [1, 0],
          [0, 1]
        ],
        [0, 0]
      ),
      { _tag: 'BadAssignment' }
    ],
    ['no permutations', mccChance(z, z, { permutations: 0 }), { _tag: 'InvalidOption' }]
  ])('refuses %s', (_, result, error) => {
    expect(result).toMatchObject({ _tag: 'Left', left: error })
    if (result._tag === 'Left') expect(result.left.message.length).toBeGreaterThan(20)
  })
})
