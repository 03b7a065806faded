import type { NamedTensors } from '@mechid/engine'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Configuration, findEngine, preset } from '../src/index.js'
import { decode, encode } from '../src/model/autoencoder.js'
import { linearizedAt } from '../src/model/decoder-tangents.js'
import { initialParameters } from '../src/model/parameters.js'
import { posteriorStart, precisePosterior } from '../src/model/precise-posterior.js'
import { encoderMiss } from '../src/objective/internal/encoder-miss.js'
import { inverseFactor } from '../src/tensors/inverse-factor.js'
import { eagerEngines } from './native-engine.js'

const [ROWS, LATENTS, FEATURES] = [40, 3, 7]
const shape = { latents: LATENTS, features: FEATURES, actions: 0, temporal: true }
const network = { width: 24, depth: 2, activation: 'swish' } as const
const configuration: Configuration = {
  ...orThrow(preset('gated', shape)),
  encoder: network,
  decoder: network,
  posterior: 'precise'
}

const normal = (seed: number, ...of: number[]): tf.Tensor => {
  const data = new Float32Array(of.reduce((p, n) => p * n, 1))
  generator(seed).fillNormal(data)
  return tf.tensor(data, of)
}

const NOISE = 0.01

/** A decoder, observations of it, and an encoder that is not its inverse. */
const observed = () => {
  const start = initialParameters(shape, configuration, generator(1))
  const parameters: Record<string, tf.Tensor> = {}
  for (const [name, { data, shape: of }] of Object.entries(start)) parameters[name] = tf.tensor(data, [...of])
  const z = normal(2, ROWS, LATENTS) as tf.Tensor2D
  const x = tf.add(decode(parameters, configuration, z), tf.mul(normal(3, ROWS, FEATURES), NOISE))
  // Codes .2 beside the latents, whatever the encoder sees.
  const beside = tf.add(z, tf.mul(normal(4, ROWS, LATENTS), 0.2))
  return { parameters, x: x as tf.Tensor2D, z, beside }
}

/** As many Gauss–Newton steps as it takes: what one start and one last step shall come near to. */
const converged = (parameters: NamedTensors, x: tf.Tensor2D, from: tf.Tensor2D): tf.Tensor2D => {
  let z = from
  for (let i = 0; i < 12; i++) {
    const { value, jacobian } = linearizedAt(parameters, configuration, z)
    const { inverse } = inverseFactor(
      tf.add(tf.matMul(jacobian, jacobian, false, true), tf.mul(tf.eye(LATENTS), 1e-6))
    )
    const right = tf.matMul(jacobian, tf.expandDims(tf.sub(x, value), 2) as tf.Tensor3D)
    z = tf.add(z, tf.squeeze(tf.matMul(inverse, tf.matMul(inverse, right), true), [2]))
  }
  return z
}

/** A start at given latents, without damping. */
const startFrom = (parameters: NamedTensors, at: tf.Tensor2D) => {
  const { jacobian } = linearizedAt(parameters, configuration, at)
  const normal = tf.matMul(jacobian, jacobian, false, true)
  return { at, jacobian, ...inverseFactor(tf.add(normal, tf.mul(tf.eye(LATENTS), 1e-6))) }
}

const numbers = (t: tf.Tensor): number[] => Array.from(t.dataSync())
const rms = (t: tf.Tensor): number => Math.sqrt(tf.mean(tf.square(t)).dataSync()[0])

describe.each(eagerEngines)('precise posteriors on %s', (name) => {
  beforeAll(async () => {
    expect((await findEngine(name)())._tag).toBe('Right')
    await tf.setBackend(name)
  })

  it.each([1, 2, 10, 25])('factors stacks of matrices of size %i', (d) => {
    const factor = normal(5, 6, d, d + 3) as tf.Tensor3D
    const stack = tf.matMul(factor, factor, false, true) as tf.Tensor3D
    const { inverse, logDeterminant } = inverseFactor(stack)
    const identity = tf.matMul(tf.matMul(inverse, stack), inverse, false, true)
    expect(rms(tf.sub(identity, tf.eye(d)))).toBeLessThan(1e-3)
    const upper = tf.sub(inverse, tf.linalg.bandPart(inverse, -1, 0))
    expect(rms(upper)).toBe(0)
    const diagonal = tf.sum(tf.mul(inverse, tf.eye(d)), 2)
    const logs = numbers(tf.sum(tf.log(diagonal), 1))
    numbers(logDeterminant).forEach((log, r) => {
      expect(log).toBeCloseTo(-2 * logs[r], 3)
    })
  })

  it('keeps a singular matrix finite', () => {
    const { inverse, logDeterminant } = inverseFactor(tf.zeros([2, 3, 3]))
    expect([...numbers(inverse), ...numbers(logDeterminant)].every(Number.isFinite)).toBe(true)
  })

  it('has its mode where the decoder is nearest', () => {
    const { parameters, x, z, beside } = observed()
    const directions = normal(6, ROWS, LATENTS) as tf.Tensor2D
    const start = startFrom(parameters, beside as tf.Tensor2D)
    const { marginal } = precisePosterior(parameters, configuration, x, start, directions)
    const mode = converged(parameters, x, z)
    const before = rms(tf.sub(beside, mode))
    expect(rms(tf.sub(marginal.mean, mode))).toBeLessThan(0.35 * before)
    const again = startFrom(parameters, marginal.mean as tf.Tensor2D)
    const second = precisePosterior(parameters, configuration, x, again, directions)
    expect(rms(tf.sub(second.marginal.mean, mode))).toBeLessThan(0.1 * before)
  })

  it('starts where the encoder points, and a step nearer', () => {
    const { parameters, x } = observed()
    const nearer = posteriorStart(parameters, shape, configuration, x)
    expect(nearer.at.shape).toEqual([ROWS, LATENTS])
    const miss = (at: tf.Tensor2D): number =>
      tf.sum(tf.square(tf.sub(x, decode(parameters, configuration, at)))).dataSync()[0]
    const encoded = encode(parameters, shape, configuration, x).mean as tf.Tensor2D
    expect(miss(nearer.at)).toBeLessThan(0.5 * miss(encoded))
  })

  it('moves with the decoder as its mode does', () => {
    const { parameters, z: mode } = observed()
    // Without noise: what it adds to the second derivatives is left out by Gauss and Newton.
    const x = decode(parameters, configuration, mode)
    const weights = normal(7, ROWS, LATENTS)
    const weighed = (means: tf.Tensor): tf.Scalar => tf.sum(tf.mul(means, weights)) as tf.Scalar
    const start = startFrom(parameters, mode)
    for (const moved of ['decoder/w0', 'decoder/w1', 'decoder/b2']) {
      const meanOf = (w: tf.Tensor): tf.Tensor =>
        precisePosterior({ ...parameters, [moved]: w }, configuration, x, start, tf.zeros([ROWS, LATENTS]))
          .marginal.mean
      const gradient = tf.grad((w: tf.Tensor) => weighed(meanOf(w)))(parameters[moved])
      const direction = tf.mul(normal(8, ...parameters[moved].shape), 2e-3)
      const at = (sign: number): number => {
        const other = { ...parameters, [moved]: tf.add(parameters[moved], tf.mul(direction, sign)) }
        return weighed(converged(other, x, mode)).dataSync()[0]
      }
      const expected = (at(1) - at(-1)) / 2
      const found = tf.sum(tf.mul(gradient, direction)).dataSync()[0]
      expect(Math.abs(found - expected), moved).toBeLessThan(0.02 * Math.abs(expected) + 0.001)
    }
  })

  it('has the covariance of the Laplace approximation', () => {
    const { parameters, x, z } = observed()
    const at = converged(parameters, x, z)
    const start = startFrom(parameters, at)
    const { marginal, dependence } = precisePosterior(parameters, configuration, x, start, tf.zerosLike(z))
    const missed = tf.mean(tf.square(tf.sub(x, decode(parameters, configuration, at)))).dataSync()[0]
    const noise = (missed * FEATURES) / (FEATURES - LATENTS)
    expect(noise / NOISE ** 2).toBeGreaterThan(0.7)
    expect(noise / NOISE ** 2).toBeLessThan(1.4)
    const covariances = numbers(tf.mul(tf.matMul(start.inverse, start.inverse, true), noise))
    const variances = numbers(tf.exp(marginal.logVariance))
    let each = 0
    for (let r = 0; r < ROWS; r++) {
      const [a, b, c, , e, f, , , i] = covariances.slice(r * 9, r * 9 + 9)
      ;[a, e, i].forEach((variance, k) => {
        expect(variances[3 * r + k] / variance).toBeCloseTo(1, 3)
      })
      // Entropies of independent latents less that of the posterior, by the determinant of the covariance.
      const determinant = a * (e * i - f * f) - b * (b * i - f * c) + c * (b * f - e * c)
      each += (0.5 * (Math.log(a * e * i) - Math.log(determinant))) / ROWS
    }
    expect(each).toBeGreaterThan(0.01)
    expect(dependence.dataSync()[0] / ROWS).toBeCloseTo(each, 2)
  })

  it('charges the volume of what the decoder makes of latents', () => {
    const { parameters, x, z } = observed()
    const start = startFrom(parameters, converged(parameters, x, z))
    const meanWidth = (scale: number): number => {
      // A decoder with wider tangents, the start held: widths grow with them.
      const wide = { ...parameters, 'decoder/w2': tf.mul(parameters['decoder/w2'], scale) }
      const moved = tf.mul(x, scale) as tf.Tensor2D
      let sum = 0
      for (let k = 0; k < 50; k++) {
        const directions = normal(50 + k, ROWS, LATENTS) as tf.Tensor2D
        const [all, none] = [directions, tf.zerosLike(directions)].map(
          (v) => precisePosterior(wide, configuration, moved, start, v).squaredError.dataSync()[0]
        )
        sum += (all - none) / 50 / none
      }
      return sum
    }
    // E |J v|² = d, over features − d directions that are left to the noise.
    expect(meanWidth(1)).toBeCloseTo(LATENTS / (FEATURES - LATENTS), 1)
    expect(meanWidth(2) / meanWidth(1)).toBeCloseTo(4, 0)
  })

  it('teaches an encoder the latents, and by how much it misses', () => {
    const latents = normal(9, 500, 2)
    const off = tf.mul(normal(10, 500, 2), [0.1, 0.4])
    const value = (shift: number, logs: number[]): number =>
      encoderMiss(
        { mean: tf.add(tf.add(latents, off), shift), logVariance: tf.add(tf.zeros([500, 2]), logs) },
        latents,
        FEATURES
      ).dataSync()[0]
    const right = [2 * Math.log(0.1), 2 * Math.log(0.4)]
    expect(value(0.1, right)).toBeGreaterThan(value(0, right))
    for (const wrong of [0.5, -0.5]) {
      expect(value(0, [right[0] + wrong, right[1]])).toBeGreaterThan(value(0, right))
      expect(value(0, [right[0], right[1] + wrong])).toBeGreaterThan(value(0, right))
    }
    const mean = tf.add(latents, off)
    const gradient = tf.grad((z: tf.Tensor) =>
      encoderMiss({ mean, logVariance: tf.zeros([500, 2]) }, z, FEATURES)
    )(latents)
    expect(rms(gradient)).toBe(0)
  })
})
