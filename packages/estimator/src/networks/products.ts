/** Products of stacks of matrices, in the way that is fastest on a device. */
import type { DeviceTraits } from '@mechid/engine'
import * as tf from '@tensorflow/tfjs-core'

/** How the layers of independent networks, a stack of blocks, are multiplied. */
export interface Products {
  /** `x` [d, m, k] times `w` [d, k, n], matrix by matrix ↦ [d, m, n]. */
  readonly ofStacks: (x: tf.Tensor, w: tf.Tensor) => tf.Tensor3D
  /** Whether first layers, which share their input, and last ones, which are narrow, are one product side by side. */
  readonly sideBySide: boolean
}

/** A stack at a time. */
export const stackProducts: Products = {
  ofStacks: (x, w) => tf.matMul(x as tf.Tensor3D, w as tf.Tensor3D),
  sideBySide: false
}

const block = (x: tf.Tensor, i: number): tf.Tensor2D => {
  const [, rows, columns] = x.shape
  return tf.reshape(tf.slice(x, [i, 0, 0], [1, rows, columns]), [rows, columns])
}

/** A matrix at a time. */
export const productsInTurn: Products = {
  ofStacks: (x, w) => {
    const parts: tf.Tensor2D[] = []
    for (let i = 0; i < x.shape[0]; i++) parts.push(tf.matMul(block(x, i), block(w, i)))
    return tf.stack(parts) as tf.Tensor3D
  },
  sideBySide: true
}

/** The faster way on a device. */
export const productsFor = ({ slowStacks = false }: DeviceTraits = {}): Products =>
  slowStacks ? productsInTurn : stackProducts
