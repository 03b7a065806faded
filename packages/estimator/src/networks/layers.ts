/**
 * The differentiable layers that the models are made of.
 *
 * Their gradients are written out, since TF.js's own pass transposed operands to `matMul`: the WebAssembly
 * backend then leaves its fast matrix product (10 to 20 times slower), and sums over the batch are slower than
 * a product with a row of ones.
 */
import * as tf from '@tensorflow/tfjs-core'

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
const activated = (sum: tf.Tensor, activation: 'leaky' | 'swish'): readonly [tf.Tensor, tf.Tensor] => {
  if (activation === 'leaky') {
    const slope = tf.step(sum, LEAK)
    return [tf.mul(sum, slope), slope]
  }
  const gate = tf.sigmoid(sum)
  const value = tf.mul(sum, gate)
  return [value, tf.add(value, tf.mul(gate, tf.sub(1, value)))]
}

/** `x W + b`, then the activation: `x` [B, n], `W` [n, m], `b` [m] ↦ [B, m]. */
export const dense = (
  x: tf.Tensor2D,
  weight: tf.Tensor2D,
  bias: tf.Tensor1D,
  activation: Activation
): tf.Tensor2D =>
  tf.customGrad((...inputs) => {
    const save = inputs.pop() as unknown as tf.GradSaveFunc
    const [a, w, b] = inputs as tf.Tensor[]
    // Product, sum and activation apart: with a bias, the WebAssembly backend's fused kernel (4.22) reads out
    // of bounds, and its LeakyReLU takes ten times a multiplication.
    const sum = tf.add(product(a, w), b)
    if (activation === 'linear') {
      save([a, w])
      return { value: sum, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => denseGradient(dy, saved) }
    }
    const [value, slope] = activated(sum, activation)
    save([a, w, slope])
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => denseGradient(tf.mul(dy, saved[2]), saved)
    }
  })(x, weight, bias) as tf.Tensor2D

const block = (x: tf.Tensor, i: number): tf.Tensor2D => {
  const [, rows, columns] = x.shape
  return tf.reshape(tf.slice(x, [i, 0, 0], [1, rows, columns]), [rows, columns])
}

/** The WebAssembly backend multiplies batches of matrices by a plain loop; one product at a time is faster. */
export const blocksInTurn = (): boolean => tf.getBackend() === 'wasm'

const batchProduct = (x: tf.Tensor, w: tf.Tensor): tf.Tensor3D => {
  if (!blocksInTurn()) return tf.matMul(x as tf.Tensor3D, w as tf.Tensor3D)
  const parts: tf.Tensor2D[] = []
  for (let i = 0; i < x.shape[0]; i++) parts.push(product(block(x, i), block(w, i)))
  return tf.stack(parts) as tf.Tensor3D
}

const batchTransposed = (x: tf.Tensor): tf.Tensor3D => tf.transpose(x as tf.Tensor3D, [0, 2, 1])

/** Sums over the batch of each block: [d, B, m] ↦ [d, 1, m]. */
const rowSums = (x: tf.Tensor): tf.Tensor3D => {
  const [blocks, rows] = x.shape as [number, number, number]
  return batchProduct(tf.ones([blocks, 1, rows]), x)
}

/**
 * One linear layer for each of `d` independent networks: `x` [d, B, n], `W` [d, n, m], `b` [d, 1, m] ↦
 * [d, B, m].
 */
export const blockLinear = (x: tf.Tensor3D, weight: tf.Tensor3D, bias: tf.Tensor3D): tf.Tensor3D =>
  tf.customGrad((...inputs) => {
    const save = inputs.pop() as unknown as tf.GradSaveFunc
    const [a, w, b] = inputs as tf.Tensor[]
    save([a, w])
    return {
      value: tf.add(batchProduct(a, w), b),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => [
        batchProduct(dy, batchTransposed(saved[1])),
        batchProduct(batchTransposed(saved[0]), dy),
        rowSums(dy)
      ]
    }
  })(x, weight, bias) as tf.Tensor3D

/** As `blockLinear`, where all networks see the same input: `x` [B, n], `W` [d, n, m], `b` [d, 1, m] ↦ [d, B, m]. */
export const sharedBlockLinear = (x: tf.Tensor2D, weight: tf.Tensor3D, bias: tf.Tensor3D): tf.Tensor3D =>
  tf.customGrad((...inputs) => {
    const save = inputs.pop() as unknown as tf.GradSaveFunc
    const [a, w, b] = inputs as tf.Tensor[]
    save([a, w])
    return {
      value: tf.add(batchProduct(tf.expandDims(a, 0), w), b),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => [
        tf.sum(batchProduct(dy, batchTransposed(saved[1])), 0),
        batchProduct(tf.expandDims(transposed(saved[0]), 0), dy),
        rowSums(dy)
      ]
    }
  })(x, weight, bias) as tf.Tensor3D

/** LeakyReLU(0.2), by its slope, which the gradient uses again. */
export const leakyRelu = <T extends tf.Tensor>(x: T): T =>
  tf.customGrad((...inputs) => {
    const save = inputs.pop() as unknown as tf.GradSaveFunc
    const [a] = inputs as tf.Tensor[]
    const slope = tf.step(a, LEAK)
    save([slope])
    return {
      value: tf.mul(a, slope),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => [tf.mul(dy, saved[0])]
    }
  })(x) as T
