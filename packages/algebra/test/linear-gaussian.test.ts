import { multiply, ofRows, timesVector } from '@mechid/numerics'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { expect, it } from 'vitest'
import { type LinearGaussian, linearGaussianFields } from '../src/index.js'
import { diagonal, product, type Rows, turn } from './matrices.js'

const eye = (d: number): Rows => diagonal(...new Array(d).fill(1))
const kernel = (matrix: Rows, covariance: Rows, shift = matrix.map(() => 0)): LinearGaussian => ({
  matrix,
  shift,
  covariance
})

it.each<[string, LinearGaussian[], number]>([
  ['a walk, d = 1', [kernel(eye(1), eye(1))], 1],
  ['a walk, d = 2', [kernel(eye(2), eye(2))], 3],
  ['a walk, d = 3', [kernel(eye(3), eye(3))], 6],
  ['a walk with a drift', [kernel(eye(3), eye(3), [1, 2, 3])], 4],
  ['a walk, d = 12', [kernel(eye(12), eye(12))], 78],
  ['AR(1) with distinct coefficients', [kernel(diagonal(0.5, 0.6, 0.7), eye(3))], 0],
  ['AR(1) with a coefficient of 1', [kernel(diagonal(0.5, 0.6, 1), eye(3))], 1],
  [
    'AR(1) with equal coefficients, noise of unequal variances',
    [kernel(diagonal(0.5, 0.5, 0.5), diagonal(1, 2, 3))],
    3
  ],
  ['walks with covariances I and diag(1, 4)', [kernel(eye(2), eye(2)), kernel(eye(2), diagonal(1, 4))], 2],
  ['a rotation with equal noise', [kernel(turn(0.7), eye(2))], 1],
  ['a rotation with unequal noise', [kernel(turn(0.7), diagonal(1, 2))], 0],
  ['two equal coefficients of three', [kernel(diagonal(0.5, 0.5, 0.7), eye(3))], 1],
  ['a shifted AR(1)', [kernel(diagonal(0.5, 0.5), eye(2), [1, 2])], 1]
])('fields for %s', (_, kernels, expected) => {
  expect(orThrow(linearGaussianFields(kernels)).dimension).toBe(expected)
})

it('are fields that leave mean and covariance alone, in any coordinates', () => {
  const random = generator(2)
  const s = Array.from({ length: 3 }, () => Array.from({ length: 3 }, () => random.normal()))
  const st = s[0].map((_, j) => s.map((row) => row[j]))
  const covariance = product(s, st)
  const b = [1, -2, 0.5]
  const found = orThrow(linearGaussianFields([kernel(eye(3), covariance, b)]))
  expect(found.dimension).toBe(4)
  for (const { matrix } of found.basis) {
    const half = multiply(matrix, ofRows(covariance)).data
    half.forEach((x, e) => {
      expect(x + half[(e % 3) * 3 + Math.floor(e / 3)]).toBeCloseTo(0, 10)
    })
    for (const x of timesVector(matrix, b)) expect(x).toBeCloseTo(0, 10)
  }
})

it('refuses what is no covariance', () => {
  const of = (covariance: Rows) => linearGaussianFields([kernel(eye(2), covariance)])
  expect(
    of([
      [1, 0.5],
      [0, 1]
    ])
  ).toMatchObject({ left: { _tag: 'InvalidOption' } })
  expect(of(diagonal(1, 0))).toMatchObject({
    left: { _tag: 'NotInvertible', actual: 'not invertible (σ_min / σ_max = 0.00)' }
  })
  expect(of(diagonal(1, -1))).toMatchObject({ left: { _tag: 'NotInvertible' } })
  expect(of([[Number.NaN]])).toMatchObject({ left: { _tag: 'NotFinite' } })
  expect(of([[1]])).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
  expect(of([[1, 2]])).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
})
