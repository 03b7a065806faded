/** Partly known dynamics, several views of a state, and frames. */
import type { Engine } from '@mechid/engine'
import { ballistic, gaussian, type Mechanism } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { type ExampleSource, orThrow } from '@mechid/values'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  type Dynamics,
  decodeRows,
  encodeRows,
  findEngine,
  type KnownMechanismConfiguration,
  kernelOfClass,
  known,
  ofClass,
  type ParametricMechanism,
  trainKnownMechanism
} from '../src/index.js'

let engine: Engine
beforeAll(async () => {
  engine = await orThrow(findEngine('wasm'))
})

const ROWS = 2048

/** Pairs of observations from a function of the row: two observations and an action. */
const source = (
  features: number,
  actions: number,
  row: (random: ReturnType<typeof generator>) => readonly [number[], number[], number[]]
): ExampleSource => {
  const random = generator(3)
  const rows = Array.from({ length: ROWS }, () => row(random))
  return {
    examples: ROWS,
    features,
    actions,
    temporal: true,
    order: (r) => r.permutation(ROWS),
    gather: (indices, x, a) =>
      indices.forEach((index, i) => {
        const [first, second, action] = rows[index]
        x.set(first, features * i)
        x.set(second, features * (indices.length + i))
        a.set(action, actions * i)
      })
  }
}

const linear = { width: 1, depth: 0 }

const train = (
  data: ExampleSource,
  dynamics: Dynamics,
  configuration: Partial<KnownMechanismConfiguration>
) =>
  orThrow(
    trainKnownMechanism({
      data,
      dynamics,
      engine,
      seed: 1,
      configuration: { encoder: linear, decoder: linear, batch: 128, learningRate: 1e-2, ...configuration }
    })
  )

const last = (values: Float32Array): number => values[values.length - 1]

/** Squared correlation. */
const explained = (x: number[], y: number[]): number => {
  const mean = (v: number[]) => v.reduce((s, value) => s + value, 0) / v.length
  const [mx, my] = [mean(x), mean(y)]
  const product = (u: number[], mu: number, v: number[], mv: number) =>
    u.reduce((sum, value, i) => sum + (value - mu) * (v[i] - mv), 0)
  return product(x, mx, y, my) ** 2 / (product(x, mx, x, mx) * product(y, my, y, my))
}

describe('partly known dynamics', () => {
  it('have their numbers learned: the angle of a rotation', async () => {
    const turn: ParametricMechanism = {
      name: 'rotation by an unknown angle',
      latents: 2,
      actions: 0,
      initial: [0.4],
      step: (F, [u, v], _a, [angle]) => {
        const [c, s] = [F.cos(angle), F.sin(angle)]
        return [F.sub(F.mul(c, u), F.mul(s, v)), F.add(F.mul(s, u), F.mul(c, v))]
      }
    }
    const data = source(3, 0, (random) => {
      const see = (r: number, t: number) => [r * Math.cos(t), r * Math.sin(t), r * Math.cos(t + 1)]
      const [r, t] = [1 + random.uniform(), 7 * random.uniform()]
      return [see(r, t), see(r, t + 0.7), []]
    })
    const { mechanism } = await train(data, ofClass(turn), { steps: 400 })
    expect(Math.abs(mechanism[0])).toBeCloseTo(0.7, 2)
  }, 60_000)

  it('have their numbers learned by likelihood: the memory of a walk', async () => {
    const walk = kernelOfClass({
      name: 'autoregression',
      latents: 1,
      actions: 0,
      initial: [0, 0],
      location: (F, [z], _a, [memory]) => [F.mul(memory, z)],
      scale: (F, _z, _a, [, logScale]) => [F.exp(logScale)],
      noise: [gaussian]
    })
    const data = source(2, 0, (random) => {
      const z = random.normal()
      const next = 0.8 * z + 0.3 * random.normal()
      const see = (u: number) => [u + 0.01 * random.normal(), 0.01 * random.normal() - u]
      return [see(z), see(next), []]
    })
    const { mechanism, history } = await train(data, walk, { steps: 600 })
    expect(history.terms.loss[599]).toBeLessThan(history.terms.loss[0])
    expect(mechanism[0]).toBeGreaterThan(0.7)
    expect(mechanism[0]).toBeLessThan(0.9)
  }, 60_000)

  it('may choose between mechanisms by the sign of a latent', async () => {
    const hinge: Mechanism = {
      latents: 1,
      actions: 0,
      step: (F, [z]) => [F.where(z, F.mul(F.lit(0.5), z), F.mul(F.lit(0.8), z))]
    }
    const data = source(2, 0, (random) => {
      const z = random.normal()
      const next = z > 0 ? 0.5 * z : 0.8 * z
      return [[z, -2 * z], [next, -2 * next], []]
    })
    const { history } = await train(data, known(hinge), { steps: 300 })
    expect(last(history.terms.dynamics)).toBeLessThan(1e-3)
  }, 60_000)
})

describe('several views', () => {
  const fall = known(orThrow(ballistic({ dt: 1, gravity: -0.2 })))

  it('show a velocity that one frame does not', async () => {
    const rows: number[] = []
    // Each frame shows the position alone; an observation is a frame and the one before it.
    const data = source(2, 0, (random) => {
      const [x, v] = [random.normal(), random.normal()]
      rows.push(v)
      return [[x - v - 0.1, x], [x, x + v - 0.1], []]
    })
    const { model } = await train(data, fall, { steps: 600, views: 2 })
    const x = new Float32Array(4 * ROWS)
    data.gather(Int32Array.from(rows.keys()), x, new Float32Array(0))
    const first = { data: x.subarray(0, 2 * ROWS), shape: [ROWS, 2] as const }
    const z = await orThrow(encodeRows(engine, model, first))
    const velocity = rows.map((_, i) => z.data[2 * i + 1])
    expect(explained(rows, velocity)).toBeGreaterThan(0.99)
    const back = await orThrow(decodeRows(engine, model, z))
    expect(back.shape).toEqual([ROWS, 1])
    expect(
      explained(
        [...back.data],
        rows.map((_, i) => first.data[2 * i + 1])
      )
    ).toBeGreaterThan(0.99)
  }, 60_000)

  it('find the right side by pushes, whatever the start', async () => {
    const driven: Mechanism = {
      latents: 2,
      actions: 1,
      step: (F, [x, v], [push]) => [F.add(x, F.add(v, push)), F.add(v, push)]
    }
    const rows: number[] = []
    const data = source(2, 1, (random) => {
      const [x, v, push] = [random.normal(), random.normal(), 0.5 * random.normal()]
      rows.push(x)
      return [[v - x, -x], [-x, -x - v - push], [push]]
    })
    for (const seed of [1, 2]) {
      const configuration = {
        encoder: linear,
        decoder: linear,
        batch: 128,
        learningRate: 2e-2,
        steps: 400,
        views: 2,
        curriculum: { from: 0.5, to: 0.7 }
      }
      const { model } = await orThrow(
        trainKnownMechanism({ data, dynamics: known(driven), engine, seed, configuration })
      )
      const x = new Float32Array(4 * ROWS)
      data.gather(Int32Array.from(rows.keys()), x, new Float32Array(ROWS))
      const z = await orThrow(encodeRows(engine, model, { data: x.subarray(0, 2 * ROWS), shape: [ROWS, 2] }))
      // Up to a shift, and no sign: the mean product is positive and as large as the variance.
      const product = rows.reduce((sum, value, i) => sum + value * z.data[2 * i], 0) / ROWS
      expect(product).toBeGreaterThan(0.9)
      expect(product).toBeLessThan(1.1)
    }
  }, 60_000)

  it('must divide an observation, and pushes need actions', async () => {
    const data = source(3, 0, () => [[0, 0, 1], [0, 1, 0], []])
    const done = await trainKnownMechanism({
      data,
      dynamics: fall,
      engine,
      seed: 1,
      configuration: { views: 2 }
    })()
    expect(done).toMatchObject({ left: { _tag: 'InvalidOption', what: 'views' } })
    const still = source(2, 0, () => [[0, 1], [1, 0], []])
    const first = async (curriculum: { from: number; to: number }) => {
      const configuration = { curriculum }
      const bad = await trainKnownMechanism({ data: still, dynamics: fall, engine, seed: 1, configuration })()
      return bad._tag === 'Left' ? bad.left.message : 'nothing'
    }
    expect(await first({ from: 0.5, to: 0.2 })).toMatch(/curriculum is from 0.5 to 0.2/)
    expect(await first({ from: 0, to: 0.2 })).toMatch(/no actions/)
  })
})

describe('frames', () => {
  const SIDE = 8
  const filters = [4, 8]
  const frames = { height: SIDE, width: SIDE, channels: 1, filters }
  const spot = (x: number, y: number): number[] =>
    Array.from({ length: SIDE * SIDE }, (_, p) =>
      Math.exp(-0.5 * ((p % SIDE) - 3.5 - x) ** 2 - 0.5 * (Math.floor(p / SIDE) - 3.5 - y) ** 2)
    )
  /** The spot moves as the action says: its place is known up to a shift. */
  const pushed: Mechanism = { latents: 2, actions: 2, step: (F, z, a) => z.map((u, i) => F.add(u, a[i])) }

  it('show where a spot is, through convolutions', async () => {
    const places: number[] = []
    const data = source(SIDE * SIDE, 2, (random) => {
      const place = [4 * random.uniform() - 2, 4 * random.uniform() - 2]
      const push = [2 * random.uniform() - 1, 2 * random.uniform() - 1]
      places.push(place[0])
      return [spot(place[0], place[1]), spot(place[0] + push[0], place[1] + push[1]), push]
    })
    const size = { width: 32, depth: 1 }
    const { model } = await train(data, known(pushed), {
      steps: 250,
      batch: 32,
      encoder: size,
      decoder: size,
      frames
    })
    const x = new Float32Array(2 * ROWS * SIDE * SIDE)
    data.gather(Int32Array.from(places.keys()), x, new Float32Array(2 * ROWS))
    const first = { data: x.subarray(0, ROWS * SIDE * SIDE), shape: [ROWS, SIDE * SIDE] as const }
    const z = await orThrow(encodeRows(engine, model, first))
    const learned = places.map((_, i) => z.data[2 * i])
    expect(explained(places, learned)).toBeGreaterThan(0.95)
  }, 60_000)

  it('must have sides that halve, and as many pixels as there are features', async () => {
    const data = source(SIDE * SIDE, 2, () => [spot(0, 0), spot(1, 0), [1, 0]])
    const option = async (wrong: Partial<typeof frames>) => {
      const configuration = { frames: { ...frames, ...wrong } }
      const done = await trainKnownMechanism({
        data,
        dynamics: known(pushed),
        engine,
        seed: 1,
        configuration
      })()
      return done._tag === 'Left' && done.left._tag === 'InvalidOption' ? done.left.what : 'none'
    }
    expect(await option({ filters: [4, 4, 4, 4] })).toBe('frames.filters')
    expect(await option({ filters: [] })).toBe('frames.filters')
    expect(await option({ channels: 3 })).toBe('frames')
  })
})
