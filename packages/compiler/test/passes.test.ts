/** Every pass keeps what a step computes, and does what it is there for. */
import type { HostTensor, HostTensors, StepFunction } from '@mechid/engine'
import { orThrow } from '@mechid/values'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, describe, expect, it } from 'vitest'
import type { Graph } from '../src/graph/graph.js'
import { noUpdate, type StepGraph } from '../src/graph/update.js'
import { onnxModel } from '../src/onnx/model.js'
import { optimize, optimizeStep } from '../src/passes/optimize.js'
import { startSession } from '../src/runtime/session.js'
import { leaseSession, releaseIdleSessions } from '../src/runtime/session-cache.js'
import { CARRY, NEXT, traceStep } from '../src/trace/trace.js'

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

const traced = (step: StepFunction, carry: HostTensors, feeds: HostTensors): Graph =>
  orThrow(traceStep('compile', step, carry, feeds))

const STEPS = 3

const run = async (step: StepGraph | Graph, carry: HostTensors, feeds: HostTensors): Promise<HostTensors> => {
  const whole = 'update' in step ? step : { graph: step, update: noUpdate }
  const options = { provider: 'cpu', threads: 1 } as const
  const lease = await orThrow(leaseSession('compile', onnxModel(whole.graph), options))
  const session = startSession(lease, whole, carry, feeds)
  for (let i = 0; i < STEPS; i++) orThrow(await session.run(feeds))
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
    for (const step of [
      optimizeStep(graph, 'cpu', true),
      optimizeStep(graph, 'cpu', false),
      optimizeStep(graph, 'cuda', true)
    ]) {
      expect(difference(plain, await run(step, carry, feeds))).toBeLessThan(1e-5)
    }
  })

  it('takes large batches apart on processors only', () => {
    const graph = traced(blocksStep, large.carry, large.feeds)
    const products = (g: Graph): number => count(g, 'MatMul') + count(g, 'Gemm') + count(g, 'FusedMatMul')
    expect(products(optimize(graph, 'cpu'))).toBeGreaterThan(2 * products(optimize(graph, 'cuda')))
    const little = traced(blocksStep, small.carry, small.feeds)
    expect(products(optimize(little, 'cpu'))).toBe(products(optimize(little, 'cuda')))
  })

  it('lets no network of a batch wait for the others between its way forward and back', () => {
    // A single output: its gradient is laid out anew for the products with it.
    const carry = blocksCarry(3, 300, 260, 1)
    const { nodes } = optimize(traced(blocksStep, carry, { x: filled(3, 280, 300) }), 'cpu')
    const products = nodes.flatMap(({ op }, i) => (['MatMul', 'Gemm'].includes(op) ? [i] : []))
    const joins = nodes.flatMap(({ op, inputs, outputs }) =>
      op === 'Concat' && inputs.length === 3 ? outputs : []
    )
    const readBy = (values: ReadonlySet<unknown>): ReadonlySet<unknown> =>
      new Set(
        nodes.flatMap(({ inputs, outputs }) => (inputs.some((input) => values.has(input)) ? outputs : []))
      )
    let after: ReadonlySet<unknown> = new Set<unknown>(joins)
    for (let size = -1; size < after.size; ) {
      size = after.size
      after = new Set([...after, ...readBy(after)])
    }
    expect(products.length).toBeGreaterThan(12)
    expect(products.filter((i) => after.has(nodes[i].outputs[0]))).toEqual([])
  })

  it('keeps batches together where threads take a matrix each, unless matrices are large', async () => {
    const batches = (g: Graph): number =>
      g.nodes.filter(
        ({ op, outputs }) => ['MatMul', 'FusedMatMul'].includes(op) && outputs[0].shape.length === 3
      ).length
    const graph = traced(blocksStep, large.carry, large.feeds)
    expect(batches(optimize(graph, 'cpu', 1))).toBe(0)
    expect(batches(optimize(graph, 'cpu', 2))).toBeGreaterThan(0)
    const carry = blocksCarry(2, 512, 512, 4)
    expect(batches(optimize(traced(blocksStep, carry, { x: filled(2, 512, 512) }), 'cpu', 2))).toBe(0)
    const plain = await run(graph, large.carry, large.feeds)
    const together = await run(optimizeStep(graph, 'cpu', true, 2), large.carry, large.feeds)
    expect(difference(plain, together)).toBeLessThan(1e-5)
  })

  it('transposes within a product where the right operand is narrow', async () => {
    const transposed = (width: number): Graph => {
      const step: StepFunction = ({ w }, { x, y }) => ({
        carry: { w: tf.add(w, tf.matMul(x, y, true)) },
        outputs: {}
      })
      const feeds = { x: filled(300, 40), y: filled(300, width) }
      return optimize(traced(step, { w: filled(40, width) }, feeds), 'cpu')
    }
    expect(count(transposed(128), 'Transpose')).toBe(0)
    expect(count(transposed(129), 'Transpose')).toBe(1)
  })

  it('updates the carry in place, each entry once', () => {
    const { graph, update } = optimizeStep(traced(blocksStep, large.carry, large.feeds), 'cpu', true)
    expect(graph.outputs.filter(({ name }) => name.startsWith(NEXT))).toEqual([])
    expect([...update.entries].sort()).toEqual(Object.keys(large.carry).sort())
    for (const name of update.entries) {
      const written = update.calls
        .flatMap(({ results, length }) => results.map(({ buffer, begin }) => ({ buffer, begin, length })))
        .filter(({ buffer }) => buffer === CARRY + name)
        .sort((a, b) => a.begin - b.begin)
      let end = 0
      for (const { begin, length } of written) {
        expect(begin).toBe(end)
        end += length
      }
      expect(end).toBe(large.carry[name].data.length)
    }
    // Most of the work shares a kernel.
    expect(new Set(update.calls.map(({ kernel }) => kernel)).size).toBeLessThan(update.calls.length)
  })

  it('copies neither the matrices of a batch nor their gradients', () => {
    const { graph } = optimizeStep(traced(blocksStep, large.carry, large.feeds), 'cpu', true)
    expect(
      graph.inputs.filter(({ part }) => part?.of === 'carry/w1').map(({ value }) => value.shape)
    ).toEqual([
      [260, 90],
      [260, 90],
      [260, 90]
    ])
    const gradients = graph.outputs.filter(({ part }) => part !== undefined)
    expect(gradients.map(({ part }) => part?.begin).slice(0, 3)).toEqual([0, 78_000, 156_000])
  })

  it('names views apart where an entry is seen in two shapes', async () => {
    const { w } = { w: filled(2, 128, 130) }
    const step: StepFunction = (carry, { x }) => {
      const twice = tf.concat(tf.split(tf.reshape(carry.w, [4, 64, 130]), 4).map((part) => tf.neg(part)))
      const product = tf.matMul(x, tf.add(carry.w, tf.reshape(twice, [2, 128, 130])))
      const halves = tf.split(carry.w, 2).map((part) => tf.exp(part))
      return { carry, outputs: { y: tf.add(tf.sum(product), tf.sum(tf.concat(halves))) } }
    }
    const feeds = { x: filled(2, 3, 128) }
    const graph = traced(step, { w }, feeds)
    const compiled = optimizeStep(graph, 'cpu', true)
    const names = compiled.graph.inputs.map(({ name }) => name)
    expect(names.filter((name) => name.startsWith('carry/w@'))).toHaveLength(4 + 2)
    expect(new Set(names).size).toBe(names.length)
    expect(difference(await run(graph, { w }, feeds), await run(compiled, { w }, feeds))).toBeLessThan(1e-5)
  })
})

describe('an element-wise end', () => {
  const LENGTH = 20_003
  const vector = (): HostTensor => filled(LENGTH)
  const carry: HostTensors = { a: vector(), b: vector(), c: filled(3) }
  const feeds: HostTensors = { x: vector(), s: filled() }

  type Step = (t: Record<string, tf.Tensor>) => Record<string, tf.Tensor>
  const stepOf =
    (f: Step): StepFunction =>
    (from, fed) => ({ carry: { ...from, ...f({ ...from, ...fed }) }, outputs: {} })
  const entries = (f: Step): string[] =>
    [...optimizeStep(traced(stepOf(f), carry, feeds), 'cpu', true).update.entries].sort()
  const agrees = async (f: Step, first = carry): Promise<void> => {
    const graph = traced(stepOf(f), first, feeds)
    const plain = await run(graph, first, feeds)
    const alone = await run(optimizeStep(graph, 'cpu', false), first, feeds)
    const updated = await run(optimizeStep(graph, 'cpu', true), first, feeds)
    expect(difference(plain, updated)).toBeLessThan(1e-6)
    // Operator by operator or entry by entry: the same operations.
    for (const name of Object.keys(alone)) expect(updated[name].data).toEqual(alone[name].data)
  }

  const steps: readonly (readonly [string, readonly string[], Step])[] = [
    [
      'every operation',
      ['a'],
      ({ a, x, s }) => ({
        a: tf.sub(
          tf.maximum(tf.neg(tf.abs(a)), tf.minimum(tf.sqrt(tf.abs(x)), tf.div(x, tf.add(tf.abs(x), 1)))),
          tf.mul(a, s)
        )
      })
    ],
    [
      'a feed and a constant vector',
      ['a'],
      ({ a, x }) => ({
        a: tf.add(tf.mul(a, 0.5), tf.mul(x, tf.linspace(0, 1, LENGTH)))
      })
    ],
    [
      'numbers from other entries',
      ['a'],
      ({ a, c }) => ({
        a: tf.mul(a, tf.sum(c)),
        c: tf.add(c, 1)
      })
    ],
    [
      'two entries at once',
      ['a', 'b'],
      ({ a, b, x }) => {
        const next = tf.add(tf.mul(b, 0.9), x)
        return { b: next, a: tf.sub(a, next) }
      }
    ],
    [
      'parts of a vector',
      ['a', 'b'],
      ({ a, b, x }) => {
        const scaled = tf.mul(tf.concat([x, tf.sqrt(tf.abs(x))]), 0.1)
        return {
          a: tf.add(a, tf.slice(scaled, [0], [LENGTH])),
          b: tf.add(b, tf.slice(scaled, [LENGTH], [LENGTH]))
        }
      }
    ],
    [
      'one value for two entries',
      ['a', 'b'],
      ({ a, x }) => {
        const next = tf.add(a, x)
        return { a: next, b: next }
      }
    ],
    [
      'an exchange, which is not possible in place',
      [],
      ({ a, b, x }) => ({ a: tf.add(b, x), b: tf.mul(a, 0.5) })
    ],
    ['what another entry was before', ['b'], ({ b, x }) => ({ a: b, b: tf.add(b, x) })],
    [
      'neighbours, whose old values are needed',
      [],
      ({ a }) => ({
        a: tf.mul(tf.concat([tf.slice(a, [1], [LENGTH - 1]), tf.slice(a, [0], [1])]), 0.5)
      })
    ],
    [
      'a result that is needed elsewhere',
      [],
      ({ a, c, x }) => {
        const next = tf.add(a, x)
        return { a: next, c: tf.add(c, tf.sum(next)) }
      }
    ],
    ['little work', [], ({ c }) => ({ c: tf.mul(tf.add(c, 1), 0.5) })]
  ]

  it.each(steps)('gives the same numbers: %s', async (_, updated, f) => {
    expect(entries(f)).toEqual(updated)
    await agrees(f)
  })

  it('stays where another update reads one of its entries, as a vector or as a number', async () => {
    const first = { a: vector(), b: vector(), n: filled(1), m: vector() }
    const step: StepFunction = ({ a, b, n, m }, { x }) => {
      const all = tf.mul(tf.concat([n, m]), 0.5)
      return {
        carry: {
          a: tf.add(a, tf.mul(x, n)),
          b: tf.add(b, x),
          n: tf.slice(all, [0], [1]),
          m: tf.slice(all, [1], [LENGTH])
        },
        outputs: {}
      }
    }
    const graph = traced(step, first, { x: feeds.x })
    const compiled = optimizeStep(graph, 'cpu', true)
    expect([...compiled.update.entries].sort()).toEqual(['a', 'b'])
    expect(
      difference(await run(graph, first, { x: feeds.x }), await run(compiled, first, { x: feeds.x }))
    ).toBeLessThan(1e-6)
  })

  it('stays where the graph would have no outputs left', async () => {
    const first = { a: vector() }
    const graph = traced(({ a }) => ({ carry: { a: tf.mul(a, 0.5) }, outputs: {} }), first, {})
    const compiled = optimizeStep(graph, 'cpu', true)
    expect(compiled.update.entries).toEqual([])
    const { a } = await run(compiled, first, {})
    expect(a.data).toEqual(first.a.data.map((x) => x * 0.5 ** STEPS))
  })

  it('passes on what is not a number, and makes numbers too small for single precision 0', async () => {
    const grown: Step = ({ a }) => ({ a: tf.mul(tf.sqrt(a), 1e-25) })
    const first = { ...carry, a: { data: new Float32Array(LENGTH).fill(1e-30), shape: [LENGTH] } }
    ;(first.a.data as Float32Array)[7] = -1
    const graph = traced(stepOf(grown), first, feeds)
    const { a } = await run(optimizeStep(graph, 'cpu', true), first, feeds)
    expect(a.data[7]).toBeNaN()
    expect(a.data[6]).toBe(0)
    expect(a.data[LENGTH - 1]).toBe(0)
  })
})

describe('the order of results', () => {
  /** Two networks that share nothing but the sum of their losses, layer by layer in turns. */
  const step: StepFunction = (carry, { x }) => {
    const names = ['a0', 'b0', 'a1', 'b1', 'a2', 'b2']
    const layer = (h: tf.Tensor, w: tf.Tensor): tf.Tensor =>
      tf.tanh(tf.matMul(h as tf.Tensor2D, w as tf.Tensor2D))
    const { value, grads } = tf.valueAndGrads((...w: tf.Tensor[]) => {
      let [a, b]: tf.Tensor[] = [x, x]
      for (let i = 0; i < names.length; i += 2) {
        a = layer(a, w[i])
        b = layer(b, w[i + 1])
      }
      return tf.add(tf.sum(tf.square(a)), tf.sum(tf.exp(b))) as tf.Scalar
    })(names.map((name) => carry[name]))
    return { carry: Object.fromEntries(names.map((name, i) => [name, grads[i]])), outputs: { loss: value } }
  }
  const weights = Object.fromEntries(['a0', 'b0', 'a1', 'b1', 'a2', 'b2'].map((name) => [name, filled(8, 8)]))
  const graph = traced(step, weights, { x: filled(16, 8) })
  const { graph: ordered } = optimizeStep(graph, 'cpu', true)

  it('keeps every node after those whose results it uses', () => {
    const made = new Set(ordered.inputs.map(({ value }) => value))
    for (const node of ordered.nodes) {
      for (const input of node.inputs) expect(input.data !== undefined || made.has(input)).toBe(true)
      for (const output of node.outputs) made.add(output)
    }
    expect(ordered.nodes.length).toBe(optimize(graph, 'cpu').nodes.length)
  })

  it('asks for the gradients of one network before those of the next', () => {
    const names = new Map(ordered.outputs.map(({ name, value }) => [value, name]))
    // What comes last is computed first.
    const asked = ordered.nodes
      .flatMap(({ outputs }) => names.get(outputs[0])?.slice(NEXT.length) ?? [])
      .reverse()
    const networks = asked.filter((name) => name in weights).map(([letter]) => letter)
    expect(networks).toHaveLength(6)
    expect(new Set(networks.slice(0, 3)).size).toBe(1)
    expect(new Set(networks.slice(3)).size).toBe(1)
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

  it('gives numbers all axes of an array that ends in an axis of length 1', () => {
    const { nodes } = optimized(({ a, s }) => tf.add(tf.mul(tf.reshape(a, [6, 4, 1]), s), 2))
    const [product, sum] = ['Mul', 'Add'].map((op) => nodes.find((node) => node.op === op))
    for (const node of [product, sum]) {
      expect(node?.inputs.map(({ shape }) => shape)).toEqual([
        [6, 4, 1],
        [1, 1, 1]
      ])
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

  it('sums columns by a product with ones, on processors', async () => {
    const [carry, feeds] = [{ a: filled(70, 12) }, { s: filled() }]
    const total =
      (axis: number, keeps = false): StepFunction =>
      ({ a }) => ({ carry: { a }, outputs: { y: tf.sum(a, axis, keeps) } })
    for (const keeps of [false, true]) {
      const graph = traced(total(0, keeps), carry, feeds)
      const made = optimize(graph, 'cpu')
      expect(made.nodes[0].op).toBe('MatMul')
      expect(count(made, 'ReduceSum')).toBe(0)
      expect(count(optimize(graph, 'cuda'), 'ReduceSum')).toBe(1)
      expect(difference(await run(graph, carry, feeds), await run(made, carry, feeds))).toBeLessThan(1e-6)
    }
    const rows = optimize(traced(total(1), carry, feeds), 'cpu')
    expect(rows.nodes.map(({ op }) => op)).toEqual(['ReduceSum'])
    const sums = ops(({ a, b }) => tf.concat([tf.sum(a, 0), tf.sum(b, 0), tf.sum(tf.exp(a), 0)]))
    expect(sums.filter((op) => op === 'MatMul')).toHaveLength(3)
  })

  it('knows activations by their slopes', () => {
    expect(ops(({ a }) => tf.mul(a, tf.step(a, 0.2)))).toEqual(['LeakyRelu'])
    expect(ops(({ a, b }) => tf.mul(b, tf.step(a, 0.2)))).toEqual(['Mul', 'Clip', 'Mul'])
    const gradient = ops(({ a }) => tf.grad((x: tf.Tensor) => tf.square(tf.relu(x)))(a))
    expect(gradient).toContain('HardSigmoid')
    expect(gradient).not.toContain('Where')
  })
})
