import type { DeviceTraits, Engine, StepFunction } from '@mechid/engine'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  type Configuration,
  findEngine,
  initialCarry,
  initialParameters,
  preset,
  trainingStep
} from '../src/index.js'
import { feedSource } from '../src/training/internal/feeds.js'
import { eagerEngines } from './native-engine.js'

const SHAPE = { latents: 3, features: 5, actions: 4, temporal: true }
const ROWS = 64

/** Noise: what it teaches does not matter here. */
const data = {
  examples: ROWS,
  features: SHAPE.features,
  actions: SHAPE.actions,
  temporal: true,
  order: () => Int32Array.from({ length: ROWS }, (_, i) => i),
  gather: (_: Int32Array, x: Float32Array, a: Float32Array) => {
    generator(1).fillNormal(x)
    generator(2).fillNormal(a)
  }
}

const configured = (transition: Configuration['transition']): Configuration => ({
  ...orThrow(preset('gated', SHAPE, 6)),
  transition,
  encoder: { width: 8, depth: 1 },
  decoder: { width: 8, depth: 1 },
  batch: 16,
  steps: 10
})

/** What three steps carry to the fourth one. */
const carryAfterSteps = async (engine: Engine, step: StepFunction, configuration: Configuration) => {
  const first = initialCarry(initialParameters(SHAPE, configuration, generator(3)), configuration)
  const { feeds, fill } = feedSource(data, SHAPE, configuration, generator(4))
  const session = await orThrow(engine.open(step, first, feeds))
  for (let at = 0; at < 3; at++) {
    await fill(at)
    await session.run(feeds)
  }
  const carry = await session.carry()
  session.dispose()
  return carry
}

describe.each(eagerEngines)('a step on %s', (name) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await orThrow(findEngine(name))
  })

  it('is told by the engine how the device multiplies', async () => {
    const told: (DeviceTraits | undefined)[] = []
    const step: StepFunction = (carry, _, device) => {
      told.push(device)
      return { carry, outputs: {} }
    }
    const session = await orThrow(engine.open(step, {}, {}))
    await session.run({})
    expect(told).toEqual([{ slowStacks: name === 'wasm' }])
  })

  it.each([
    { width: 8, depth: 1 },
    { width: 8, depth: 2 },
    { width: 8, depth: 1, frequencies: [1] }
  ])('comes to the same in both ways to multiply, up to rounding: %o', async (transition) => {
    const configuration = configured(transition)
    const step = trainingStep(SHAPE, configuration)
    const [one, other] = await Promise.all(
      [true, false].map((slowStacks) =>
        carryAfterSteps(engine, (carry, feeds) => step(carry, feeds, { slowStacks }), configuration)
      )
    )
    for (const [entry, { data: numbers }] of Object.entries(one)) {
      const expected = other[entry].data
      const size = Math.max(...Array.from(expected, Math.abs))
      numbers.forEach((value, i) => {
        expect(Math.abs(value - expected[i]), `${entry}[${i}]`).toBeLessThanOrEqual(1e-4 * size)
      })
    }
  })
})
