/** log Σ exp, with its gradient written out. */
import * as tf from '@tensorflow/tfjs-core'

/** log Σ exp x over the last axis, which stays with length 1. Exact for any size of x. */
export const logSumExpLast = (x: tf.Tensor): tf.Tensor =>
  tf.customGrad((...given) => {
    const value = given[0] as tf.Tensor
    const save = given[1] as unknown as tf.GradSaveFunc
    const axis = value.rank - 1
    const most = tf.max(value, axis, true)
    const sum = tf.add(tf.log(tf.sum(tf.exp(tf.sub(value, most)), axis, true)), most)
    save([value, sum])
    return {
      value: sum,
      // The gradient of log Σ exp is softmax.
      gradFunc: (dy: tf.Tensor, [inputs, out]: tf.Tensor[]) => [tf.mul(dy, tf.exp(tf.sub(inputs, out)))]
    }
  })(x)
