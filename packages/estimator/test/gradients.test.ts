import { generator } from '@mechid/random'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { findEngine } from '../src/index.js'
import { optimalDivergence } from '../src/model/gaussian.js'
import { blockLinear, dense, leakyRelu } from '../src/networks/layers.js'
import { productsInTurn, stackProducts } from '../src/networks/products.js'
import { eagerEngines } from './native-engine.js'

const tensor = (seed: number, ...shape: number[]): tf.Tensor => {
  const data = new Float32Array(shape.reduce((p, n) => p * n, 1))
  generator(seed).fillNormal(data)
  return tf.tensor(data, shape)
}

const product = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor): tf.Tensor =>
  tf.add(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D), b)

/** The same computation by TF.js's own gradients. */
const sameGradients = async (
  ours: (...inputs: tf.Tensor[]) => tf.Tensor,
  theirs: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: tf.Tensor[]
): Promise<void> => {
  const [first, second] = [ours, theirs].map((f) =>
    tf.valueAndGrads((...x: tf.Tensor[]) => tf.sum(tf.sin(f(...x))) as tf.Scalar)(inputs)
  )
  const pairs: [tf.Tensor, tf.Tensor][] = [
    [first.value, second.value],
    ...first.grads.map((g, i): [tf.Tensor, tf.Tensor] => [g, second.grads[i]])
  ]
  for (const [x, y] of pairs) {
    expect(x.shape).toEqual(y.shape)
    const [a, b] = [await x.data(), await y.data()]
    a.forEach((value, i) => {
      expect(Math.abs(value - b[i])).toBeLessThan(1e-4 * (1 + Math.abs(b[i])))
    })
  }
}

describe.each(eagerEngines)('written-out gradients on %s', (name) => {
  beforeAll(async () => {
    expect((await findEngine(name)())._tag).toBe('Right')
    await tf.setBackend(name)
  })

  it('of dense layers', async () => {
    const inputs = [tensor(1, 7, 5), tensor(2, 5, 4), tensor(3, 4)]
    for (const activation of ['linear', 'leaky'] as const) {
      await sameGradients(
        (x, w, b) => dense(x as tf.Tensor2D, w as tf.Tensor2D, b as tf.Tensor1D, activation),
        (x, w, b) => (activation === 'leaky' ? tf.leakyRelu(product(x, w, b), 0.2) : product(x, w, b)),
        inputs
      )
    }
  })

  it.each(Object.entries({ stackProducts, productsInTurn }))(
    'of layers of several networks, %s',
    async (_, products) => {
      await sameGradients(
        (x, w, b) => blockLinear(products, x as tf.Tensor3D, w as tf.Tensor3D, b as tf.Tensor3D),
        (x, w, b) => tf.add(tf.matMul(x as tf.Tensor3D, w as tf.Tensor3D), b),
        [tensor(1, 3, 6, 5), tensor(2, 3, 5, 4), tensor(3, 3, 1, 4)]
      )
    }
  )

  it('of LeakyReLU', async () => {
    await sameGradients(
      (x) => leakyRelu(x),
      (x) => tf.leakyRelu(x, 0.2),
      [tensor(4, 5, 3)]
    )
  })

  it('of the KL at the optimal variance', async () => {
    const theirs = (mean: tf.Tensor, logVariance: tf.Tensor, prediction: tf.Tensor): tf.Tensor => {
      const spread = tf.add(tf.exp(logVariance), tf.square(tf.sub(mean, prediction)))
      const prior = tf.log(tf.mean(spread, 1))
      return tf.mul(tf.sub(tf.mul(tf.sum(prior), 6), tf.sum(logVariance)), 0.5)
    }
    await sameGradients(
      (mean, logVariance, prediction) => optimalDivergence({ mean, logVariance }, prediction),
      theirs,
      [tensor(1, 2, 6, 1), tensor(2, 2, 6, 1), tensor(3, 2, 6, 1)]
    )
  })
})
