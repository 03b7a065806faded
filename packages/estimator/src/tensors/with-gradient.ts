/** Functions of tensors whose gradients are written out. */
import * as tf from '@tensorflow/tfjs-core'

/** A function's value, and its gradients by each input from the gradient by the value and what was saved. */
export interface WithGradient<T extends tf.Tensor> {
  readonly value: T
  readonly gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor[]
}

/**
 * Applies `f` to `inputs`. TF.js's `customGrad` hands over inputs and `save` as one list of one type; here they are
 * apart.
 */
export const withGradient = <T extends tf.Tensor>(
  inputs: readonly tf.Tensor[],
  f: (inputs: readonly tf.Tensor[], save: tf.GradSaveFunc) => WithGradient<T>
): T =>
  tf.customGrad((...given) =>
    f(given.slice(0, -1) as tf.Tensor[], given[given.length - 1] as tf.GradSaveFunc)
  )(...inputs) as T
