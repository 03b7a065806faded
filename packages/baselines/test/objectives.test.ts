import { findEngine, initialAutoencoder, productsFor } from '@mechid/estimator'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { type BaselineMethod, betaVae, iVae, pcl, slowVae, supervised, tcVae } from '../src/index.js'
import { aggregateDensity, logWeights } from '../src/methods/aggregate-posterior.js'
import { logSumExpLast } from '../src/methods/log-sum-exp.js'
import { laplaceCrossEntropy } from '../src/methods/slow-vae.js'

// Tensors are made below, before any test runs.
await orThrow(findEngine('cpu'))

const normals = (seed: number, ...shape: number[]): tf.Tensor => {
  const data = new Float32Array(shape.reduce((p, n) => p * n, 1))
  generator(seed).fillNormal(data)
  return tf.tensor(data, shape)
}

const [ROWS, D, EXAMPLES] = [6, 3, 50]

const logDensity = (z: number, mean: number, logVariance: number): number =>
  -0.5 * (Math.log(2 * Math.PI) + logVariance + (z - mean) ** 2 * Math.exp(-logVariance))

describe('the aggregate posterior', () => {
  const [z, mean, logVariance] = [normals(1, ROWS, D), normals(2, ROWS, D), normals(3, ROWS, D)]

  it.each(['weighted', 'stratified'] as const)(
    'has the densities that its definition gives, %s',
    (sampling) => {
      const [zs, means, logs] = [z, mean, logVariance].map((t) => t.arraySync() as number[][])
      const weights = logWeights(sampling, ROWS, EXAMPLES)
      let [joint, marginals] = [0, 0]
      for (let i = 0; i < ROWS; i++) {
        const at = (j: number, k: number): number => logDensity(zs[i][k], means[j][k], logs[j][k])
        const mixture = (f: (j: number) => number): number =>
          Math.log(zs.reduce((sum, _, j) => sum + Math.exp(weights[i * ROWS + j] + f(j)), 0))
        joint += mixture((j) => at(j, 0) + at(j, 1) + at(j, 2))
        for (let k = 0; k < D; k++) marginals += mixture((j) => at(j, k))
      }
      const found = aggregateDensity(z as tf.Tensor2D, { mean, logVariance }, sampling, EXAMPLES)
      expect(found.joint.arraySync()).toBeCloseTo(joint, 3)
      expect(found.marginals.arraySync()).toBeCloseTo(marginals, 3)
    }
  )

  it('weights rows so that stratified ones sum to 1, and the row itself counts 1/N', () => {
    const weights = logWeights('stratified', ROWS, EXAMPLES).map(Math.exp)
    for (let i = 0; i < ROWS; i++) {
      const row = weights.subarray(i * ROWS, (i + 1) * ROWS)
      expect(row.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 5)
      expect(row[i]).toBeCloseTo(1 / EXAMPLES, 6)
    }
  })
})

it('log Σ exp is exact for large numbers, and its gradient is softmax', () => {
  const x = tf.tensor2d([1000, 1001, 1002, -5, 0, 5], [2, 3])
  const { value, grad } = tf.valueAndGrad((t: tf.Tensor) => tf.sum(logSumExpLast(t)) as tf.Scalar)(x)
  expect(value.arraySync()).toBeCloseTo(1002.4076 + 5.0067606, 2)
  const softmax = tf.softmax(x).dataSync()
  grad.dataSync().forEach((slope, k) => {
    expect(slope).toBeCloseTo(softmax[k], 4)
  })
})

it('the cross-entropy of a Gaussian from a Laplace distribution is its integral', () => {
  const [rate, cases] = [
    6,
    [
      [0, 0],
      [0.3, -3],
      [-1.2, -1],
      [2, -8]
    ] as const
  ]
  for (const [mean, logVariance] of cases) {
    const deviation = Math.exp(logVariance / 2)
    let integral = 0
    const width = deviation / 200
    for (let z = mean - 10 * deviation; z < mean + 10 * deviation; z += width) {
      const cost = rate * Math.abs(z) - Math.log(rate / 2)
      integral += width * Math.exp(logDensity(z, mean, logVariance)) * cost
    }
    const found = laplaceCrossEntropy(
      { mean: tf.tensor1d([mean]), logVariance: tf.tensor1d([logVariance]) },
      rate
    )
    expect(found.arraySync()).toBeCloseTo(integral, 3)
  }
})

const shape = { features: 4, latents: 2, actions: 3, temporal: false }
const coders = {
  encoder: { width: 8, depth: 2, activation: 'swish' },
  decoder: { width: 8, depth: 1, activation: 'swish' }
} as const

const prepared = (method: BaselineMethod) => {
  const seen = method.seesActions === true ? shape.actions : 0
  const model = {
    shape: { ...shape, features: shape.features + seen, beside: seen, temporal: method.needs === 'frames' },
    configuration: coders
  }
  const host = {
    ...Object.fromEntries(
      Object.entries(initialAutoencoder(model.shape, coders, generator(4))).filter(
        ([name]) => method.decodes || !name.startsWith('decoder/')
      )
    ),
    ...method.initial?.(model, generator(5))
  }
  const x = normals(6, 8, shape.features) as tf.Tensor2D
  const actions = normals(7, 8, method.needs === 'labels' ? shape.latents : shape.actions) as tf.Tensor2D
  const batch = {
    x: (seen > 0 ? tf.concat([x, actions], 1) : x) as tf.Tensor2D,
    decoded: x,
    a: actions,
    noise: normals(8, 8, shape.latents) as tf.Tensor2D
  }
  const context = { model, examples: EXAMPLES, products: productsFor() }
  const loss = (parameters: Readonly<Record<string, tf.Tensor>>): tf.Scalar => {
    if (method.objective === undefined) throw new Error('nothing is trained')
    return method.objective(parameters, batch, context).minimized
  }
  const parameters = Object.fromEntries(
    Object.entries(host).map(([name, { data, shape: size }]) => [name, tf.tensor(data, [...size])])
  )
  return { loss, parameters }
}

describe('objectives', () => {
  const methods: ReadonlyArray<readonly [string, BaselineMethod]> = [
    ['beta-VAE', betaVae()],
    ['beta-TCVAE, weighted', tcVae({ beta: 4 })],
    ['beta-TCVAE, stratified', tcVae({ sampling: 'stratified' })],
    ['iVAE', iVae({ network: { width: 8, depth: 1 } })],
    ['iVAE, variances alone', iVae({ prior: 'variance', network: { width: 8, depth: 1 } })],
    ['SlowVAE', slowVae()],
    ['PCL', pcl({ permutations: 1, network: { width: 8, depth: 1 } })],
    ['PCL, several permutations', pcl({ permutations: 2, network: { width: 8, depth: 1 } })],
    ['supervised', supervised()]
  ]

  it.each(methods)('have the gradient that differences give: %s', (_, method) => {
    const { loss, parameters } = prepared(method)
    const names = Object.keys(parameters)
    const { grads } = tf.valueAndGrads((...values: tf.Tensor[]) =>
      loss(Object.fromEntries(names.map((name, i) => [name, values[i]])))
    )(Object.values(parameters))
    const directions = names.map((name, i) => normals(20 + i, ...parameters[name].shape))
    const along = grads.reduce(
      (sum, g, i) => sum + (tf.sum(tf.mul(g, directions[i])).arraySync() as number),
      0
    )
    const moved = (by: number): number =>
      loss(
        Object.fromEntries(
          names.map((name, i) => [name, tf.add(parameters[name], tf.mul(directions[i], by))])
        )
      ).arraySync()
    // Central differences in single precision: errors of about 1e-7 / step, and of the order of step².
    const step = 2e-3
    const measured = (moved(step) - moved(-step)) / (2 * step)
    expect(Math.abs(measured - along)).toBeLessThan(0.02 * Math.max(1, Math.abs(along)))
  })

  it.each([1, 8, 64])(
    'PCL with ν = %s is least at a ratio of 1 where pairs cannot be told apart',
    (noiseRatio) => {
      const { loss, parameters } = prepared(
        pcl({ permutations: 2, noiseRatio, network: { width: 8, depth: 1 } })
      )
      // With last weights of 0, r is the same for all pairs: the sum of the last biases.
      const at = (r: number): number =>
        loss({
          ...parameters,
          'pairs/w1': tf.zerosLike(parameters['pairs/w1']),
          'pairs/b1': tf.fill(parameters['pairs/b1'].shape, r / shape.latents)
        }).arraySync()
      expect(at(0)).toBeCloseTo(Math.log(1 + noiseRatio) + noiseRatio * Math.log(1 + 1 / noiseRatio), 4)
      for (const r of [-0.5, 0.5]) expect(at(r)).toBeGreaterThan(at(0) + 0.01)
    }
  )

  it('beta 1 makes beta-TCVAE the VAE', () => {
    const [plain, total] = [betaVae({ beta: 1 }), tcVae({ beta: 1 })].map((method) => {
      const { loss, parameters } = prepared(method)
      return loss(parameters).arraySync()
    })
    expect(total).toBeCloseTo(plain, 5)
  })

  it('a total correlation costs more with a greater beta', () => {
    const [weak, strong] = [2, 4].map((beta) => {
      const { loss, parameters } = prepared(tcVae({ beta, sampling: 'stratified' }))
      return loss(parameters).arraySync()
    })
    expect(strong).not.toBeCloseTo(weak, 3)
  })
})
