import { generator } from '@mechid/random'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { additiveFit } from '../src/additive-fit.js'
import { cholesky, extend, type Factor, halfLogDet, solve } from '../src/cholesky.js'
import { directionSearch } from '../src/direction-search.js'
import { likeliestRows } from '../src/likeliest-rows.js'
import { logAbsDeterminant } from '../src/log-determinant.js'
import { minimize } from '../src/minimize.js'
import { quadratic, sparseRows } from '../src/sparse-rows.js'
import { complement } from '../src/subspaces.js'

const random = generator(7)
const normals = (count: number): Float64Array => Float64Array.from({ length: count }, () => random.normal())

/** A Aᵀ + 1 */
const positive = (d: number): Float64Array => {
  const a = normals(d * d)
  const out = new Float64Array(d * d)
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      for (let k = 0; k < d; k++) out[i * d + j] += a[i * d + k] * a[j * d + k]
      if (i === j) out[i * d + j] += 1
    }
  }
  return out
}

describe('Cholesky factors', () => {
  it.each([1, 2, 5, 20])('solve, and grow row by row, %i rows', (d) => {
    const g = positive(d)
    const b = normals(d * 2)
    const x = solve(cholesky(g, d), b, 2)
    for (let i = 0; i < d; i++) {
      for (let c = 0; c < 2; c++) {
        let sum = 0
        for (let j = 0; j < d; j++) sum += g[i * d + j] * x[j * 2 + c]
        expect(sum).toBeCloseTo(b[i * 2 + c], 8)
      }
    }
    const grown: Factor = { rows: [] }
    for (let i = 0; i < d; i++) extend(grown, 1, () => g.slice(i * d, i * d + i + 1))
    expect(halfLogDet(grown)).toBeCloseTo(halfLogDet(cholesky(g, d)), 10)
    expect(2 * halfLogDet(grown)).toBeCloseTo(logAbsDeterminant(g, d), 8)
  })
})

it('finds the minimum of a badly scaled quadratic', () => {
  const scales = [1, 100, 0.01, 10]
  const { x } = minimize(
    (at, gradient) =>
      at.reduce((sum, value, i) => {
        gradient[i] = scales[i] * (value - i)
        return sum + 0.5 * scales[i] * (value - i) ** 2
      }, 0),
    new Float64Array(4),
    { iterations: 200, firstStep: 0.1, tolerance: 1e-16 }
  )
  x.forEach((value, i) => {
    expect(value).toBeCloseTo(i, 3)
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
      const basis = complement(vectors, d)
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

describe('the closed-form fit', () => {
  const rows = 800
  const [u, v] = [normals(rows), normals(rows)]
  const y = u.map((value, i) => 0.5 + Math.sin(value) + 0.3 * v[i])

  it('recovers a sum of functions, and what each is worth', () => {
    const fit = additiveFit(rows, 12, [(r) => y[r]], { step: 0.5, count: 2 })
    const left = fit.addFunctions([(r) => u[r]])
    const right = fit.addLines([(r) => v[r]])
    const theta = fit.coefficients()
    const squares = fit.residuals(theta)[0].reduce((sum, value) => sum + value * value, 0)
    expect(squares / rows).toBeLessThan(1e-4)
    expect(fit.losses(theta, right)[0] / rows).toBeCloseTo(0.09, 1)
    const without = additiveFit(rows, 12, [(r) => y[r]], { step: 0.5, count: 2 })
    without.addLines([(r) => v[r]])
    const more = without.residuals(without.coefficients())[0].reduce((sum, value) => sum + value * value, 0)
    expect(fit.losses(theta, left)[0]).toBeCloseTo(more - squares, -1)
    expect(fit.effect(theta, [left])[0]).toBeCloseTo(0.43, 1)
  })

  it('has the gradient of its value by direction', () => {
    const d = 3
    const past = normals(rows * d)
    const target = [0, 1, 2].map((j) => normals(rows).map((x, r) => 0.5 * x + Math.sin(2 * past[r * d + j])))
    const search = directionSearch(
      { rows, latents: d, lags: 1, past: (_, j) => (r) => past[r * d + j] },
      { step: 0.5, count: 5 }
    )
    search.explain((j) => (r) => target[j][r])
    const w = Float64Array.of(0.6, 0.64, 0.48)
    const gradient = new Float64Array(d)
    search.value(w, gradient)
    for (let j = 0; j < d; j++) {
      const at = (h: number): number => search.value(w.map((x, i) => (i === j ? x + h : x)))
      expect(gradient[j]).toBeCloseTo((at(1e-2) - at(-1e-2)) / 2e-2, 2)
    }
  })
})

it('finds rows that few causes move, whatever the noise', async () => {
  const d = 4
  const map = normals(d * d)
  const moved = [
    [0, 1],
    [1, 2],
    [2, 3],
    [3, 0]
  ]
  /** Σ of variances times columns of `map`, outer products. */
  const covariance = (latents: readonly number[], variance: number): Float64Array => {
    const out = new Float64Array(d * d)
    for (const l of latents) {
      for (let i = 0; i < d; i++) {
        for (let j = 0; j < d; j++) out[i * d + j] += variance * map[i * d + l] * map[j * d + l]
      }
    }
    return out
  }
  const problem = {
    latents: d,
    noise: covariance([0, 1, 2, 3], 1e-3),
    effects: moved.map((pair) => covariance(pair, 1))
  }
  const { rows, values } = await sparseRows(problem, 2, generator(1), async () => true)
  expect(values[1] - values[0]).toBeLessThan(1e-3)
  const still = (at: Float64Array): number[][] =>
    Array.from({ length: d }, (_, i) => problem.effects.map((effect) => quadratic(at, i, effect, d)))
  for (const row of still(rows)) expect(row.filter((value) => value > 1).length).toBe(2)
  const causes = still(rows).map((row) => row.map((value) => value > 1))
  const sharpened = likeliestRows(problem, causes, rows)
  for (const row of still(sharpened)) expect(row.filter((value) => value > 1e-6).length).toBe(2)
})
