/** Cholesky factors of many small matrices at once. */
import * as tf from '@tensorflow/tfjs-core'

/** Of A = L Lᵀ for each matrix of a stack. */
export interface InverseFactor {
  /** L⁻¹, lower triangular: [n, d, d]. A⁻¹ = L⁻ᵀ L⁻¹. */
  readonly inverse: tf.Tensor3D
  /** log det A: [n]. */
  readonly logDeterminant: tf.Tensor1D
}

/** Keeps roots of pivots finite where a matrix is singular in single precision. */
const SMALLEST_PIVOT = 1e-20

/**
 * L⁻¹ and log det of positive definite matrices [n, d, d]. Rows of [A | I] are eliminated one after another, for all n at once; what is left
 * of row k, over the root of its pivot, is row k of [Lᵀ | L⁻¹]. n is the last axis on the way, so that every operation runs along it. No
 * gradient is needed of it, and none is written out.
 */
export const inverseFactor = (stack: tf.Tensor3D): InverseFactor => {
  const [n, d] = stack.shape
  const identity = tf.mul(tf.reshape(tf.eye(d), [d, d, 1]), tf.ones([1, 1, n]))
  // [rows left, columns left of A and d of I, n]
  let left = tf.concat([tf.transpose(stack, [1, 2, 0]), identity], 1) as tf.Tensor3D
  const [rows, logarithms]: [tf.Tensor3D[], tf.Tensor[]] = [[], []]
  for (let k = 0; k < d; k++) {
    const [height, width] = left.shape
    const pivot = tf.maximum(tf.slice(left, [0, 0, 0], [1, 1, n]), SMALLEST_PIVOT)
    const row = tf.div(tf.slice(left, [0, 0, 0], [1, width, n]), tf.sqrt(pivot)) as tf.Tensor3D
    rows.push(tf.slice(row, [0, width - d, 0], [1, d, n]))
    logarithms.push(tf.log(pivot))
    if (height === 1) break
    // A is symmetric: what is below the pivot is what is beside it.
    const below = tf.reshape(tf.slice(row, [0, 1, 0], [1, height - 1, n]), [height - 1, 1, n])
    const beside = tf.slice(row, [0, 1, 0], [1, width - 1, n])
    left = tf.sub(tf.slice(left, [1, 1, 0], [height - 1, width - 1, n]), tf.mul(below, beside))
  }
  return {
    inverse: tf.transpose(tf.concat(rows, 0), [2, 0, 1]),
    logDeterminant: tf.reshape(tf.addN(logarithms), [n])
  }
}
