import { linearR } from '@mechid/metrics'
import { logAbsDeterminant, randomRotation, tabulated } from '@mechid/numerics'
import { generator } from '@mechid/random'
import { orThrow, type Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { gradientChart } from '../src/gaussian-chart.js'
import { gaussianChart } from '../src/index.js'

const D = 4
const ROWS = 6000

/** Gaussian latents, and codes that are these with a bend that changes their density, rotated. */
const bent = (bend: number, seed = 1) => {
  const random = generator(seed)
  const z = Float64Array.from({ length: ROWS * D }, () => random.normal())
  const q = randomRotation(D, () => random.normal()).data
  const codes = new Float64Array(z.length)
  const s = new Float64Array(D)
  for (let at = 0; at < z.length; at += D) {
    const [a, b, c, e] = z.subarray(at, at + D)
    s.set([
      a + bend * Math.tanh(b * c),
      b + bend * Math.tanh(a * c),
      c + bend * Math.tanh(a * b),
      e + bend * Math.tanh(e * e)
    ])
    for (let i = 0; i < D; i++) for (let j = 0; j < D; j++) codes[at + i] += q[i * D + j] * s[j]
  }
  const shape = [ROWS, D] as const
  return { z: { data: z, shape }, codes: { data: codes, shape } }
}

const score = (z: Samples, data: Float64Array): number =>
  orThrow(linearR(z, { data, shape: [ROWS, D] })).value

const quick = { seed: 1, width: 32, steps: 500 }

describe('the gradient of a potential', () => {
  it('has the derivatives that it says, and a symmetric Jacobian', () => {
    const random = generator(3)
    const chart = gradientChart(3, 5, 8)
    const parameters = chart.draw(random)
    for (let k = 0; k < parameters.length; k++) parameters[k] += 0.1 * random.normal()
    // A is kept symmetric by its gradient; here it starts so.
    const linear = 3 * 5 + 5 + 5
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < i; j++) parameters[linear + 3 * i + j] = parameters[linear + 3 * j + i]
    const codes = Float64Array.from({ length: 24 }, () => random.normal())
    const gradient = new Float64Array(chart.count)
    chart.cost(parameters, codes, 6, gradient)
    for (const k of [0, 7, 16, 21, linear, linear + 4, chart.count - 2]) {
      const h = 1e-3
      const moved = (by: number): number => {
        const p = parameters.slice()
        p[k] += by
        return chart.cost(p, codes, 6)
      }
      expect(Math.abs((moved(h) - moved(-h)) / (2 * h) - gradient[k])).toBeLessThan(
        0.02 * (1 + Math.abs(gradient[k]))
      )
    }
  })
})

describe('a Gaussian chart', () => {
  it('takes off bends that change the density', async () => {
    const { z, codes } = bent(0.8)
    const before = score(z, codes.data)
    const chart = await orThrow(gaussianChart(codes, quick))
    const straight = score(z, chart.straighten(codes.data))
    expect(before).toBeLessThan(0.955)
    expect(chart.after).toBeGreaterThan(chart.before + 0.1)
    expect(1 - straight).toBeLessThan(0.5 * (1 - before))
    const again = await orThrow(gaussianChart(codes, quick))
    expect(again.straighten(codes.data)).toEqual(chart.straighten(codes.data))
  })

  it('leaves Gaussian codes nearly as they are', async () => {
    const { z, codes } = bent(0)
    const chart = await orThrow(gaussianChart(codes, quick))
    expect(chart.after - chart.before).toBeLessThan(0.01)
    expect(score(z, chart.straighten(codes.data))).toBeGreaterThan(0.998)
  })

  it('says what is wrong with its input', async () => {
    const { codes } = bent(0)
    const failure = async (...given: Parameters<typeof gaussianChart>): Promise<unknown> => {
      const answer = await gaussianChart(...given)()
      return E.isLeft(answer) ? answer.left : undefined
    }
    const flat = { ...codes, data: codes.data.map((x, at) => (at % D === 1 ? 3 : x)) }
    const broken = { ...codes, data: codes.data.map((x, at) => (at === 9 ? Number.NaN : x)) }
    expect(await failure(flat)).toMatchObject({ _tag: 'Degenerate' })
    expect(await failure(broken)).toMatchObject({ _tag: 'NotFinite' })
    expect(await failure({ ...codes, shape: [ROWS, D + 1] })).toMatchObject({ _tag: 'ShapeMismatch' })
    const few = { data: codes.data.subarray(0, 100 * D), shape: [100, D] as const }
    expect(await failure(few)).toMatchObject({ _tag: 'TooFewRows' })
    expect(await failure(codes, { steps: 0 })).toMatchObject({ _tag: 'InvalidOption', what: 'steps' })
    expect(await failure(codes, { learningRate: -1 })).toMatchObject({
      _tag: 'InvalidOption',
      what: 'learningRate'
    })
    expect(await failure(codes, { signal: AbortSignal.abort() })).toMatchObject({ _tag: 'Aborted' })
  })
})

it('says what it does to volumes: as far as codes beside a code move', async () => {
  const { codes } = bent(0.6)
  const { straighten, map, meanLogVolume } = orThrow(await gaussianChart(codes, quick)())
  // Two rows of 600, so that the last block is not full.
  const rows = codes.data.slice(0, 600 * D)
  let sum = 0
  for (const at of [0, 599]) {
    const code = rows.slice(at * D, (at + 1) * D)
    const h = 1e-3
    const columns = Array.from({ length: D }, (_, j) => {
      const [up, down] = [h, -h].map((by) => straighten(code.map((value, k) => value + (k === j ? by : 0))))
      return up.map((value, i) => (value - down[i]) / (2 * h))
    })
    const jacobian = tabulated(D, D, (i, j) => columns[j][i])
    const whitening = tabulated(D, D, (i, j) => map.matrix[i * D + j])
    const expected = logAbsDeterminant(jacobian) - logAbsDeterminant(whitening)
    expect(meanLogVolume(code)).toBeCloseTo(expected, 2)
    sum += expected
  }
  expect(meanLogVolume(Float64Array.from([...rows.slice(0, D), ...rows.slice(-D)]))).toBeCloseTo(sum / 2, 2)
  const mean = Array.from({ length: 600 }, (_, r) => meanLogVolume(rows.slice(r * D, (r + 1) * D)))
  expect(meanLogVolume(rows)).toBeCloseTo(mean.reduce((a, b) => a + b) / 600, 9)
})
