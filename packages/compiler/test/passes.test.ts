/** Every pass keeps what a step computes, and does what it is there for. */
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, describe, expect, it } from 'vitest'
import type { Graph } from '../src/graph/graph.js'
import type { StepFunction } from '../src/index.js'
import { onnxModel } from '../src/onnx/model.js'
import { optimize, optimizeStep } from '../src/passes/optimize.js'
import { startSession } from '../src/runtime/session.js'
import { leaseSession, releaseIdleSessions } from '../src/runtime/session-cache.js'
import type { HostTensor, HostTensors } from '../src/step-function.js'
import { traceStep } from '../src/trace/trace.js'

afterAll(releaseIdleSessions)

let state = 1
/** Reproducible, roughly uniform in (−1, 1). */
const draw = (): number => {
  state = (state * 48_271) % 2_147_483_647
  return (2 * state) / 2_147_483_647 - 1
}

const filled = (...shape: number[]): HostTensor => ({
  data: Float32Array.from({ length: shape.reduce((product, n) => product * n, 1) }, draw),
  shape
})

const traced = (step: StepFunction, carry: HostTensors, feeds: HostTensors): Graph => {
  const graph = traceStep(step, carry, feeds)
  if (graph._tag === 'Left') throw new Error(JSON.stringify(graph.left))
  return graph.right
}

const STEPS = 3

const run = async (graph: Graph, carry: HostTensors, feeds: HostTensors): Promise<HostTensors> => {
  const lease = await leaseSession(onnxModel(graph), { provider: 'cpu', threads: 1 })()
  if (lease._tag === 'Left') throw new Error(JSON.stringify(lease.left))
  const session = startSession(lease.right, graph, carry, feeds)
  for (let i = 0; i < STEPS; i++) expect((await session.run(feeds))._tag).toBe('Right')
  const results = { ...(await session.carry()), ...session.outputs() }
  session.dispose()
  return results
}

const largest = ({ data }: HostTensor): number =>
  (data as Float32Array).reduce((most, x) => Math.max(most, Math.abs(x)), 0)

/** The largest difference of any entry, relative to the largest entry of its tensor. */
const difference = (a: HostTensors, b: HostTensors): number =>
  Math.max(
    ...Object.keys(a).map((name) => {
      const apart = a[name].data.map((value, i) => value - b[name].data[i]) as Float32Array
      return largest({ data: apart, shape: a[name].shape }) / (largest(a[name]) + 1e-6)
    })
  )

const count = (graph: Graph, op: string): number => graph.nodes.filter((node) => node.op === op).length

/** Two layers of `blocks` networks each, their squares as the loss, and momentum over all parameters end to end. */
const blocksStep: StepFunction = (carry, { x }) => {
  const names = ['w0', 'b0', 'w1', 'b1']
  const loss = (...[w0, b0, w1, b1]: tf.Tensor[]): tf.Scalar => {
    const h = tf.leakyRelu(tf.add(tf.matMul(x, w0), b0), 0.2)
    return tf.mean(tf.square(tf.add(tf.matMul(h, w1), b1))) as tf.Scalar
  }
  const { value, grads } = tf.valueAndGrads(loss)(names.map((name) => carry[name]))
  const flat = tf.concat(grads.map((g) => tf.reshape(g, [g.size])))
  const velocity = tf.add(tf.mul(carry.velocity, 0.9), flat)
  const change = tf.mul(tf.div(velocity, tf.add(tf.sqrt(tf.square(velocity)), 0.1)), -0.01)
  let offset = 0
  const next = names.map((name) => {
    const { shape, size } = carry[name]
    const part = tf.reshape(tf.slice(change, [offset], [size]), shape)
    offset += size
    return [name, tf.add(carry[name], part)] as const
  })
  return { carry: { velocity, ...Object.fromEntries(next) }, outputs: { loss: value } }
}

const blocksCarry = (blocks: number, inputs: number, width: number, outputs: number): HostTensors => {
  const carry = {
    w0: filled(blocks, inputs, width),
    b0: filled(blocks, 1, width),
    w1: filled(blocks, width, outputs),
    b1: filled(blocks, 1, outputs)
  }
  const size = Object.values(carry).reduce((sum, { data }) => sum + data.length, 0)
  return { ...carry, velocity: { data: new Float32Array(size), shape: [size] } }
}

describe('a step with batches of matrices and one long vector of momentum', () => {
  const large = { carry: blocksCarry(3, 300, 260, 90), feeds: { x: filled(3, 280, 300) } }
  const small = { carry: blocksCarry(2, 5, 4, 3), feeds: { x: filled(2, 7, 5) } }

  it.each([
    ['large', large],
    ['small', small]
  ])('computes the same, %s', async (_, { carry, feeds }) => {
    const graph = traced(blocksStep, carry, feeds)
    const plain = await run(graph, carry, feeds)
    expect(difference(plain, await run(optimize(graph, 'cpu'), carry, feeds))).toBeLessThan(1e-5)
    expect(difference(plain, await run(optimizeStep(graph, 'cpu'), carry, feeds))).toBeLessThan(1e-5)
    expect(difference(plain, await run(optimizeStep(graph, 'cuda'), carry, feeds))).toBeLessThan(1e-5)
  })

  it('takes large batches apart on processors only', () => {
    const graph = traced(blocksStep, large.carry, large.feeds)
    const products = (g: Graph): number => count(g, 'MatMul') + count(g, 'Gemm') + count(g, 'FusedMatMul')
    expect(products(optimize(graph, 'cpu'))).toBeGreaterThan(2 * products(optimize(graph, 'cuda')))
    const little = traced(blocksStep, small.carry, small.feeds)
    expect(products(optimize(little, 'cpu'))).toBe(products(optimize(little, 'cuda')))
  })

  it('reads a long carry in stretches, and writes it in stretches that cover it once', () => {
    const { inputs, outputs } = optimizeStep(traced(blocksStep, large.carry, large.feeds), 'cpu')
    expect(inputs.filter(({ part }) => part?.of === 'carry/velocity').length).toBeGreaterThan(2)
    const parts = outputs.filter(({ part }) => part?.of === 'next/velocity')
    const ends = parts.map(({ value, part }) => [part?.begin ?? 0, (part?.begin ?? 0) + value.shape[0]])
    ends.sort(([a], [b]) => a - b)
    ends.forEach(([begin], i) => {
      expect(begin).toBe(i === 0 ? 0 : ends[i - 1][1])
    })
    expect(ends[ends.length - 1][1]).toBe(large.carry.velocity.data.length)
  })
})

describe('single rules', () => {
  const inputs = { a: filled(6, 4), b: filled(6, 4), s: filled() }
  const optimized = (f: (x: Record<string, tf.Tensor>) => tf.Tensor): Graph =>
    optimize(
      traced(
        ({ a, b }, { s }) => ({ carry: { a, b }, outputs: { y: f({ a, b, s }) } }),
        { a: inputs.a, b: inputs.b },
        { s: inputs.s }
      ),
      'cpu'
    )
  const ops = (f: (x: Record<string, tf.Tensor>) => tf.Tensor): string[] =>
    optimized(f).nodes.map(({ op }) => op)

  it('drops what changes nothing', () => {
    expect(ops(({ a, b }) => tf.add(tf.mul(a, 1), tf.neg(tf.neg(tf.sub(b, 0)))))).toEqual(['Add'])
    expect(ops(({ a }) => tf.neg(tf.transpose(tf.transpose(a))))).toEqual(['Neg'])
    expect(ops(({ a }) => tf.neg(tf.reshape(tf.reshape(a, [24]), [6, 4])))).toEqual(['Neg'])
  })

  it('keeps the axes of numbers that were laid out anew', () => {
    const total = (x: tf.Tensor): tf.Tensor => tf.reshape(tf.sum(x, [0, 1], true), [1])
    const { nodes } = optimized(({ a, b }) => tf.concat([tf.mul(total(a), total(b)), tf.tensor1d([3])]))
    for (const { op, inputs: from, outputs } of nodes) {
      if (op === 'Expand') expect(from[0].shape.length).toBeLessThanOrEqual(outputs[0].shape.length)
      if (op === 'Mul') expect(outputs[0].shape).toEqual([1])
    }
  })

  it('computes equal things once', () => {
    expect(ops(({ a }) => tf.mul(tf.exp(a), tf.exp(a)))).toEqual(['Exp', 'Mul'])
  })

  it('lets scalar factors meet, so that one pass over the tensor is left', () => {
    const { nodes } = optimized(({ a, s }) => tf.mul(tf.mul(tf.mul(a, 2), s), 3))
    expect(nodes.filter(({ outputs }) => outputs[0].shape.length === 2)).toHaveLength(1)
  })

  it('folds transpositions and biases into products', () => {
    const gram = ops(({ a, b }) => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, true, false))
    expect(gram).toEqual(['Gemm'])
    const layer = ops(({ a, b }) =>
      tf.add(tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, false, true), tf.tensor1d([1, 2, 3, 4, 5, 6]))
    )
    expect(layer).toEqual(['Gemm'])
  })

  it('knows activations by their slopes', () => {
    expect(ops(({ a }) => tf.mul(a, tf.step(a, 0.2)))).toEqual(['LeakyRelu'])
    expect(ops(({ a, b }) => tf.mul(b, tf.step(a, 0.2)))).toEqual(['Mul', 'Clip', 'Mul'])
    const gradient = ops(({ a }) => tf.grad((x: tf.Tensor) => tf.square(tf.relu(x)))(a))
    expect(gradient).toContain('HardSigmoid')
    expect(gradient).not.toContain('Where')
  })
})
