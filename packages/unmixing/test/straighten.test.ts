import { kernel, problem } from '@mechid/mechanisms'
import { linearR } from '@mechid/metrics'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { drawChart } from '../src/chart.js'
import { type ChartModel, chartLikelihood, modelLayout, type UncertainRows } from '../src/chart-likelihood.js'
import { type StraightenOptions, straighten, type UncertainCodes, type Unmixed, unmix } from '../src/index.js'
import { bentCodes, type RotatedCodes, rotatedCodes } from './rotated-codes.js'

const NOISE = 0.02

const isotropic = (codes: RotatedCodes, variance: number): UncertainCodes => {
  const d = codes.codes.shape[codes.codes.shape.length - 1]
  const n = codes.codes.data.length / d
  const data = new Float32Array(n * d * d)
  for (let r = 0; r < n; r++) for (let i = 0; i < d; i++) data[r * d * d + i * d + i] = variance
  return { ...codes, covariances: { data, shape: [...codes.codes.shape, d] } }
}

/** R of first frames. */
const score = ({ z, codes: given }: RotatedCodes, codes: ArrayLike<number>): number => {
  const [n, d] = z.shape
  const frames = given.shape[1]
  const first = new Float64Array(n * d)
  for (let r = 0; r < n; r++) for (let j = 0; j < d; j++) first[r * d + j] = codes[frames * r * d + j]
  return orThrow(linearR(z, { data: first, shape: [n, d] })).value
}

const model: ChartModel = {
  latents: 3,
  width: 5,
  harmonics: { step: 0.5, count: 2 },
  causes: 4,
  edges: [
    [0, 3],
    [0, 1],
    [1, 2, 3]
  ]
}

const randomRows = (random: ReturnType<typeof generator>, temporal: boolean): UncertainRows => {
  const d = 3
  const noise = Float32Array.from([0.02, 0.005, 0, 0.005, 0.03, 0.002, 0, 0.002, 0.01])
  return {
    rows: 1,
    past: temporal ? Float64Array.from({ length: d }, () => random.normal()) : undefined,
    next: Float64Array.from({ length: d }, () => random.normal()),
    pastNoise: temporal ? noise : undefined,
    nextNoise: noise,
    actions: [Float64Array.of(random.normal())],
    first: Uint8Array.of(1)
  }
}

describe('the likelihood of a chart', () => {
  const still: ChartModel = { ...model, causes: 1, edges: [[0], [], [0]] }
  it.each([
    ['past, series', true, model],
    ['past, series and a network', true, { ...model, network: 4 }],
    ['past, series, Gaussian first frames', true, { ...model, gaussianFirst: true }],
    ['no past', false, still]
  ] as const)('has the gradient that differences give (%s)', (_, temporal, own) => {
    const random = generator(3)
    const { count } = modelLayout(own)
    const parameters = new Float64Array(count)
    random.fillNormal(parameters)
    for (let k = 0; k < count; k++) parameters[k] *= 0.2
    drawChart(own, parameters, random.split('chart'))
    const data = randomRows(random, temporal)
    const likelihood = chartLikelihood(own, 8, temporal)
    const gradient = new Float64Array(count)
    likelihood.of(data, [0], 1, parameters, gradient)
    for (let k = 0; k < count; k++) {
      const moved = (by: number): number => {
        const there = parameters.slice()
        there[k] += by
        return likelihood.of(data, [0], 1, there)
      }
      const difference = (moved(1e-3) - moved(-1e-3)) / 2e-3
      expect(Math.abs(gradient[k] - difference), `parameter ${k}`).toBeLessThan(
        1e-3 * (1 + Math.abs(difference))
      )
    }
  })

  it('is that of a Gaussian where the chart is the identity', () => {
    const own: ChartModel = { ...model, width: 1, causes: 0, edges: [[], [], []] }
    const { count, logVariances } = modelLayout(own)
    const parameters = new Float64Array(count)
    parameters[logVariances] = Math.log(0.5)
    const data: UncertainRows = {
      rows: 1,
      past: undefined,
      next: Float64Array.of(1, 2, 3),
      pastNoise: undefined,
      nextNoise: new Float32Array(9),
      actions: []
    }
    const expected = (1 / 0.5 + 4 + 9 + Math.log(0.5)) / 2
    expect(chartLikelihood(own, 8, false).of(data, [0], 1, parameters)).toBeCloseTo(expected, 4)
  })
})

const pushed = orThrow(
  kernel({
    latents: 3,
    actions: 1,
    lags: 1,
    location: (F, [x, y, z], [a]) => [
      F.add(F.mul(F.lit(0.7), x), F.sin(F.mul(F.lit(2), y))),
      F.add(F.sin(F.mul(F.lit(2), y)), a),
      F.add(F.cos(F.mul(F.lit(1.5), z)), F.sin(F.mul(F.lit(2), a)))
    ],
    scale: 0.05
  })
)

describe('straighten', () => {
  it('straightens bent codes, and says what it gained', { timeout: 180_000 }, async () => {
    const codes = bentCodes(
      rotatedCodes(orThrow(problem('TimeDiag', { latents: 4 })), { rows: 12_000, noise: NOISE }),
      0.4
    )
    const answer = await orThrow(unmix(codes, { seed: 1, edges: 4 }))
    const steps: number[] = []
    const straight = await orThrow(
      straighten(isotropic(codes, NOISE ** 2), answer, {
        seed: 1,
        width: 64,
        steps: 800,
        onProgress: ({ done, of }) => steps.push(done / of)
      })
    )
    expect(score(codes, codes.codes.data)).toBeLessThan(0.98)
    expect(score(codes, straight.codes.data)).toBeGreaterThan(0.996)
    expect(straight.after - straight.before).toBeGreaterThan(1)
    expect(straight.codes.shape).toEqual(codes.codes.shape)
    expect(steps.at(-1)).toBe(1)
    const again = straight.straighten(codes.codes.data.subarray(0, 8))
    expect(Array.from(again)).toEqual(Array.from(straight.codes.data.subarray(0, 8)))
  })

  /** Bent along the gradient of Σ h_i² h_j / 2, j the next after i, so that the density of the codes shows it. */
  const skewedCodes = (given: RotatedCodes, bend: number): RotatedCodes => {
    const d = given.codes.shape[2]
    const data = Float32Array.from(given.codes.data)
    for (let at = 0; at < data.length; at += d) {
      const h = given.codes.data.subarray(at, at + d)
      for (let i = 0; i < d; i++) {
        data[at + i] += bend * Math.tanh(0.7 * (h[i] * h[(i + 1) % d] + 0.5 * h[(i + d - 1) % d] ** 2))
      }
    }
    return { ...given, codes: { data, shape: given.codes.shape } }
  }

  // A norm pushes all latents one way: next frames lie beyond first ones, whose chart no transition holds then.
  it('straightens first frames of mechanisms that interact by their density', {
    timeout: 180_000
  }, async () => {
    const norm = orThrow(problem('TimeNonDiag (norm)', { latents: 4 }))
    const codes = skewedCodes(rotatedCodes(norm, { rows: 8000, noise: NOISE }), 0.5)
    const answer = await orThrow(unmix(codes, { seed: 1, hypothesis: 'additive' }))
    const every = Array.from({ length: 4 }, () => [1, 1, 1, 1])
    const straightened = async (changes: StraightenOptions): Promise<number> => {
      const options = { seed: 1, width: 32, steps: 600, graph: { latents: every }, ...changes }
      const straight = await orThrow(straighten(isotropic(codes, NOISE ** 2), answer, options))
      return score(codes, straight.codes.data)
    }
    const bent = score(codes, codes.codes.data)
    expect(bent).toBeLessThan(0.967)
    expect(await straightened({ interactions: 32 })).toBeLessThan(bent)
    expect(await straightened({ interactions: 32, firstFrames: 'gaussian' })).toBeGreaterThan(bent + 0.002)
    expect(await straightened({ firstFrames: 'gaussian' })).toBeGreaterThan(0.978)
  })

  it('takes longer sequences, moved by actions', { timeout: 180_000 }, async () => {
    const codes = bentCodes(rotatedCodes(pushed, { rows: 3000, frames: 4, noise: NOISE }), 0.3)
    const answer = await orThrow(unmix(codes, { seed: 1 }))
    const input = isotropic(codes, NOISE ** 2)
    const straight = await orThrow(straighten(input, answer, { seed: 1, width: 32, steps: 400 }))
    expect(straight.after - straight.before).toBeGreaterThan(0.1)
    expect(score(codes, straight.codes.data)).toBeGreaterThan(score(codes, codes.codes.data))
  })

  const small = async (): Promise<{ input: UncertainCodes; answer: Unmixed }> => {
    const codes = rotatedCodes(orThrow(problem('ActionDiag', { latents: 3 })), { rows: 2000, noise: NOISE })
    return { input: isotropic(codes, NOISE ** 2), answer: await orThrow(unmix(codes, { seed: 1 })) }
  }

  it('takes static codes, and leaves straight ones nearly as they are', { timeout: 60_000 }, async () => {
    const { input, answer } = await small()
    const straight = await orThrow(straighten(input, answer, { width: 8, steps: 100 }))
    const flat = { data: straight.codes.data, shape: [2000, 3] as const }
    const given = { data: Float64Array.from(input.codes.data), shape: [2000, 3] as const }
    expect(orThrow(linearR(given, flat)).value).toBeGreaterThan(0.999)
  })

  it('says what is wrong with its input', { timeout: 60_000 }, async () => {
    const { input, answer } = await small()
    const said = async (
      changed: Partial<UncertainCodes>,
      options: StraightenOptions = {}
    ): Promise<string> => {
      const result = await straighten({ ...input, ...changed }, answer, { steps: 4, ...options })()
      return E.isLeft(result) ? result.left.message : 'nothing'
    }
    const { data, shape } = input.covariances
    const spoilt = Float32Array.from(data)
    spoilt[9 * 5 + 4] = Number.NaN
    expect(await said({ covariances: { data: spoilt, shape } })).toBe(
      'straighten: covariances[5] is NaN at row 1, column 1 (counted from 0), expected finite numbers'
    )
    const sequences = {
      codes: { data: input.codes.data, shape: [1000, 2, 3] },
      actions: { data: input.actions!.data, shape: [1000, 2, 3] },
      covariances: { data: spoilt, shape: [1000, 2, 3, 3] }
    }
    expect(await said(sequences)).toBe(
      'straighten: covariances[2][1] is NaN at row 1, column 1 (counted from 0), expected finite numbers'
    )
    expect(await said({ covariances: { data: data.slice(0, 9), shape } })).toBe(
      'straighten: covariances is 9 numbers, expected 18000 for shape [2000, 3, 3]'
    )
    expect(await said({ covariances: { data: data.slice(0, 9 * 1999), shape: [1999, 3, 3] } })).toBe(
      'straighten: covariances is [1999, 3, 3], expected [2000, 3, 3], as codes has'
    )
    const codes = { data: input.codes.data.slice(0, 4000), shape: [2000, 2] }
    expect(await said({ codes })).toBe(
      'straighten: codes is [2000, 2], expected 3 columns, as the answer has latents'
    )
    expect(await said({ actions: { data: new Float32Array(2000), shape: [2000, 1] } })).toBe(
      'straighten: the number of causes (past latents, at one lag, and actions) is 1, expected 3, as the answer has'
    )
    expect(await said({}, { width: 0 })).toBe('straighten: width is 0, expected a positive integer')
    expect(await said({}, { interactions: 8 })).toBe(
      'straighten: interactions is 8, expected left out, as these codes are no sequences'
    )
    expect(await said({}, { firstFrames: 'gaussian' })).toBe(
      'straighten: firstFrames is gaussian, expected left out, as these codes are no sequences'
    )
    expect(await said({}, { learningRate: Number.NaN })).toBe(
      'straighten: learningRate is NaN, expected a positive number'
    )
    const few = {
      codes: { data: input.codes.data.slice(0, 300), shape: [100, 3] },
      actions: { data: input.actions!.data.slice(0, 300), shape: [100, 3] },
      covariances: { data: data.slice(0, 900), shape: [100, 3, 3] }
    }
    expect(await said(few)).toBe('straighten: 100 rows, at least 512 are needed')
    expect(await said({}, { signal: AbortSignal.abort() })).toBe(
      'straighten: stopped by its signal; nothing was kept'
    )
  })
})
