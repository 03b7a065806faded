/** The primitive gradient transformations. */
import type { HostTensor, NamedTensors } from '@mechid/engine'
import * as tf from '@tensorflow/tfjs-core'
import { scalar, zeros } from '../tensors/host-tensors.js'
import type { GradientTransformation } from './base.js'

const mapTensors = (tensors: NamedTensors, f: (tensor: tf.Tensor, name: string) => tf.Tensor): NamedTensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, f(tensor, name)]))

const zerosLike = (
  parameters: Readonly<Record<string, HostTensor>>,
  prefix: string
): Record<string, HostTensor> =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, { shape }]) => [`${prefix}/${name}`, zeros(...shape)])
  )

/** Multiplies by minus the learning rate: the last link of every chain that descends. */
export const scaleByLearningRate: GradientTransformation = {
  init: () => ({}),
  update: (updates, state, { learningRate }) => {
    const factor = tf.neg(learningRate)
    return { updates: mapTensors(updates, (u) => tf.mul(u, factor)), state }
  }
}

/** Multiplies by a constant. */
export const scale = (factor: number): GradientTransformation => ({
  init: () => ({}),
  update: (updates, state) => ({ updates: mapTensors(updates, (u) => tf.mul(u, factor)), state })
})

/** Scales all updates down together so that their joint Euclidean norm is at most `maxNorm`. */
export const clipByGlobalNorm = (maxNorm: number): GradientTransformation => ({
  init: () => ({}),
  update: (updates, state) => {
    const squares = Object.values(updates).map((u) => tf.sum(tf.square(u)))
    const norm = tf.sqrt(tf.addN(squares))
    const factor = tf.div(maxNorm, tf.maximum(norm, maxNorm))
    return { updates: mapTensors(updates, (u) => tf.mul(u, factor)), state }
  }
})

export interface AdamOptions {
  readonly beta1?: number
  readonly beta2?: number
  readonly epsilon?: number
}

/**
 * Adam's direction with bias correction (D. Kingma, J. Ba 2015, algorithm 1), without the learning rate. The state
 * holds the sums m / (1 − β₁) and v / (1 − β₂): the factors meet in scalars then, and two passes over all parameters
 * are saved.
 */
export const scaleByAdam = ({
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-8
}: AdamOptions = {}): GradientTransformation => ({
  init: (parameters) => ({ count: scalar(0), ...zerosLike(parameters, 'm'), ...zerosLike(parameters, 'v') }),
  update: (updates, state) => {
    const count = tf.add(state.count, 1)
    const firstScale = tf.div(1 - beta1, tf.sub(1, tf.pow(beta1, count)))
    const secondScale = tf.sqrt(tf.div(1 - beta2, tf.sub(1, tf.pow(beta2, count))))
    // m̂ / (√v̂ + ε) with both factors of the means drawn into one, and into ε.
    const factor = tf.div(firstScale, secondScale)
    const smallest = tf.div(epsilon, secondScale)
    const next: Record<string, tf.Tensor> = { count }
    const directions: Record<string, tf.Tensor> = {}
    for (const [name, gradient] of Object.entries(updates)) {
      const m = tf.add(tf.mul(state[`m/${name}`], beta1), gradient)
      const v = tf.add(tf.mul(state[`v/${name}`], beta2), tf.square(gradient))
      next[`m/${name}`] = m
      next[`v/${name}`] = v
      directions[name] = tf.div(tf.mul(m, factor), tf.add(tf.sqrt(v), smallest))
    }
    return { updates: directions, state: next }
  }
})

/** Heavy-ball momentum: u ← momentum · u + g (B. Polyak 1964). `nesterov` looks one step ahead. */
export const trace = (momentum: number, nesterov = false): GradientTransformation => ({
  init: (parameters) => zerosLike(parameters, 'trace'),
  update: (updates, state) => {
    const next: Record<string, tf.Tensor> = {}
    const directions: Record<string, tf.Tensor> = {}
    for (const [name, gradient] of Object.entries(updates)) {
      const u = tf.add(tf.mul(state[`trace/${name}`], momentum), gradient)
      next[`trace/${name}`] = u
      directions[name] = nesterov ? tf.add(tf.mul(u, momentum), gradient) : u
    }
    return { updates: directions, state: next }
  }
})

/** Coefficients of the quintic Newton–Schulz iteration of K. Jordan et al., "Muon" (2024). */
const QUINTIC = [3.4445, -4.775, 2.0315] as const

const orthogonalized = (gradient: tf.Tensor2D, iterations: number): tf.Tensor2D => {
  const [rows, columns] = gradient.shape
  const wide = rows <= columns
  let x = (wide ? gradient : tf.transpose(gradient)) as tf.Tensor2D
  x = tf.div(x, tf.add(tf.sqrt(tf.sum(tf.square(x))), 1e-7))
  for (let i = 0; i < iterations; i++) {
    const gram = tf.matMul(x, tf.transpose(x)) as tf.Tensor2D
    const polynomial = tf.add(tf.mul(gram, QUINTIC[1]), tf.mul(tf.matMul(gram, gram), QUINTIC[2]))
    x = tf.add(tf.mul(x, QUINTIC[0]), tf.matMul(polynomial as tf.Tensor2D, x))
  }
  return wide ? x : (tf.transpose(x) as tf.Tensor2D)
}

/** The update of one matrix: orthogonalized, at a size that suits its shape. */
const orthogonalUpdate = (matrix: tf.Tensor2D, iterations: number): tf.Tensor2D => {
  const [rows, columns] = matrix.shape
  return tf.mul(orthogonalized(matrix, iterations), Math.sqrt(Math.max(1, rows / columns)))
}

/**
 * Muon (K. Jordan et al. 2024): replaces each matrix by the nearest semi-orthogonal one, times
 * √max(1, rows / columns). Every update must be a matrix, a stack of matrices along the first axis, or filters
 * [rows, columns, channels, filters], which are one matrix from windows to filters.
 */
export const orthogonalize = (iterations = 5): GradientTransformation => ({
  init: () => ({}),
  update: (updates, state) => ({
    updates: mapTensors(updates, (u) => {
      if (u.rank === 3)
        return tf.stack(tf.unstack(u).map((m) => orthogonalUpdate(m as tf.Tensor2D, iterations)))
      const columns = u.shape[u.rank - 1]
      const matrix = u.rank === 2 ? u : tf.reshape(u, [u.size / columns, columns])
      const done = orthogonalUpdate(matrix as tf.Tensor2D, iterations)
      return u.rank === 2 ? done : tf.reshape(done, u.shape)
    }),
    state
  })
})
