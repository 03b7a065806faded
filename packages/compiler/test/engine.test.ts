/** The compiled engine: what a training sees of it, and how it chooses. */
import { availableParallelism } from 'node:os'
import { type Engine, engineUnavailable, type StepFunction } from '@mechid/engine'
import { findEngine } from '@mechid/estimator'
import { orThrow } from '@mechid/values'
import * as tf from '@tensorflow/tfjs-core'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { afterEach, describe, expect, it } from 'vitest'
import { hardwareAdapter } from '../src/engine/hardware-adapter.js'
import { faster } from '../src/engine/trial.js'
import { disposed } from '../src/errors.js'
import { type CompiledSession, compiled, compiledEngine } from '../src/index.js'
import { threadsFor } from '../src/runtime/threads.js'
import { traceStep } from '../src/trace/trace.js'

const scalar = (value: number) => ({ data: Float32Array.of(value), shape: [] })

const step: StepFunction = ({ sum }, { x }) => {
  const next = tf.add(sum, x)
  return { carry: { sum: next }, outputs: { twice: tf.mul(next, 2) } }
}

describe('the compiled engine', () => {
  it('runs a step as the estimator asks for it', async () => {
    const engine: Engine = await orThrow(findEngine('auto', [compiled({ provider: 'cpu' })]))
    expect(engine.name).toBe('compiled')
    expect(engine.description).toContain('ONNX Runtime on the processor')
    const session = await orThrow(engine.open(step, { sum: scalar(1) }, { x: scalar(2) }))
    await session.run({ x: scalar(2) })
    await session.run({ x: scalar(3) })
    expect((await session.outputs()).twice.data).toEqual(Float32Array.of(12))
    expect((await session.carry()).sum.data).toEqual(Float32Array.of(6))
    expect(session.device).toBe('the processor')
    session.dispose()
    await expect(session.run({ x: scalar(1) })).rejects.toThrow('disposed')
  })

  it('says what cannot be compiled, and rejects bad options', async () => {
    const engine = await orThrow(compiledEngine({ provider: 'cpu' }))
    const reads: StepFunction = ({ sum }) => {
      sum.dataSync()
      return { carry: { sum }, outputs: {} }
    }
    expect(await engine.open(reads, { sum: scalar(1) }, {})()).toMatchObject({
      left: { _tag: 'EngineFailed', engine: 'compiled', reason: expect.stringContaining('dataSync') }
    })
    expect(await compiledEngine({ threads: 0.5 })()).toMatchObject({
      left: { _tag: 'EngineFailed', reason: expect.stringContaining('threads') }
    })
  })

  it('leaves the choice to others where it is not there, and the choice says why', async () => {
    const missing = {
      name: 'compiled',
      find: TE.left(engineUnavailable('compiled', 'onnxruntime-node cannot be loaded', 'install it'))
    }
    const engine = await orThrow(findEngine('auto', [missing]))
    expect(engine.name).toBe('wasm')
    expect(engine.description).toMatch(/slower.*no compiled: onnxruntime-node cannot be loaded/)
    expect(await findEngine('compild', [missing])()).toMatchObject({
      left: {
        _tag: 'UnknownName',
        name: 'compild',
        message: expect.stringContaining('wasm, cpu, compiled')
      }
    })
  })
})

describe('a trial', () => {
  /** A session whose steps take this many turns of a busy loop. */
  const session = (milliseconds: number, fails = false): CompiledSession => ({
    run: async () => {
      const until = performance.now() + milliseconds
      while (performance.now() < until);
      return fails ? E.left(disposed('run')) : E.right(undefined)
    },
    outputs: () => ({}),
    carry: async () => ({}),
    dispose: () => undefined
  })

  it('prefers the second session only where it is clearly faster and works', async () => {
    expect((await faster(session(4), session(0.5), {})).second).toBe(true)
    expect((await faster(session(0.5), session(4), {})).second).toBe(false)
    expect((await faster(session(1), session(1), {})).second).toBe(false)
    expect((await faster(session(4), session(0.1, true), {})).second).toBe(false)
  })
})

describe('a GPU', () => {
  const before = process.env.VK_ICD_FILENAMES
  afterEach(() => {
    if (before === undefined) delete process.env.VK_ICD_FILENAMES
    else process.env.VK_ICD_FILENAMES = before
  })

  it('is never a software adapter', async () => {
    for (const file of [
      '/usr/lib/chromium/vk_swiftshader_icd.json',
      '/usr/share/vulkan/icd.d/lvp_icd.json'
    ]) {
      process.env.VK_ICD_FILENAMES = file
      expect(await hardwareAdapter()).toBe(false)
    }
  })
})

describe('threads', () => {
  const product = (n: number): number => {
    const spec = { shape: [n, n] }
    const multiply: StepFunction = (_, { a, b }) => ({ carry: {}, outputs: { c: tf.matMul(a, b) } })
    return threadsFor(orThrow(traceStep('compile', multiply, {}, { a: spec, b: spec })))
  }

  it('are one for small work, and never more than there are cores', () => {
    expect(product(100)).toBe(1)
    expect(product(300)).toBe(Math.min(2, availableParallelism()))
    expect(product(3000)).toBe(availableParallelism())
    expect(threadsFor({ inputs: [], outputs: [], nodes: [] })).toBe(1)
  })
})
