/** The carry between steps, on the host or in buffers of a GPU: read in the middle, kept apart, kept on failure, freed. */
import type { HostTensors, StepFunction } from '@mechid/engine'
import { orThrow } from '@mechid/values'
import * as tf from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { compile } from '../src/index.js'
import { onnxModel } from '../src/onnx/model.js'
import { optimizeStep } from '../src/passes/optimize.js'
import { carriedOutputs, readingGraph, staysOnDevice } from '../src/runtime/device-carry.js'
import { type CompiledSession, startSession } from '../src/runtime/session.js'
import { type Lease, leaseSession } from '../src/runtime/session-cache.js'
import type { Tensors } from '../src/runtime/tensors.js'
import { traceStep } from '../src/trace/trace.js'
import { provider, uniformArray } from './agreement.js'

const floats = (...values: number[]) => ({ data: Float32Array.from(values), shape: [values.length] })
const scalar = (value: number) => ({ data: Float32Array.of(value), shape: [] })
const options = { provider, threads: 1 } as const

/** Entries of every kind: counted, kept, set, swapped, shared, never read. */
const step: StepFunction = ({ sum, count, kept, left, right: other }, { x }) => {
  const next = tf.add(sum, x)
  return {
    carry: {
      sum: next,
      count: tf.add(count, tf.scalar(1, 'int32')),
      kept,
      left: other,
      right: left,
      same: next,
      set: tf.tensor1d([7, 8])
    },
    outputs: { last: tf.mul(next, 2) }
  }
}
const first: HostTensors = {
  sum: floats(1, 2, 3),
  count: { data: Int32Array.of(4), shape: [] },
  kept: floats(5, 6),
  left: { data: Int32Array.of(1, 2, 3, 4), shape: [2, 2] },
  right: { data: Int32Array.of(5, 6, 7, 8), shape: [2, 2] },
  same: floats(0, 0, 0),
  set: floats(0, 0)
}
const feeds = { x: scalar(1) }

/** What `first` becomes when the numbers from 1 to `steps` were fed. */
const expected = (steps: number): HostTensors => {
  const total = (steps * (steps + 1)) / 2
  const [left, other] = steps % 2 === 0 ? [first.left, first.right] : [first.right, first.left]
  const sum = floats(1 + total, 2 + total, 3 + total)
  const moved = { same: sum, set: floats(7, 8) }
  const count = { data: Int32Array.of(4 + steps), shape: [] }
  return { ...first, sum, count, left, right: other, ...(steps > 0 ? moved : {}) }
}

const opened = async (): Promise<CompiledSession> =>
  await orThrow(compile(step, { carry: first, feeds }, options))

const feed = async (session: CompiledSession, from: number, to: number): Promise<void> => {
  for (let x = from; x <= to; x++) orThrow(await session.run({ x: scalar(x) }))
}

it('is read before, amid and after steps, which go on from it', async () => {
  const session = await opened()
  expect(await session.carry()).toEqual(expected(0))
  await feed(session, 1, 3)
  const amid = await session.carry()
  expect(amid).toEqual(expected(3))
  expect(session.outputs().last).toEqual(floats(14, 16, 18))
  // A reading is the reader's own.
  amid.sum.data.fill(Number.NaN)
  expect(await session.carry()).toEqual(expected(3))
  await feed(session, 4, 6)
  expect(await session.carry()).toEqual(expected(6))
  expect(amid.count.data[0]).toBe(7)
  session.dispose()
})

it('is read in turn with steps that are asked for at once', async () => {
  const session = await opened()
  const asked = [feed(session, 1, 1), session.carry(), session.run({ x: scalar(2) }), session.carry()]
  expect((await Promise.all(asked)).filter((_, i) => i % 2 === 1)).toEqual([expected(1), expected(2)])
  session.dispose()
})

it('is its own in each of several sessions of one function', async () => {
  const sessions = await Promise.all([opened(), opened(), opened()])
  for (let x = 1; x <= 5; x++) {
    // The last one stands still from the second step on.
    for (const session of x <= 1 ? sessions : sessions.slice(0, 2)) await feed(session, x, x)
  }
  const [a, b, c] = sessions
  expect(await Promise.all([a.carry(), c.carry()])).toEqual([expected(5), expected(1)])
  a.dispose()
  await feed(c, 2, 4)
  await feed(b, 6, 6)
  expect(await Promise.all([b.carry(), c.carry()])).toEqual([expected(6), expected(4)])
  for (const session of sessions) session.dispose()
  const again = await opened()
  expect(await again.carry()).toEqual(expected(0))
  again.dispose()
})

it('is freed after the step under way', async () => {
  const session = await opened()
  const [under, waiting, reading] = [
    session.run({ x: scalar(1) }),
    session.run({ x: scalar(2) }),
    session.carry()
  ]
  session.dispose()
  expect((await under)._tag).toBe('Right')
  expect(await waiting).toMatchObject({ _tag: 'Left', left: { _tag: 'Disposed', where: 'run' } })
  expect(await reading).toEqual(expected(1))
  expect(await session.run(feeds)).toMatchObject({ _tag: 'Left', left: { _tag: 'Disposed', where: 'run' } })
  await expect(session.carry()).rejects.toThrow('carry: the session was disposed')
  session.dispose()
})

/** A session whose calls of ONNX Runtime go by `watch` first; the reading ones by `watchReading`. */
const watched = async (
  watch: (inputs: Tensors) => void,
  watchReading: (inputs: Tensors) => void = () => undefined
): Promise<CompiledSession> => {
  const compiled = optimizeStep(orThrow(traceStep('compile', step, first, feeds)), 'webgpu', true)
  const { graph } = compiled
  const onDevice = provider === 'webgpu' ? carriedOutputs(graph) : []
  const lease = await orThrow(leaseSession('compile', onnxModel(graph), options, onDevice))
  const reader = await orThrow(leaseSession('compile', onnxModel(readingGraph(first)), options))
  const behind = ({ session, ...rest }: Lease, before: (inputs: Tensors) => void): Lease => ({
    ...rest,
    session: {
      ...session,
      run: async (inputs: Tensors, results: object) => {
        const written = await session.run(inputs, results ?? {})
        before(inputs)
        return written
      }
    } as unknown as Lease['session']
  })
  return startSession(behind(lease, watch), compiled, first, feeds, behind(reader, watchReading))
}

it('stays as it was where ONNX Runtime fails', async () => {
  let [fails, cannotRead] = [false, false]
  const session = await watched(
    () => {
      if (fails) throw new Error('no luck')
    },
    () => {
      if (cannotRead) throw new Error('lost')
    }
  )
  const failure = async (): Promise<string> => {
    const result = await session.run({ x: scalar(100) })
    return result._tag === 'Left' ? result.left.message : 'no error'
  }
  fails = true
  expect(await failure()).toBe('run: ONNX Runtime failed while running a step (no luck)')
  expect(await session.carry()).toEqual(expected(0))
  fails = false
  await feed(session, 1, 2)
  fails = true
  expect(await failure()).toContain('no luck')
  expect(await session.carry()).toEqual(expected(2))
  expect(session.outputs().last).toEqual(floats(8, 10, 12))
  fails = false
  cannotRead = true
  await expect(session.carry()).rejects.toThrow('carry: ONNX Runtime failed while reading the carry (lost)')
  cannotRead = false
  await feed(session, 3, 3)
  expect(await session.carry()).toEqual(expected(3))
  session.dispose()
})

it('passes from step to step on its device, and what is behind is freed', async () => {
  const seen: Tensors[] = []
  const during: string[] = []
  const watch = (inputs: Tensors): void => {
    seen.push(inputs)
    during.push(inputs['carry/sum'].location)
  }
  const session = await watched(watch, watch)
  await feed(session, 1, 3)
  expect(await session.carry()).toEqual(expected(3))
  const place = provider === 'webgpu' ? 'gpu-buffer' : 'cpu'
  expect(during).toEqual(['cpu', place, place, place])
  // Each carry is freed when its successor is there, the last one, which was read, with the session.
  const places = (): string[] =>
    seen.flatMap((inputs) =>
      Object.keys(expected(0)).map((name) => inputs[`carry/${name}`]?.location ?? 'unused')
    )
  expect(new Set(places().slice(0, -7))).toEqual(new Set(['none']))
  expect(new Set(places().slice(-7))).toEqual(new Set([place]))
  session.dispose()
  expect(new Set(places())).toEqual(new Set(['none']))
  expect(staysOnDevice(provider, first)).toBe(provider === 'webgpu')
})

it('is waited for where a step has no outputs', async () => {
  const silent: StepFunction = ({ w, n }, { x }) => {
    // Long enough to tell a step that has ended from one that was only handed over.
    let v = w
    for (let i = 0; i < 6; i++) v = tf.tanh(tf.add(tf.mul(v, x), 0.1))
    return { carry: { w: v, n: tf.add(n, tf.scalar(1, 'int32')) }, outputs: {} }
  }
  const large = { w: uniformArray(1, [512, 512]), n: { data: Int32Array.of(0), shape: [] } }
  const session = await orThrow(compile(silent, { carry: large, feeds }, options))
  for (let i = 0; i < 3; i++) orThrow(await session.run(feeds))
  await session.carry()
  const started = performance.now()
  for (let i = 0; i < 10; i++) orThrow(await session.run(feeds))
  const [ran, readAt] = [performance.now() - started, performance.now()]
  expect((await session.carry()).n.data[0]).toBe(13)
  expect(performance.now() - readAt).toBeLessThan(ran)
  expect(session.outputs()).toEqual({})
  session.dispose()
})

/** A carry of a megabyte, so that one that is not freed shows at once. */
const [STEPS, LARGEST_GROWTH] = [200, 60 * 2 ** 20]

it('takes no more memory with every step, wherever it is', async () => {
  const large = { w: uniformArray(1, [512, 512]) }
  const decay: StepFunction = ({ w }, { x }) => {
    const next = tf.mul(w, x)
    return { carry: { w: next }, outputs: { mean: tf.mean(next) } }
  }
  const session = await orThrow(compile(decay, { carry: large, feeds }, options))
  const steps = async (count: number): Promise<number> => {
    for (let i = 0; i < count; i++) orThrow(await session.run({ x: scalar(1) }))
    return process.memoryUsage().rss
  }
  const before = await steps(STEPS / 4)
  expect((await steps(STEPS)) - before).toBeLessThan(LARGEST_GROWTH)
  expect(await session.carry()).toEqual(large)
  session.dispose()
}, 60_000)
