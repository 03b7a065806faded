import { orThrow } from '@mechid/values'
import { expect, it } from 'vitest'
import {
  cholesky,
  combine,
  extendFactor,
  factorInPlace,
  frobenius,
  type GrowingFactor,
  growingFactor,
  halfLogDeterminant,
  identityMatrix,
  innerProducts,
  inverse,
  inverseOfFactor,
  logAbsDeterminant,
  multiply,
  ofRows,
  solveBothSides,
  solveInPlace,
  solveLower,
  solveShifted,
  solveTransposed,
  solveUpper,
  solveWithFactor,
  symmetricEigenvalues,
  timesVector,
  transposed,
  zeros
} from '../src/index.js'
import { distance, normal, positive } from './matrices.js'

it.each([3, 48, 131])('factors and solves with %i columns', (n) => {
  const tall = normal(3 * n, n)
  const gram = innerProducts(tall, tall)
  const factor = orThrow(cholesky('test', gram))
  expect(distance(multiply(transposed(factor.r), factor.r), gram)).toBeLessThan(1e-9 * n)
  const b = normal(n, 5)
  expect(distance(multiply(transposed(factor.r), solveTransposed(factor.r, b)), b)).toBeLessThan(1e-10 * n)
  expect(distance(multiply(factor.r, solveUpper(factor.r, b)), b)).toBeLessThan(1e-10 * n)
  const values = symmetricEigenvalues(gram)
  const trace = values.reduce((sum, x) => sum + x, 0)
  expect(trace / gram.data.reduce((sum, x, e) => sum + (e % (n + 1) === 0 ? x : 0), 0)).toBeCloseTo(1, 12)
  const squares = values.reduce((sum, x) => sum + x * x, 0)
  expect(Math.sqrt(squares) / frobenius(gram)).toBeCloseTo(1, 12)
})

it.each([5, 48, 1100])('a symmetric matrix between two factors, %i columns', (n) => {
  // R near the identity, so that nothing grows.
  const r = zeros(n, n)
  const a = zeros(n, n)
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++) {
      r.data[i * n + j] = i === j ? 1 : Math.sin(7 * i + j) / n
      a.data[i * n + j] = a.data[j * n + i] = Math.cos(i * j + j)
    }
  const there = solveBothSides(r, a)
  expect(distance(there, transposed(there))).toBe(0)
  // Rᵀ X R = A, tried on one vector.
  const v = Float64Array.from({ length: n }, (_, i) => Math.sin(3 * i))
  const back = timesVector(transposed(r), timesVector(there, timesVector(r, v)))
  const wanted = timesVector(a, v)
  expect(Math.max(...back.map((x, i) => Math.abs(x - wanted[i])))).toBeLessThan(1e-10 * n)
})

it('a matrix that is not positive definite has no factor', () => {
  expect(
    cholesky(
      'test',
      ofRows([
        [1, 2],
        [2, 1]
      ])
    )
  ).toMatchObject({ left: { _tag: 'NotInvertible' } })
})

it.each([1, 2, 5, 40])('shifted systems of %i rows are solved', (n) => {
  const tall = normal(2, n)
  const gram = innerProducts(tall, tall)
  const b = normal(n, 3)
  const x = solveShifted(gram, 0.1, b)
  expect(distance(combine(1, multiply(gram, x), 0.1, x), b)).toBeLessThan(1e-10 * n)
})

it('a shift that rounding eats still leaves an answer', () => {
  const x = solveShifted(
    ofRows([
      [1, 1],
      [1, 1]
    ]),
    1e-300,
    ofRows([[1], [1]])
  )
  expect(x.data.every(Number.isFinite)).toBe(true)
  expect(x.data[0] + x.data[1]).toBeCloseTo(1, 6)
})

it.each([1, 2, 5, 20])('a factor of %i rows may grow', (n) => {
  const g = positive(n)
  const b = normal(n, 2)
  const factor = growingFactor(g.data, n)
  expect(distance(multiply(g, { data: solveWithFactor(factor, b.data, 2), shape: [n, 2] }), b)).toBeLessThan(
    1e-8
  )
  const grown: GrowingFactor = { rows: [] }
  for (let i = 0; i < n; i++) extendFactor(grown, 1, () => g.data.slice(i * n, i * n + i + 1))
  expect(grown.rows).toEqual(factor.rows)
  expect(2 * halfLogDeterminant(grown)).toBeCloseTo(logAbsDeterminant(g), 8)
  const half = transposed({ data: solveLower(factor, g.data.slice(), n), shape: [n, n] })
  const white = solveLower(factor, half.data.slice(), n)
  expect(distance({ data: white, shape: [n, n] }, identityMatrix(n))).toBeLessThan(1e-8)
})

it.each([1, 2, 5, 12])('in place, %i rows', (n) => {
  const g = positive(n)
  const factor = g.data.slice()
  expect(factorInPlace(factor, n)).toBe(true)
  const [b, x] = [normal(n, 1).data, normal(n, 1).data]
  solveInPlace(factor, n, x)
  timesVector(g, x).forEach((value, i) => {
    expect(value).toBeCloseTo(b[i], 8)
  })
  const [scratch, out] = [zeros(n, n), zeros(n, n)]
  inverseOfFactor(factor, n, scratch.data, out.data)
  expect(distance(out, orThrow(inverse('test', g)))).toBeLessThan(1e-10)
  expect(factorInPlace(Float64Array.of(1, 2, 2, 1), 2)).toBe(false)
})
