/** Numbers that learning must not move. */
import * as tf from '@tensorflow/tfjs-core'

/** The same numbers, through which no gradient passes. */
export const stopGradient = <T extends tf.Tensor>(x: T): T =>
  tf.customGrad((...inputs) => {
    inputs.pop()
    const [value] = inputs as tf.Tensor[]
    return { value: tf.clone(value), gradFunc: (dy: tf.Tensor) => [tf.zerosLike(dy)] }
  })(x) as T
