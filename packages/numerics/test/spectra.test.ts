import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  columnsOf,
  combine,
  decideRank,
  frobenius,
  identityMatrix,
  invertibility,
  multiply,
  nullSpace,
  ofRows,
  orthogonalComplement,
  orthonormalRows,
  polarFactor,
  randomRotation,
  rightSvd,
  scaled,
  singularValues,
  spectralBlocks,
  symmetricEigen,
  symmetricEigenvalues,
  tabulated,
  traceOfProduct,
  transposed,
  zeros
} from '../src/index.js'
import { distance, normal } from './matrices.js'

const size = fc.integer({ min: 1, max: 9 })
const seed = fc.nat(1000)
const every = (law: (n: number, m: number, seed: number) => void): void =>
  fc.assert(fc.property(size, size, seed, law), { numRuns: 60 })

describe('singular values', () => {
  it('of any shape belong to orthonormal vectors', () => {
    every((n, m, s) => {
      const a = normal(n, m, generator(s))
      const { values, vectors } = rightSvd(a)
      expect(distance(multiply(transposed(vectors), vectors), identityMatrix(m))).toBeLessThan(1e-12 * m)
      const image = multiply(a, vectors)
      values.forEach((value, k) => {
        expect(frobenius(columnsOf(image, k, k + 1))).toBeCloseTo(value, 10)
        if (k > 0) expect(value).toBeLessThanOrEqual(values[k - 1])
      })
      singularValues(a).forEach((value, k) => {
        expect(value).toBeCloseTo(values[k], 12)
      })
    })
  })

  it('wide matrices have null spaces that they map to 0', () => {
    every((n, extra, s) => {
      const a = scaled(0.1, normal(n, n + extra, generator(s)))
      const { basis, decision } = orThrow(nullSpace('test', a))
      expect(decision.nullity).toBe(extra)
      expect(frobenius(multiply(a, basis))).toBeLessThan(1e-12)
    })
  })

  it('are norms where no two columns meet in a row', () => {
    const apart = ofRows([
      [3, 0, 0],
      [4, 0, 0],
      [0, 0, 7]
    ])
    const { values, vectors } = rightSvd(apart)
    expect([...values]).toEqual([7, 5, 0])
    expect(frobenius(columnsOf(multiply(apart, vectors), 2, 3))).toBe(0)
    expect([...singularValues(apart)].map((x) => x.toFixed(12))).toEqual([
      '7.000000000000',
      '5.000000000000',
      '0.000000000000'
    ])
  })

  it('tell how near to singular a matrix is', () => {
    expect(
      invertibility(
        ofRows([
          [0, 3],
          [4, 0]
        ])
      )
    ).toBeCloseTo(0.75, 12)
    expect(invertibility(zeros(2, 2))).toBe(0)
  })

  it('decide ranks by a gap, or not at all', () => {
    const floor = 1e-13
    expect(decideRank('test', Float64Array.of(1, 0.3, 1e-16), { floor })).toMatchObject({
      right: { nullity: 1, certainty: 'clear' }
    })
    expect(decideRank('test', Float64Array.of(1, 2e-4, 2e-6, 2e-8), { floor: 1e-9 })).toMatchObject({
      left: { _tag: 'Undecided', ladder: [1, 2e-4, 2e-6, 2e-8] }
    })
  })

  it('name what counts as zero above rounding', () => {
    const decided = decideRank('test', Float64Array.of(1, 1e-9, 1e-16), { floor: 1e-13 })
    expect(decided).toMatchObject({ right: { nullity: 2, certainty: 'narrow', inDoubt: 1e-9 } })
    const counted = decideRank('test', Float64Array.of(1, 1e-6, 1e-16), { floor: 1e-13 })
    expect(counted).toMatchObject({ right: { nullity: 1, certainty: 'narrow', inDoubt: 1e-6 } })
  })

  it('obey a stated tolerance, downwards and upwards', () => {
    const ladder = Float64Array.of(1, 1e-9, 1e-16)
    const at = (tolerance: number) => decideRank('test', ladder, { floor: 1e-13, tolerance })
    expect(at(1e-12)).toMatchObject({ right: { nullity: 1, certainty: 'clear', tolerance: 1e-12 } })
    expect(at(1e-6)).toMatchObject({ right: { nullity: 2, certainty: 'clear' } })
    expect(at(3e-10)).toMatchObject({ right: { nullity: 1, certainty: 'narrow', inDoubt: 1e-9 } })
    expect(at(3e-9)).toMatchObject({ right: { nullity: 2, certainty: 'narrow', inDoubt: 1e-9 } })
    // Nothing is told apart below rounding.
    expect(at(1e-15)).toMatchObject({ right: { nullity: 1, tolerance: 1e-13 } })
    expect(at(1e-9)).toMatchObject({
      left: {
        _tag: 'Undecided',
        at: { value: 1e-9, tolerance: 1e-9 },
        message: expect.stringContaining('the singular value 1.0000000e-9 lies at the tolerance 1.00e-9')
      }
    })
  })
})

describe('the polar factor', () => {
  it('is orthogonal, of singular matrices too', () => {
    every((n, rank, s) => {
      const random = generator(s)
      const a = multiply(normal(n, rank, random), normal(rank, n, random))
      const q = polarFactor(a)
      expect(distance(multiply(transposed(q), q), identityMatrix(n))).toBeLessThan(1e-11)
      // tr(Qᵀ a) is the sum of the singular values.
      const sum = singularValues(a).reduce((total, value) => total + value, 0)
      expect(traceOfProduct(transposed(q), a)).toBeCloseTo(sum, 8)
    })
    expect(
      distance(multiply(transposed(polarFactor(zeros(3, 3))), polarFactor(zeros(3, 3))), identityMatrix(3))
    ).toBe(0)
  })
})

it('eigenvectors of symmetric matrices are orthonormal and ascend', () => {
  every((n, _, s) => {
    const half = normal(n, n, generator(s))
    const a = combine(1, half, 1, transposed(half))
    const { values, vectors } = symmetricEigen(a)
    expect(distance(multiply(transposed(vectors), vectors), identityMatrix(n))).toBeLessThan(1e-12 * n)
    const scaledVectors = tabulated(n, n, (i, k) => vectors.data[i * n + k] * values[k])
    expect(distance(multiply(a, vectors), scaledVectors)).toBeLessThan(1e-11 * n)
    symmetricEigenvalues(a).forEach((value, k) => {
      expect(value).toBeCloseTo(values[n - 1 - k], 10)
    })
  })
})

it('blocks of a spectrum put together give the matrix', () => {
  every((n, _, s) => {
    const random = generator(s)
    const a = scaled(1 / n, normal(n, n, random))
    const sum = spectralBlocks(a).reduce(
      (total, { embed, matrix, project }) => combine(1, total, 1, multiply(embed, multiply(matrix, project))),
      zeros(n, n)
    )
    expect(distance(sum, a)).toBeLessThan(1e-7)
  })
})

it('random rotations are orthogonal and as often reflections', () => {
  const random = generator(5)
  let positive = 0
  for (let k = 0; k < 200; k++) {
    const q = randomRotation(2, () => random.normal())
    expect(distance(multiply(q, transposed(q)), identityMatrix(2))).toBeLessThan(1e-14)
    if (q.data[0] * q.data[3] - q.data[1] * q.data[2] > 0) positive++
  }
  expect(positive).toBeGreaterThan(70)
  expect(positive).toBeLessThan(130)
})

it('orthonormal rows span what the rows before them span', () => {
  every((n, extra, s) => {
    const a = normal(n, n + extra, generator(s))
    const q = orthonormalRows(a)
    expect(distance(multiply(q, transposed(q)), identityMatrix(n))).toBeLessThan(1e-12 * n)
    // a qᵀ is lower triangular with a positive diagonal.
    const l = multiply(a, transposed(q))
    for (let i = 0; i < n; i++) {
      expect(l.data[i * n + i]).toBeGreaterThan(0)
      for (let j = i + 1; j < n; j++) expect(Math.abs(l.data[i * n + j])).toBeLessThan(1e-12 * n)
    }
  })
})

it('completes any vectors to a basis', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(100), (d, seed) => {
      const stream = generator(seed)
      const r = Math.floor(stream.uniform() * (d + 1))
      const vectors = Array.from({ length: d - r }, () =>
        Float64Array.from({ length: d }, () => stream.normal())
      )
      const { data: basis } = orthogonalComplement(vectors, d)
      for (let k = 0; k < r; k++) {
        for (const vector of vectors) {
          let dot = 0
          for (let i = 0; i < d; i++) dot += basis[i * r + k] * vector[i]
          expect(dot).toBeCloseTo(0, 8)
        }
      }
      expect(basis.length).toBe(d * r)
    }),
    { numRuns: 50 }
  )
})
