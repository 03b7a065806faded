/** Trainings on native TensorFlow agree with those on WebAssembly, and their memory is flat. Skipped where it is absent. */
import type { Engine, EngineSession, HostTensors } from '@mechid/engine'
import { generator } from '@mechid/random'
import { type ExampleSource, orThrow } from '@mechid/values'
import * as tf from '@tensorflow/tfjs-core'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it, vi } from 'vitest'
import {
  type Configuration,
  findEngine,
  initialCarry,
  initialParameters,
  isStaged,
  knownMechanismDefaults,
  linearDynamics,
  ofClass,
  preset,
  presetNames,
  train,
  trainingStep,
  trainKnownMechanism
} from '../src/index.js'
import { feedSource } from '../src/training/internal/feeds.js'
import { nativeEngine } from './native-engine.js'
import { run, smallStages } from './small-stages.js'

const STEPS = 200
/** Relative to the largest entry. */
const TOLERANCE = 1e-3
/** At least a batch of the staged recipe. */
const ROWS = 600
const TINY = { width: 16, depth: 2 }

/** Two latents that turn, or follow their actions, seen through three features. */
const source = (temporal: boolean): ExampleSource => {
  const random = generator(3)
  const normals = (count: number): Float32Array => Float32Array.from({ length: count }, () => random.normal())
  const [z, a] = [normals(2 * ROWS), normals(2 * ROWS)]
  const frames = temporal ? 2 : 1
  const frame = (row: number, at: number): number[] => {
    const [u, v] = temporal ? [z[2 * row], z[2 * row + 1]] : [Math.sin(a[2 * row]), Math.cos(a[2 * row + 1])]
    const [cos, sin] = [Math.cos(at / 2), Math.sin(at / 2)]
    const [p, q] = [cos * u - sin * v, sin * u + cos * v]
    return [p + 0.5 * q, q - 0.5 * p, Math.tanh(p + q)]
  }
  return {
    examples: ROWS,
    features: 3,
    actions: temporal ? 0 : 2,
    temporal,
    order: (r) => r.permutation(ROWS),
    gather: (indices, x, actions) =>
      indices.forEach((row, i) => {
        for (let at = 0; at < frames; at++) x.set(frame(row, at), 3 * (at * indices.length + i))
        if (!temporal) actions.set(a.subarray(2 * row, 2 * row + 2), 2 * i)
      })
  }
}

const shapeOf = ({ features, actions, temporal }: ExampleSource) => ({
  latents: 2,
  features,
  actions,
  temporal
})

/** The preset's recipe, or that of its first stage, at a small size. */
const small = (name: string, data: ExampleSource): Configuration => {
  const recipe = orThrow(preset(name, shapeOf(data), 2))
  const whole = isStaged(recipe) ? recipe.dense : recipe
  return {
    ...whole,
    encoder: TINY,
    decoder: TINY,
    transition: { ...whole.transition, ...TINY },
    // At the recipe's own rates, rounding grows with Muon: then cpu and wasm are a tenth apart, too.
    learningRate: 1e-3,
    batch: 64,
    steps: STEPS
  }
}

/** A session, and what makes a step of it. */
const started = async (engine: Engine, data: ExampleSource, configuration: Configuration) => {
  const shape = shapeOf(data)
  const first = initialCarry(initialParameters(shape, configuration, generator(3)), configuration)
  const { feeds, fill } = feedSource(data, shape, configuration, generator(4))
  const session: EngineSession = await orThrow(engine.open(trainingStep(shape, configuration), first, feeds))
  const step = async (at: number): Promise<void> => {
    await fill(at)
    await session.run(feeds)
  }
  return { session, step }
}

const trained = async (
  engine: Engine,
  data: ExampleSource,
  configuration: Configuration
): Promise<HostTensors> => {
  const { session, step } = await started(engine, data, configuration)
  for (let at = 0; at < STEPS; at++) await step(at)
  const carry = await session.carry()
  session.dispose()
  return carry
}

/** What is further apart than the tolerance, in words. */
const apart = (ours: HostTensors, theirs: HostTensors): string[] =>
  Object.entries(theirs).flatMap(([name, { data }]) => {
    const size = Math.max(1e-3, ...Array.from(data, Math.abs))
    const errors = Array.from(data, (value, i) => Math.abs(ours[name].data[i] - value) / size)
    const worst = errors.reduce((most, error) => (error <= most ? most : error), 0)
    return worst <= TOLERANCE ? [] : [`${name}: ${worst.toExponential(1)}`]
  })

describe('the engine tensorflow', () => {
  it('is there, or says what to install', () => {
    if (E.isRight(nativeEngine)) {
      const told = /^TensorFlow \(@tensorflow\/tfjs-node(-gpu)?\) on (a CUDA GPU|the CPU)/
      expect(nativeEngine.right.description).toMatch(told)
    } else {
      expect(nativeEngine.left).toMatchObject({ _tag: 'EngineUnavailable', engine: 'tensorflow' })
      expect(nativeEngine.left.message).toContain('@tensorflow/tfjs-node')
    }
  })

  it('says where a package is there whose library was never downloaded', async () => {
    vi.resetModules()
    vi.doMock('@tensorflow/tfjs-node-gpu', () => {
      throw new Error('tfjs_binding.node can not be found')
    })
    const { findEngine: findAgain } = await import('../src/index.js')
    const found = await findAgain('tensorflow')()
    if (E.isRight(nativeEngine)) expect(found).toMatchObject({ right: { name: 'tensorflow' } })
    else {
      const script = 'run the install script of @tensorflow/tfjs-node-gpu'
      expect(found).toMatchObject({ left: { remedy: expect.stringContaining(script) } })
      expect(found).toMatchObject({ left: { reason: expect.stringContaining('tfjs-node: not installed') } })
    }
    vi.doUnmock('@tensorflow/tfjs-node-gpu')
  })
})

const sequences = await smallStages('TimeDiag', 3, 3000)

const missing = E.isRight(nativeEngine) ? undefined : nativeEngine.left.message

describe.skipIf(missing !== undefined)(missing ?? 'a training on tensorflow', () => {
  const native = E.getOrElseW(() => undefined as never)(nativeEngine)
  const cases = [false, true].flatMap((temporal) => presetNames.map((name) => ({ name, temporal })))

  it.each(cases)(
    'agrees with wasm: $name, temporal $temporal',
    async ({ name, temporal }) => {
      const data = source(temporal)
      const configuration = small(name, data)
      const expected = await trained(await orThrow(findEngine('wasm')), data, configuration)
      const found = await trained(native, data, configuration)
      expect(apart(found, expected)).toEqual([])
      expect(Object.keys(found)).toEqual(Object.keys(expected))
    },
    300_000
  )

  it('with a mechanism agrees with wasm', async () => {
    const configuration = {
      ...knownMechanismDefaults,
      learningRate: 1e-3,
      encoder: TINY,
      decoder: TINY,
      batch: 64,
      steps: STEPS
    }
    const parameters = async (engine: Engine): Promise<HostTensors> => {
      const options = {
        data: source(true),
        dynamics: ofClass(linearDynamics(2)),
        engine,
        seed: 1,
        configuration
      }
      return (await orThrow(trainKnownMechanism(options))).model.parameters
    }
    const expected = await parameters(await orThrow(findEngine('wasm')))
    expect(apart(await parameters(native), expected)).toEqual([])
  })

  it('holds no more tensors and bytes with each step', async () => {
    const data = source(true)
    const { session, step } = await started(native, data, small('fast', data))
    await step(0)
    const { numTensors, numBytes } = tf.memory()
    for (let at = 1; at < 50; at++) await step(at)
    expect(tf.memory()).toMatchObject({ numTensors, numBytes })
    session.dispose()
  })

  it('goes through all stages', async () => {
    const data = source(false)
    const made = orThrow(preset('fast', shapeOf(data), 2))
    const dense = { ...made.dense, encoder: TINY, decoder: TINY, transition: TINY, batch: 64 }
    const recipe = { ...made, dense, codes: 600, refinement: { ...made.refinement, batch: 64 } }
    const options = { latents: 2, configuration: recipe, steps: 200, engine: native }
    const { model, stages } = await orThrow(train(data, options))
    expect(stages?.map(({ name }) => name).slice(0, 3)).toEqual(['dense', 'unmix', 'refine'])
    for (const { data: numbers } of Object.values(model.parameters)) {
      expect(numbers.every(Number.isFinite)).toBe(true)
    }
  })

  it('straightens sequences', { timeout: 600_000 }, async () => {
    const straightening = {
      ...sequences.recipe.straightening!,
      rounds: 1,
      examples: 3000,
      width: 32,
      steps: 300,
      distillation: { ...sequences.recipe.straightening!.distillation, steps: 600, batch: 128 }
    }
    const counted = new Set<string>()
    const request = sequences.options({ ...sequences.recipe, straightening }, 500, {
      engine: native,
      onProgress: ({ stage, what }) => {
        if (stage === 'straighten') counted.add(what ?? 'training')
      }
    })
    const { model, stages } = await orThrow(run(request))
    expect(stages?.map(({ name }) => name)).toContain('straighten')
    for (const what of ['codes sharpened', 'steps of a chart', 'training']) expect(counted).toContain(what)
    for (const { data: numbers } of Object.values(model.parameters)) {
      expect(numbers.every(Number.isFinite)).toBe(true)
    }
  })
})
