import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  combine,
  frobenius,
  identityMatrix,
  inverse,
  invertInto,
  leastSquares,
  logAbsDeterminant,
  matrixExponential,
  multiply,
  nonlinearLeastSquares,
  ofRows,
  randomRotation,
  scaled,
  singularValues,
  solve,
  squareFromRows,
  transposed,
  vectorOf,
  zeros
} from '../src/index.js'
import { distance, normal } from './matrices.js'

const every = (law: (n: number, m: number, seed: number) => void): void =>
  fc.assert(fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.nat(1000), law), {
    numRuns: 60
  })

/** Far from singular: a rotation plus a little. */
const sound = (n: number, seed: number) => {
  const random = generator(seed)
  const turned = randomRotation(n, () => random.normal())
  return combine(1, turned, 0.3 / n, normal(n, n, random))
}

it('inverses undo', () => {
  every((n, _, seed) => {
    const a = sound(n, seed)
    const back = orThrow(inverse('test', a))
    expect(distance(multiply(a, back), identityMatrix(n))).toBeLessThan(1e-11 * n)
    const out = zeros(n, n)
    const log = invertInto(a.data.slice(), n, out.data)
    expect(out.data).toEqual(back.data)
    const volume = singularValues(a).reduce((sum, value) => sum + Math.log(value), 0)
    expect(log).toBeCloseTo(volume, 10)
    expect(logAbsDeterminant(a)).toBeCloseTo(volume, 10)
  })
})

it('singular matrices have no inverse', () => {
  const singular = ofRows([
    [1, 2],
    [2, 4]
  ])
  expect(inverse('here', singular)).toMatchObject({
    left: {
      _tag: 'NotInvertible',
      message: 'here: the matrix is singular to rounding, expected an invertible one'
    }
  })
  expect(inverse('here', zeros(3, 3))).toMatchObject({ left: { _tag: 'NotInvertible' } })
  expect(logAbsDeterminant(singular)).toBe(Number.NEGATIVE_INFINITY)
  expect(invertInto(singular.data.slice(), 2, new Float64Array(4))).toBe(Number.NEGATIVE_INFINITY)
  // The products of pivots would underflow.
  expect(logAbsDeterminant(scaled(1e-10, identityMatrix(60)))).toBeCloseTo(60 * Math.log(1e-10), 8)
})

it('systems are solved', () => {
  every((n, m, seed) => {
    const a = sound(n, seed)
    const b = normal(n, m, generator(seed))
    expect(distance(multiply(a, solve(a, b)), b)).toBeLessThan(1e-10 * n * m)
  })
})

it('least squares leave what is orthogonal to all columns, dependent ones too', () => {
  every((n, m, seed) => {
    const random = generator(seed)
    const half = normal(n + m, m, random)
    const a = multiply(half, normal(m, m + 2, random))
    const b = normal(n + m, 2, random)
    const rest = combine(1, b, -1, multiply(a, leastSquares(a, b)))
    expect(frobenius(multiply(transposed(half), rest))).toBeLessThan(1e-7 * frobenius(half))
  })
})

it('nonlinear least squares find a root', () => {
  const found = nonlinearLeastSquares(
    (x) => ({ values: x.map((t) => t * t - 2), slopes: ofRows([[2 * x[0]]]) }),
    Float64Array.of(1)
  )
  expect(found?.point[0]).toBeCloseTo(Math.SQRT2, 10)
  expect(nonlinearLeastSquares(() => undefined, Float64Array.of(1))).toBeUndefined()
})

it('the exponential of a skew matrix is a rotation', () => {
  const turn = matrixExponential(
    ofRows([
      [0, -1],
      [1, 0]
    ])
  )
  expect(
    distance(
      turn,
      ofRows([
        [Math.cos(1), -Math.sin(1)],
        [Math.sin(1), Math.cos(1)]
      ])
    )
  ).toBeLessThan(1e-14)
})

it('reads what a user gives', () => {
  expect(squareFromRows('here', 'the matrix', [[1, 2]])).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
  expect(squareFromRows('here', 'the matrix', [])).toMatchObject({ left: { _tag: 'ShapeMismatch' } })
  expect(squareFromRows('here', 'the matrix', [[Number.NaN]])).toMatchObject({ left: { _tag: 'NotFinite' } })
  expect(vectorOf('here', 'the shift', [1, 2], 3)).toMatchObject({
    left: { _tag: 'ShapeMismatch', message: 'here: the length of the shift is 2, expected 3' }
  })
})
