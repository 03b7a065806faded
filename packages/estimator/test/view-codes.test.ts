/** What one code for every view, features beside frames, and a logarithm for each pair do to a training. */
import type { Engine } from '@mechid/engine'
import type { Mechanism } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { type ExampleSource, orThrow } from '@mechid/values'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  decodeRows,
  encodeRows,
  findEngine,
  type KnownMechanismConfiguration,
  known,
  ofClass,
  type ParametricMechanism,
  trainKnownMechanism
} from '../src/index.js'

let engine: Engine
beforeAll(async () => {
  engine = await orThrow(findEngine('wasm'))
})

const ROWS = 1024

/** Pairs of observations, and what lies beside their frames at the end of each. */
const sourceOf = (
  pairs: ReadonlyArray<readonly [first: number[], second: number[], action: number[]]>,
  beside: number
): ExampleSource => {
  const [features, actions] = [pairs[0][0].length, pairs[0][2].length]
  return {
    examples: pairs.length,
    features,
    beside,
    actions,
    temporal: true,
    order: (r) => r.permutation(pairs.length),
    gather: (indices, x, a) =>
      indices.forEach((index, i) => {
        const [first, second, action] = pairs[index]
        x.set(first, features * i)
        x.set(second, features * (indices.length + i))
        a.set(action, actions * i)
      })
  }
}

const explained = (truth: number[], learned: number[]): number => {
  const mean = (v: number[]) => v.reduce((s, value) => s + value, 0) / v.length
  const [mx, my] = [mean(truth), mean(learned)]
  const sum = (f: (i: number) => number) => truth.reduce((s, _, i) => s + f(i), 0)
  const [dx, dy] = [(i: number) => truth[i] - mx, (i: number) => learned[i] - my]
  return sum((i) => dx(i) * dy(i)) ** 2 / (sum((i) => dx(i) ** 2) * sum((i) => dy(i) ** 2))
}

describe('views with a code each, and features beside them', () => {
  const SIDE = 8
  const VIEWS = 2
  const frames = {
    height: SIDE,
    width: SIDE,
    channels: 1,
    filters: [4, 8],
    viewCode: { size: 8, rate: 2 }
  }
  const spot = (x: number): number[] =>
    Array.from({ length: SIDE * SIDE }, (_, p) =>
      Math.exp(-0.5 * ((p % SIDE) - 3.5 - x) ** 2 - 0.5 * (Math.floor(p / SIDE) - 3.5) ** 2)
    )
  /** A place, and what is recorded beside the frames: how fast something unseen turns. */
  const moving: Mechanism = {
    latents: 2,
    actions: 2,
    step: (F, z, a) => z.map((value, i) => F.add(value, a[i]))
  }
  const random = generator(7)
  const truth: number[][] = []
  const pairs = Array.from({ length: ROWS }, () => {
    const draw = (reach: number) => reach * (2 * random.uniform() - 1)
    const [before, place, speed, push, spin] = [draw(2), draw(2), draw(1), draw(1), draw(1)]
    truth.push([place, speed])
    return [
      [...spot(before), ...spot(place), speed],
      [...spot(place), ...spot(place + push), speed + spin],
      [push, spin]
    ] as const
  }) as [number[], number[], number[]][]
  const data = sourceOf(pairs, 1)
  const configuration: Partial<KnownMechanismConfiguration> = {
    encoder: { width: 32, depth: 1 },
    decoder: { width: 32, depth: 1 },
    optimizer: { _tag: 'Muon', matrixRate: 2 },
    frames,
    views: VIEWS,
    batch: 32,
    curriculum: { from: 0.3, to: 0.6 },
    steps: 400
  }
  const train = (more: Partial<KnownMechanismConfiguration> = {}) =>
    trainKnownMechanism({
      data,
      dynamics: known(moving),
      engine,
      seed: 1,
      configuration: { ...configuration, ...more }
    })

  it('are seen by the encoder; the last frame alone is decoded', async () => {
    const { model } = await orThrow(train())
    const x = {
      data: Float32Array.from(pairs.flatMap(([first]) => first)),
      shape: [ROWS, data.features] as const
    }
    const z = await orThrow(encodeRows(engine, model, x))
    for (const k of [0, 1]) {
      const learned = truth.map((_, i) => z.data[2 * i + k])
      expect(
        explained(
          truth.map((row) => row[k]),
          learned
        )
      ).toBeGreaterThan(0.9)
    }
    expect((await orThrow(decodeRows(engine, model, z))).shape).toEqual([ROWS, SIDE * SIDE])
  }, 60_000)

  it('are refused where they do not fit', async () => {
    const refusal = async (more: Partial<KnownMechanismConfiguration>) => {
      const done = await train(more)()
      return done._tag === 'Left' && done.left._tag === 'InvalidOption' ? done.left.what : 'none'
    }
    expect(await refusal({ frames: { ...frames, viewCode: { size: 0, rate: 1 } } })).toBe('frames.viewCode')
    expect(await refusal({ frames: { ...frames, viewCode: { size: 8, rate: -1 } } })).toBe('frames.viewCode')
    expect(await refusal({ views: 3 })).toBe('views')
    expect(await refusal({ eachPair: { weight: 2, floor: 0.1 } })).toBe('eachPair')
    expect(await refusal({ eachPair: { weight: 0.5, floor: 0 } })).toBe('eachPair')
  })
})

it('a logarithm for each pair keeps a number exact that wild pairs spoil', async () => {
  const fall: ParametricMechanism = {
    latents: 1,
    actions: 1,
    initial: [0],
    step: (F, [z], [push], [drift]) => [F.add(z, F.add(push, drift))]
  }
  const random = generator(3)
  const pairs = Array.from({ length: ROWS }, (): [number[], number[], number[]] => {
    const [z, push] = [random.normal(), random.normal()]
    // One pair of ten jumps, always the same way.
    const next = z + push + 0.2 + (random.uniform() < 0.1 ? 3 : 0)
    return [[z, -z], [next, -next], [push]]
  })
  const linear = { width: 1, depth: 0 }
  const drift = async (eachPair?: { readonly weight: number; readonly floor: number }) => {
    const { mechanism } = await orThrow(
      trainKnownMechanism({
        data: sourceOf(pairs, 0),
        dynamics: ofClass(fall),
        engine,
        seed: 1,
        configuration: {
          encoder: linear,
          decoder: linear,
          batch: 128,
          steps: 600,
          learningRate: 1e-2,
          ...(eachPair === undefined ? {} : { eachPair })
        }
      })
    )
    return mechanism[0]
  }
  const [together, apart] = [await drift(), await drift({ weight: 1, floor: 0.05 })]
  expect(Math.abs(apart - 0.2)).toBeLessThan(0.1)
  expect(Math.abs(together - 0.2)).toBeGreaterThan(0.2)
}, 60_000)
