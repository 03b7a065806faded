/** Numbers that learning must not move. */
import * as tf from '@tensorflow/tfjs-core'
import { withGradient } from './with-gradient.js'

/** The same numbers, through which no gradient passes. */
export const stopGradient = <T extends tf.Tensor>(x: T): T =>
  withGradient([x], ([value]) => ({ value: tf.clone(value) as T, gradFunc: (dy) => [tf.zerosLike(dy)] }))
