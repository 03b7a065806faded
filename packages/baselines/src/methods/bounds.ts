/** Encoders between which every other one should lie: one that knows nothing, and one that is told everything. */
import { encode } from '@mechid/estimator'
import * as tf from '@tensorflow/tfjs-core'
import type { BaselineMethod } from '../method.js'

/**
 * An encoder with its first, random weights: the floor. Any data.
 *
 * Differs from [MS], whose random encoders have PyTorch's first weights: ours are orthogonal, with biases of zero.
 */
export const randomEncoder = (): BaselineMethod => ({
  name: 'random encoder',
  needs: 'rows',
  decodes: false,
  samples: false,
  settings: {},
  terms: []
})

/**
 * An encoder that learns true latents by least squares, as in [MS]: the ceiling for its network and its number of steps.
 * The data are `labelledRows`.
 */
export const supervised = (): BaselineMethod => ({
  name: 'supervised encoder',
  needs: 'labels',
  decodes: false,
  samples: false,
  settings: {},
  terms: [],
  objective: (parameters, { x, a }, { model: { shape, configuration } }) => {
    const { mean } = encode(parameters, shape, configuration, x)
    return { minimized: tf.mean(tf.square(tf.sub(mean, a as tf.Tensor2D))) as tf.Scalar, outputs: {} }
  }
})
