import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { findEngine } from '../src/index.js'
import { doubling, halving, halvingOfData } from '../src/networks/internal/convolution.js'
import { eagerEngines } from './native-engine.js'

const shapes = { batch: 3, height: 8, width: 6, channels: 2, filters: 5 }

const numbers = (...shape: number[]): tf.Tensor4D => {
  const size = shape.reduce((product, n) => product * n, 1)
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(3 * i * i + size)),
    shape as [number, number, number, number]
  ) as tf.Tensor4D
}

const near = (found: tf.Tensor, expected: tf.Tensor): void => {
  expect(found.shape).toEqual(expected.shape)
  const [x, y] = [Array.from(found.dataSync()), expected.dataSync()]
  const worst = x.reduce((most, value, i) => Math.max(most, Math.abs(value - y[i])), 0)
  expect(worst).toBeLessThan(1e-4)
}

describe.each(eagerEngines)('convolutions on %s', (backend) => {
  beforeAll(async () => {
    await findEngine(backend)()
  })
  const { batch, height, width, channels, filters } = shapes
  const padding: [[number, number], [number, number], [number, number], [number, number]] = [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0]
  ]

  it('halve and double as TF.js’s own do', () => {
    const x = numbers(batch, height, width, channels)
    const y = numbers(batch, height / 2, width / 2, filters)
    const w = numbers(4, 4, channels, filters)
    near(
      halving(x, w, tf.ones([filters])),
      tf.add(tf.conv2d(tf.pad(x, padding) as tf.Tensor4D, w, 2, 'valid'), 1)
    )
    const whole = tf.conv2dTranspose(y, w, [batch, height + 2, width + 2, channels], 2, 'valid')
    const cropped = tf.slice(whole, [0, 1, 1, 0], [batch, height, width, channels])
    near(doubling(y, w, tf.zeros([channels])), cropped)
  })

  it('have the gradients that differences show', () => {
    const x = numbers(1, 4, 4, 1)
    const w = numbers(4, 4, 1, 2)
    const up = numbers(1, 8, 8, 1)
    // Through both layers, so that each is a first and a last one.
    const loss = (a: tf.Tensor, filter: tf.Tensor): tf.Scalar => {
      const small = tf.tanh(halving(a as tf.Tensor4D, filter as tf.Tensor4D, tf.zeros([2]))) as tf.Tensor4D
      const back = tf.tanh(doubling(small, filter as tf.Tensor4D, tf.ones([1]))) as tf.Tensor4D
      return tf.sum(
        tf.mul(doubling(tf.concat([back, back], 3) as tf.Tensor4D, filter as tf.Tensor4D, tf.zeros([1])), up)
      )
    }
    const [byInput, byFilter] = tf.grads(loss)([x, w])
    const H = 1e-2
    const difference = (at: number, of: 'x' | 'w'): number => {
      const value = (sign: number): number => {
        const moved = (t: tf.Tensor): tf.Tensor =>
          tf.tensor(
            t.dataSync().map((v, i) => (i === at ? v + sign * H : v)),
            t.shape
          )
        return loss(of === 'x' ? moved(x) : x, of === 'w' ? moved(w) : w).dataSync()[0]
      }
      return (value(1) - value(-1)) / (2 * H)
    }
    const [dx, dw] = [byInput.dataSync(), byFilter.dataSync()]
    for (let at = 0; at < x.size; at += 3)
      expect(Math.abs(dx[at] - difference(at, 'x'))).toBeLessThan(0.02 * (1 + Math.abs(dx[at])))
    for (let at = 0; at < w.size; at += 3)
      expect(Math.abs(dw[at] - difference(at, 'w'))).toBeLessThan(0.02 * (1 + Math.abs(dw[at])))
  })

  it('give data no gradient, and filters the same one', () => {
    const x = numbers(2, 4, 4, 1)
    const w = numbers(4, 4, 1, 2)
    const of = (layer: typeof halving) =>
      tf.grads((a, filter) =>
        tf.sum(tf.square(layer(a as tf.Tensor4D, filter as tf.Tensor4D, tf.zeros([2]))))
      )([x, w])
    near(of(halvingOfData)[1], of(halving)[1])
    near(of(halvingOfData)[0], tf.zerosLike(x))
  })
})
