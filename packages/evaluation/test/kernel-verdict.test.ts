import { causalGraph, type Kernel, kernelSampler, problem } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { orThrow, type Samples } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { kernelTest, verdictByKernel } from '../src/index.js'
import { mixed, noise } from './latents.js'

const ROWS = 4000

/** Latents, the frames before and the actions of a kernel; codes have an encoder's noise. */
const simulated = (kernel: Kernel, weights?: number[][], seed = 1) => {
  const { latents: d, actions: k, lags } = kernel
  const random = generator(seed)
  const previous = noise(ROWS, Math.max(1, d * lags), seed)
  const actions = Float64Array.from({ length: k * ROWS }, () => 4 * random.uniform() - 2)
  const data = new Float64Array(d * ROWS)
  kernelSampler(kernel)(ROWS, lags > 0 ? previous.data : new Float64Array(0), actions, random, data)
  const coded = (z: Samples): Samples<Float64Array> => {
    const codes = weights === undefined ? z : mixed(z, weights)
    return {
      data: Float64Array.from(codes.data, (value) => value + 0.02 * random.normal()),
      shape: [ROWS, d]
    }
  }
  return {
    zHat: coded({ data, shape: [ROWS, d] }),
    ...(lags > 0 ? { previous: coded(previous) } : {}),
    ...(k > 0 ? { actions: { data: actions, shape: [ROWS, k] as const } } : {}),
    learned: causalGraph(kernel)
  }
}

const [c, s] = [Math.cos(Math.PI / 9), Math.sin(Math.PI / 9)]
/** Latents 0 and 1 turned by 20°. */
const turned = [
  [c, s, 0, 0],
  [-s, c, 0, 0],
  [0, 0, 1, 0],
  [0, 0, 0, 1]
]

const problems = ['ActionDiag', 'ActionNonDiag', 'TimeDiag', 'TimeNonDiag'] as const

describe.each(problems)('%s', (name) => {
  const kernel = orThrow(problem(name, { latents: 4 }))

  it('keeps the promise of its own graph', () => {
    const { verdict, test } = orThrow(verdictByKernel(simulated(kernel)))
    expect(verdict._tag).toBe('Kept')
    expect(Math.max(...test.effects.map(({ interval }) => interval[1]))).toBeLessThan(test.margin)
  })

  it('shows a turn by 20°', () => {
    const { verdict } = orThrow(verdictByKernel(simulated(kernel, turned)))
    expect(verdict._tag).toBe('Broken')
    if (verdict._tag === 'Broken') expect(verdict.needs.some(({ latent }) => latent < 2)).toBe(true)
  })
})

it('names the cause that a violated graph leaves out', () => {
  const kernel = orThrow(problem('ActionNonDiag', { latents: 4 }))
  const data = simulated(kernel)
  const actions = data.learned.actions!.map((row, i) => row.map((edge, l) => (i === 2 && l === 1 ? 0 : edge)))
  const { verdict } = orThrow(verdictByKernel({ ...data, learned: { actions } }))
  expect(verdict).toMatchObject({
    _tag: 'Broken',
    needs: [{ latent: 2, cause: { kind: 'action', index: 1 } }]
  })
})

describe('what nobody can tell', () => {
  const kernel = orThrow(problem('ActionDiag', { latents: 3 }))
  const { zHat, actions } = simulated(kernel)

  it('a graph that promises nothing, a hypothesis that data reject', () => {
    const all = {
      actions: [
        [1, 1, 1],
        [1, 1, 1],
        [1, 1, 1]
      ]
    }
    expect(orThrow(verdictByKernel({ zHat, actions: actions!, learned: all })).verdict).toMatchObject({
      doubt: 'nothing promised'
    })
    const learned = causalGraph(kernel)
    expect(
      orThrow(verdictByKernel({ zHat, actions: actions!, learned, hypothesisRejected: true })).verdict
    ).toMatchObject({ doubt: 'hypothesis rejected' })
  })

  it('few rows', () => {
    const first = (samples: Samples): Samples<Float64Array> => ({
      data: Float64Array.from(samples.data.subarray(0, 50 * samples.shape[1])),
      shape: [50, samples.shape[1]]
    })
    const input = { zHat: first(noise(50, 3, 5)), actions: first(actions!), learned: causalGraph(kernel) }
    expect(orThrow(verdictByKernel(input)).verdict).toMatchObject({ doubt: 'too few rows' })
  })
})

describe('wrong input is named', () => {
  const zHat = noise(100, 2)
  const learned = {
    latents: [
      [1, 0],
      [0, 1]
    ]
  }
  it.each([
    ['no frames before', { zHat, learned }, 'ShapeMismatch', /previous is nothing/],
    ['frames of other rows', { zHat, learned, previous: noise(99, 2) }, 'ShapeMismatch', /previous/],
    [
      'a graph of another size',
      { zHat, learned: { actions: [[1]] }, actions: noise(100, 1) },
      'ShapeMismatch',
      /graph/
    ],
    [
      'other actions',
      { zHat, learned: { actions: [[1], [1]] }, actions: noise(100, 2) },
      'ShapeMismatch',
      /actions/
    ],
    ['30 rows', { zHat: noise(30, 2), learned, previous: noise(30, 2) }, 'TooFewRows', /40/]
  ] as const)('%s', (_, input, tag, words) => {
    const result = kernelTest(input)
    expect(result).toMatchObject({ _tag: 'Left', left: { _tag: tag } })
    if (result._tag === 'Left') expect(result.left.message).toMatch(words)
  })
})
