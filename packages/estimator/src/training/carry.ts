/** What a training step carries: parameters and optimizer state, told apart by prefixes. */
import type { HostTensor, NamedTensors } from '@mechid/engine'
import { prefixed, withoutPrefix } from '@mechid/engine'
import * as tf from '@tensorflow/tfjs-core'
import type { GradientTransformation } from '../optimizer/base.js'

const PARAMETER = 'parameter/'
const OPTIMIZER = 'optimizer/'

/** The model's parameters within a carry. */
export const parametersOf = <A>(carry: Readonly<Record<string, A>>): Record<string, A> =>
  withoutPrefix(carry, PARAMETER)

/** The optimizer's state within a carry. */
export const optimizerStateOf = <A>(carry: Readonly<Record<string, A>>): Record<string, A> =>
  withoutPrefix(carry, OPTIMIZER)

/** Parameters and optimizer state as one record. */
export const joined = <A>(
  parameters: Readonly<Record<string, A>>,
  state: Readonly<Record<string, A>>
): Record<string, A> => ({ ...prefixed(parameters, PARAMETER), ...prefixed(state, OPTIMIZER) })

/** The carry before the first step, where the optimizer sees the parameters that `trained` names. */
export const firstCarry = (
  parameters: Readonly<Record<string, HostTensor>>,
  optimizer: GradientTransformation,
  trained: (name: string) => boolean = () => true
): Record<string, HostTensor> =>
  joined(
    parameters,
    optimizer.init(Object.fromEntries(Object.entries(parameters).filter(([name]) => trained(name))))
  )

/** The carry after one update of the parameters that `gradients` names; the others stay. */
export const updated = (
  carry: NamedTensors,
  gradients: NamedTensors,
  optimizer: GradientTransformation,
  learningRate: tf.Tensor
): Record<string, tf.Tensor> => {
  const all = parametersOf(carry)
  const names = Object.keys(gradients)
  const parameters = Object.fromEntries(names.map((name) => [name, all[name]]))
  const { updates, state } = optimizer.update(gradients, optimizerStateOf(carry), {
    parameters,
    learningRate
  })
  const next = names.map((name) => [name, tf.add(parameters[name], updates[name])])
  return joined({ ...all, ...Object.fromEntries(next) }, state)
}
