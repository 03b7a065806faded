/** Gradients by named parameters, with what else the objective found on the way. */
import type { NamedTensors } from '@mechid/engine'
import * as tf from '@tensorflow/tfjs-core'

/** What an objective answers. */
export interface Objective {
  /** What is made small, a scalar. */
  readonly minimized: tf.Scalar
  readonly outputs: NamedTensors
}

const keepAll = (tensors: NamedTensors): NamedTensors => {
  for (const tensor of Object.values(tensors)) tf.keep(tensor)
  return tensors
}

/** Gives kept tensors back to the surrounding scope. */
const handOver = (kept: NamedTensors): NamedTensors => {
  const owned = Object.fromEntries(Object.entries(kept).map(([name, tensor]) => [name, tf.clone(tensor)]))
  tf.dispose(kept)
  return owned
}

/** The gradients of `objective` by `parameters`, and its outputs, from one pass. */
export const differentiate = (
  parameters: NamedTensors,
  objective: (parameters: NamedTensors) => Objective
): { readonly gradients: NamedTensors; readonly outputs: NamedTensors } => {
  const names = Object.keys(parameters)
  let kept: NamedTensors = {}
  const loss = (...values: tf.Tensor[]): tf.Scalar => {
    const { minimized, outputs } = objective(Object.fromEntries(names.map((name, i) => [name, values[i]])))
    // Kept, or they would be freed together with the tape of the gradient.
    kept = keepAll(outputs)
    return minimized
  }
  const gradients = tf.grads(loss)(Object.values(parameters))
  return {
    gradients: Object.fromEntries(names.map((name, i) => [name, gradients[i]])),
    outputs: handOver(kept)
  }
}
