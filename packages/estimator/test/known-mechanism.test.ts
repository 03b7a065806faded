import type { Engine } from '@mechid/engine'
import { kernel, laplace, rotation, scaling } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { type ExampleSource, orThrow } from '@mechid/values'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  type Dynamics,
  encodeRows,
  findEngine,
  type KnownMechanismResult,
  known,
  knownKernel,
  linearDynamics,
  ofClass,
  trainKnownMechanism,
  trainWithRestarts
} from '../src/index.js'

/** Smooth, since maps with a kink at 0 commute with scalings, too. */
const smooth = {
  encoder: { width: 32, depth: 1, activation: 'swish' as const },
  decoder: { width: 32, depth: 1, activation: 'swish' as const }
}

let engine: Engine
beforeAll(async () => {
  engine = await orThrow(findEngine('wasm'))
})

const ROWS = 4096

/** Small enough for tests. */
const quick = {
  encoder: { width: 32, depth: 1 },
  decoder: { width: 32, depth: 1 },
  batch: 128,
  learningRate: 5e-3
}

/** Two latents, moved once, seen through three features that bend a little. */
const pairs = (move: (z: number[], random: ReturnType<typeof generator>) => number[]) => {
  const random = generator(5)
  const z = new Float32Array(ROWS * 4)
  const x = new Float32Array(ROWS * 6)
  for (let i = 0; i < ROWS; i++) {
    const first = [random.normal(), random.normal()]
    const frames = [first, move(first, random)]
    frames.forEach(([u, v], f) => {
      z.set([u, v], i * 4 + 2 * f)
      x.set([u + 0.5 * v, v - 0.5 * u + 0.2 * Math.tanh(u), Math.tanh(0.5 * (u + v))], i * 6 + 3 * f)
    })
  }
  const source: ExampleSource = {
    examples: ROWS,
    features: 3,
    actions: 0,
    temporal: true,
    order: (r) => r.permutation(ROWS),
    gather: (indices, out) =>
      indices.forEach((row, i) => {
        out.set(x.subarray(row * 6, row * 6 + 3), 3 * i)
        out.set(x.subarray(row * 6 + 3, row * 6 + 6), 3 * (indices.length + i))
      })
  }
  return { source, z, x }
}

/** z ≈ A ẑ by least squares without a constant: A, and the share of variance that it leaves. */
const linearFit = (z: ArrayLike<number>, zHat: ArrayLike<number>, rows: number) => {
  const [g, c] = [
    [0, 0, 0],
    [0, 0, 0, 0]
  ]
  let total = 0
  for (let r = 0; r < rows; r++) {
    const [p, q, u, v] = [zHat[2 * r], zHat[2 * r + 1], z[2 * r], z[2 * r + 1]]
    g[0] += p * p
    g[1] += p * q
    g[2] += q * q
    c[0] += u * p
    c[1] += u * q
    c[2] += v * p
    c[3] += v * q
    total += u * u + v * v
  }
  const determinant = g[0] * g[2] - g[1] * g[1]
  const solve = (a: number, b: number) => [
    (a * g[2] - b * g[1]) / determinant,
    (b * g[0] - a * g[1]) / determinant
  ]
  const A = [solve(c[0], c[1]), solve(c[2], c[3])]
  let left = 0
  for (let r = 0; r < rows; r++) {
    const [p, q] = [zHat[2 * r], zHat[2 * r + 1]]
    left += (z[2 * r] - A[0][0] * p - A[0][1] * q) ** 2 + (z[2 * r + 1] - A[1][0] * p - A[1][1] * q) ** 2
  }
  return { A, explained: 1 - left / total }
}

const learned = async (
  dynamics: Dynamics,
  data: ReturnType<typeof pairs>,
  steps = 700,
  configuration = {}
) => {
  const result = await orThrow(
    trainKnownMechanism({
      data: data.source,
      dynamics,
      engine,
      seed: 1,
      configuration: { ...quick, steps, ...configuration }
    })
  )
  const lines = { data: data.x, shape: [2 * ROWS, 3] as const }
  const zHat = await orThrow(encodeRows(engine, result.model, lines))
  return { ...result, ...linearFit(data.z, zHat.data, 2 * ROWS) }
}

describe('known mechanisms', () => {
  it('find latents up to a scaled rotation where the mechanism is a rotation', async () => {
    const [cos, sin] = [Math.cos(0.7), Math.sin(0.7)]
    const data = pairs(([u, v]) => [cos * u - sin * v, sin * u + cos * v])
    const { A, explained } = await learned(known(orThrow(rotation(2, 0, 1, 0.7))), data)
    expect(explained).toBeGreaterThan(0.98)
    const size = Math.hypot(A[0][0], A[1][0])
    expect(Math.abs(A[0][0] - A[1][1]) / size).toBeLessThan(0.1)
    expect(Math.abs(A[0][1] + A[1][0]) / size).toBeLessThan(0.1)
  }, 60_000)

  it('start again where an encoder settled on the wrong side', async () => {
    const [cos, sin] = [Math.cos(0.7), Math.sin(0.7)]
    const data = pairs(([u, v]) => [cos * u - sin * v, sin * u + cos * v])
    const linear = { width: 1, depth: 0 }
    const options = {
      data: data.source,
      dynamics: known(orThrow(rotation(2, 0, 1, 0.7))),
      engine,
      seed: 1,
      configuration: { steps: 200, encoder: linear, decoder: linear, learningRate: 1e-2 }
    }
    const last = ({ history: { terms, steps } }: KnownMechanismResult) => {
      const sum = (values: Float32Array) =>
        values.subarray(0.95 * steps, steps).reduce((s, value) => s + value, 0)
      return sum(terms.dynamics) + sum(terms.squaredError)
    }
    const runs: number[] = []
    for (let seed = 1; seed <= 3; seed++)
      runs.push(last(await orThrow(trainKnownMechanism({ ...options, seed }))))
    const best = await orThrow(trainWithRestarts(options, { starts: 3, threshold: 0 }))
    expect(last(best)).toBe(Math.min(...runs))
    expect(Math.min(...runs)).toBeLessThan(0.2 * Math.max(...runs))
  }, 60_000)

  it('find each latent up to scale where the mechanism scales them differently', async () => {
    const data = pairs(([u, v]) => [0.5 * u, 0.9 * v])
    const { A, explained } = await learned(known(orThrow(scaling([0.5, 0.9]))), data, 700, smooth)
    expect(explained).toBeGreaterThan(0.98)
    expect(Math.abs(A[0][1])).toBeLessThan(0.15 * Math.abs(A[0][0]))
    expect(Math.abs(A[1][0])).toBeLessThan(0.15 * Math.abs(A[1][1]))
  }, 60_000)

  it('learn a mechanism of a class along with the encoder', async () => {
    const data = pairs(([u, v]) => [0.5 * u, 0.9 * v])
    const { mechanism, history } = await learned(ofClass(linearDynamics(2)), data)
    const [a, b, c, d] = [mechanism[0] + 1, mechanism[1], mechanism[2], mechanism[3] + 1]
    // A contraction, like the true one; its eigenvalues need not be the true ones: z ↦ sign(z) |z|^p is an imitator's map.
    expect(a * d - b * c).toBeGreaterThan(0.1)
    expect(a * d - b * c).toBeLessThan(0.9)
    expect(history.terms.dynamics[699]).toBeLessThan(0.01)
  }, 60_000)

  it('train by the likelihood of a stochastic kernel', async () => {
    const walk = orThrow(
      kernel({ latents: 2, lags: 1, location: (_F, past) => [...past], scale: 0.3, noise: laplace })
    )
    const data = pairs((z, random) => z.map((value) => value + 0.3 * laplace.sample(random)))
    const { history, explained } = await learned(knownKernel(walk), data, 500)
    expect(history.terms.loss[499]).toBeLessThan(history.terms.loss[10])
    expect(explained).toBeGreaterThan(0.95)
  }, 60_000)
})

describe('known mechanisms refuse', () => {
  const data = pairs((z) => z)
  const failure = async (dynamics: Dynamics, source: ExampleSource = data.source, configuration = {}) => {
    const result = await trainKnownMechanism({ data: source, dynamics, engine, seed: 1, configuration })()
    return result._tag === 'Left' ? result.left.message : 'nothing'
  }

  it('static data, other actions, too many latents, too few rows', async () => {
    const still = known(orThrow(scaling([1, 2])))
    expect(await failure(still, { ...data.source, temporal: false })).toMatch(
      /^trainKnownMechanism: data is static/
    )
    expect(await failure(still, { ...data.source, actions: 1 })).toMatch(/actions is 0, expected 1/)
    expect(await failure(known(orThrow(scaling([1, 2, 3, 4]))))).toMatch(/latents is 4, .*features, 3/)
    expect(await failure(still, { ...data.source, examples: 10 })).toMatch(/^data: 10 rows, at least 256/)
    expect(await failure(still, data.source, { steps: 0 })).toMatch(/steps is 0/)
  })
})
