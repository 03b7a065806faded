import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  adam,
  chain,
  clipByGlobalNorm,
  findEngine,
  type GradientTransformation,
  orthogonalize,
  rateFactor,
  scale,
  sgd
} from '../src/index.js'
import { firstCarry, parametersOf, updated } from '../src/training/carry.js'
import { ramp } from '../src/training/schedule.js'

beforeAll(async () => {
  await findEngine('cpu')()
})

/** Descends on Σ (w − target)² for some steps from zero. */
const descend = (optimizer: GradientTransformation, rate: number, steps: number): number[] => {
  const target = tf.tensor1d([3, -2])
  let w: tf.Tensor = tf.zeros([2])
  const initial = optimizer.init({ w: { data: new Float32Array(2), shape: [2] } })
  let state: Readonly<Record<string, tf.Tensor>> = Object.fromEntries(
    Object.entries(initial).map(([name, { data, shape }]) => [name, tf.tensor(data, shape as number[])])
  )
  for (let step = 0; step < steps; step++) {
    const gradient = tf.mul(tf.sub(w, target), 2)
    const context = { parameters: { w }, learningRate: tf.scalar(rate) }
    const result = optimizer.update({ w: gradient }, state, context)
    state = result.state
    w = tf.add(w, result.updates.w)
  }
  return [...w.dataSync()]
}

describe('optimizers', () => {
  it('descend to the minimum', () => {
    for (const [optimizer, rate] of [
      [adam(), 0.1],
      [sgd(), 0.1],
      [sgd(0.9), 0.02]
    ] as const) {
      const [x, y] = descend(optimizer, rate, 400)
      expect(x).toBeCloseTo(3, 2)
      expect(y).toBeCloseTo(-2, 2)
    }
  })

  it('Adam’s first step is the learning rate, whatever the gradient', () => {
    const [x, y] = descend(adam(), 0.01, 1)
    expect(x).toBeCloseTo(0.01, 6)
    expect(y).toBeCloseTo(-0.01, 6)
  })

  it('chain in order', () => {
    expect(descend(chain(scale(3), sgd()), 0.01, 1)[0]).toBeCloseTo(0.18, 6)
  })

  it('clip the joint norm', () => {
    const { updates } = clipByGlobalNorm(1).update(
      { a: tf.tensor1d([3]), b: tf.tensor1d([4]) },
      {},
      { parameters: {}, learningRate: tf.scalar(1) }
    )
    expect(updates.a.dataSync()[0]).toBeCloseTo(0.6, 6)
    expect(updates.b.dataSync()[0]).toBeCloseTo(0.8, 6)
  })

  it('Muon makes a matrix nearly orthogonal', () => {
    const { updates } = orthogonalize().update(
      {
        w: tf.tensor2d([
          [5, 1],
          [1, 0.5]
        ])
      },
      {},
      { parameters: {}, learningRate: tf.scalar(1) }
    )
    const [a, b, c, d] = tf.matMul(updates.w as tf.Tensor2D, updates.w as tf.Tensor2D, false, true).dataSync()
    // The quintic iteration leaves singular values between 0.68 and 1.21, whose squares stand here.
    for (const diagonal of [a, d]) expect(Math.abs(diagonal - 1)).toBeLessThan(0.55)
    expect(Math.max(Math.abs(b), Math.abs(c))).toBeLessThan(0.3)
  })

  it('Muon takes filters as one matrix from windows to filters', () => {
    const matrix = tf.randomNormal([2 * 2 * 3, 5], 0, 1, 'float32', 1)
    const context = { parameters: {}, learningRate: tf.scalar(1) }
    const update = (w: tf.Tensor) => orthogonalize().update({ w }, {}, context).updates.w
    const filters = update(tf.reshape(matrix, [2, 2, 3, 5]))
    expect(filters.shape).toEqual([2, 2, 3, 5])
    expect([...filters.dataSync()]).toEqual([...update(matrix).dataSync()])
  })
})

describe('a ramp', () => {
  it('rises from one share of the steps to another', () => {
    const at = (step: number, from: number, to: number) => ramp(step, 100, { from, to })
    expect([0, 20, 30, 40, 99].map((step) => at(step, 0.2, 0.4))).toEqual([0, 0, 0.5, 1, 1])
    // Never steeper than one step.
    expect([49, 50, 51].map((step) => at(step, 0.5, 0.5))).toEqual([0, 0, 1])
  })
})

describe('an update of a carry', () => {
  it('moves the parameters that have gradients, and keeps the others', () => {
    const host = {
      w: { data: Float32Array.of(1), shape: [1] },
      fixed: { data: Float32Array.of(7), shape: [1] }
    }
    const optimizer = adam()
    const first = firstCarry(host, optimizer, (name) => name === 'w')
    const carry = Object.fromEntries(
      Object.entries(first).map(([name, { data, shape }]) => [name, tf.tensor(data, shape as number[])])
    )
    const next = updated(carry, { w: tf.tensor1d([5]) }, optimizer, tf.scalar(0.1))
    expect(Object.keys(next)).toEqual(Object.keys(first))
    const { w, fixed } = parametersOf(next)
    expect(w.dataSync()[0]).toBeCloseTo(0.9, 5)
    expect(fixed.dataSync()[0]).toBe(7)
  })
})

describe('the learning rate', () => {
  it('warms up, stays, and decays to its last value', () => {
    const options = { decayFrom: 0.5, finalRate: 0.1, warmup: 10 }
    expect(rateFactor(0, 100, options)).toBeCloseTo(0.1)
    expect(rateFactor(30, 100, options)).toBe(1)
    expect(rateFactor(75, 100, options)).toBeCloseTo(0.55)
    expect(rateFactor(100, 100, options)).toBeCloseTo(0.1)
  })
})
