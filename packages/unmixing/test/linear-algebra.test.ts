import { generator } from '@mechid/random'
import { describe, expect, it } from 'vitest'
import { additiveFit } from '../src/additive-fit.js'
import { quadratic } from '../src/cause-counts.js'
import { directionSearch } from '../src/direction-search.js'
import { likeliestRows } from '../src/likeliest-rows.js'
import { minimize } from '../src/minimize.js'
import { sparseRows } from '../src/sparse-rows.js'

const random = generator(7)
const normals = (count: number): Float64Array => Float64Array.from({ length: count }, () => random.normal())

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
