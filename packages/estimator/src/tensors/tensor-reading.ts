/** The tensor reading: a mechanism as a function of TF.js tensors, so that it runs inside a training step. */
import type { Elementary } from '@mechid/mechanisms'
import * as tf from '@tensorflow/tfjs-core'
import { withGradient } from './with-gradient.js'

/** 1 where `x > 0`, else 0; no gradient passes. */
const isPositive = (x: tf.Tensor): tf.Tensor =>
  withGradient([x], ([value]) => {
    const { shape } = value
    return { value: tf.greater(value, tf.scalar(0)), gradFunc: () => [tf.zeros(shape)] }
  })

/**
 * The reading of mechanisms as functions of TF.js tensors of one shape, differentiable. Constants are scalars, which
 * broadcast.
 *
 * When to use it: inside a step function of your own. `trainKnownMechanism` reads mechanisms so.
 *
 * @example
 * mechanism.step(tensor, tf.unstack(z, 1), tf.unstack(a, 1))
 */
export const tensor: Elementary<tf.Tensor> = {
  get zero() {
    return tf.scalar(0)
  },
  get one() {
    return tf.scalar(1)
  },
  lit: (value) => tf.scalar(value),
  add: (x, y) => tf.add(x, y),
  sub: (x, y) => tf.sub(x, y),
  mul: (x, y) => tf.mul(x, y),
  div: (x, y) => tf.div(x, y),
  neg: (x) => tf.neg(x),
  sin: (x) => tf.sin(x),
  cos: (x) => tf.cos(x),
  exp: (x) => tf.exp(x),
  log: (x) => tf.log(x),
  tanh: (x) => tf.tanh(x),
  sigmoid: (x) => tf.sigmoid(x),
  softplus: (x) => tf.add(tf.relu(x), tf.log1p(tf.exp(tf.neg(tf.abs(x))))),
  sqrt: (x) => tf.sqrt(x),
  abs: (x) => tf.abs(x),
  pow: (x, exponent) => tf.pow(x, tf.scalar(exponent)),
  max: (x, y) => tf.maximum(x, y),
  min: (x, y) => tf.minimum(x, y),
  where: (condition, x, y) => tf.where(isPositive(condition), x, y)
}
