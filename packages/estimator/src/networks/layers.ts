/**
 * The differentiable layers that the models are made of.
 *
 * Their gradients are written out, since TF.js's own pass transposed operands to `matMul`: the WebAssembly
 * backend then leaves its fast matrix product (10 to 20 times slower), and sums over the batch are slower than
 * a product with a row of ones.
 */
import * as tf from '@tensorflow/tfjs-core'
import { withGradient } from '../tensors/with-gradient.js'
import { type Products, stackProducts } from './products.js'

/** Slope of LeakyReLU for negative inputs, as in the published networks. */
export const LEAK = 0.2

/** Gain of weights that keeps the variance through a layer with LeakyReLU(0.2). */
export const HIDDEN_GAIN = Math.sqrt(2 / (1 + LEAK * LEAK))

/** LeakyReLU(0.2); swish, x · σ(x) (P. Ramachandran, B. Zoph, Q. Le 2017), which is smooth; or none. */
export type Activation = 'leaky' | 'swish' | 'linear'

const product = (x: tf.Tensor, w: tf.Tensor): tf.Tensor2D => tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D)

const transposed = (x: tf.Tensor): tf.Tensor2D => tf.transpose(x as tf.Tensor2D)

/** Sums over rows, [B, m] ↦ [m]: by a product with a row of ones. */
export const columnSums = (x: tf.Tensor): tf.Tensor1D => {
  const [rows, columns] = x.shape
  return tf.reshape(product(tf.ones([1, rows]), x), [columns])
}

const denseGradient = (dy: tf.Tensor, [input, weight]: tf.Tensor[]): tf.Tensor[] => [
  product(dy, transposed(weight)),
  product(transposed(input), dy),
  columnSums(dy)
]

/** A layer's activated sums, and the activation's slope there. */
const activated = (sum: tf.Tensor2D, activation: 'leaky' | 'swish'): readonly [tf.Tensor2D, tf.Tensor] => {
  if (activation === 'leaky') {
    const slope = tf.step(sum, LEAK)
    return [tf.mul(sum, slope) as tf.Tensor2D, slope]
  }
  const gate = tf.sigmoid(sum)
  const value = tf.mul(sum, gate) as tf.Tensor2D
  return [value, tf.add(value, tf.mul(gate, tf.sub(1, value)))]
}

/** `x W + b`, then the activation: `x` [B, n], `W` [n, m], `b` [m] ↦ [B, m]. */
export const dense = (
  x: tf.Tensor2D,
  weight: tf.Tensor2D,
  bias: tf.Tensor1D,
  activation: Activation
): tf.Tensor2D =>
  withGradient([x, weight, bias], ([a, w, b], save) => {
    // Product, sum and activation apart: with a bias, the WebAssembly backend's fused kernel (4.22) reads out
    // of bounds, and its LeakyReLU takes ten times a multiplication.
    const sum = tf.add(product(a, w), b) as tf.Tensor2D
    if (activation === 'linear') {
      save([a, w])
      return { value: sum, gradFunc: denseGradient }
    }
    const [value, slope] = activated(sum, activation)
    save([a, w, slope])
    return { value, gradFunc: (dy, saved) => denseGradient(tf.mul(dy, saved[2]), saved) }
  })

const transposedBlocks = (x: tf.Tensor): tf.Tensor3D => tf.transpose(x as tf.Tensor3D, [0, 2, 1])

/** Sums over the batch of each block: [d, B, m] ↦ [d, 1, m]. */
const rowSums = (x: tf.Tensor, { ofStacks }: Products): tf.Tensor3D => {
  const [blocks, rows] = x.shape as [number, number, number]
  return ofStacks(tf.ones([blocks, 1, rows]), x)
}

/**
 * One linear layer for each of `d` independent networks: `x` [d, B, n], `W` [d, n, m], `b` [d, 1, m] ↦
 * [d, B, m].
 */
export const blockLinear = (
  products: Products,
  x: tf.Tensor3D,
  weight: tf.Tensor3D,
  bias: tf.Tensor3D
): tf.Tensor3D =>
  withGradient([x, weight, bias], ([a, w, b], save) => {
    const { ofStacks } = products
    save([a, w])
    return {
      value: tf.add(ofStacks(a, w), b) as tf.Tensor3D,
      gradFunc: (dy, saved) => [
        ofStacks(dy, transposedBlocks(saved[1])),
        ofStacks(transposedBlocks(saved[0]), dy),
        rowSums(dy, products)
      ]
    }
  })

/**
 * As `blockLinear`, a stack at a time, where all networks see the same input: `x` [B, n], `W` [d, n, m], `b` [d, 1, m]
 * ↦ [d, B, m].
 */
export const sharedBlockLinear = (x: tf.Tensor2D, weight: tf.Tensor3D, bias: tf.Tensor3D): tf.Tensor3D =>
  withGradient([x, weight, bias], ([a, w, b], save) => {
    const { ofStacks } = stackProducts
    save([a, w])
    return {
      value: tf.add(ofStacks(tf.expandDims(a, 0), w), b) as tf.Tensor3D,
      gradFunc: (dy, saved) => [
        tf.sum(ofStacks(dy, transposedBlocks(saved[1])), 0),
        ofStacks(tf.expandDims(transposed(saved[0]), 0), dy),
        rowSums(dy, stackProducts)
      ]
    }
  })

/** LeakyReLU(0.2), by its slope, which the gradient uses again. */
export const leakyRelu = <T extends tf.Tensor>(x: T): T =>
  withGradient([x], ([a], save) => {
    const slope = tf.step(a, LEAK)
    save([slope])
    return { value: tf.mul(a, slope) as T, gradFunc: (dy, saved) => [tf.mul(dy, saved[0])] }
  })
