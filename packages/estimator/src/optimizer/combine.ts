/** Ways to put gradient transformations together. */
import type { HostTensor, NamedTensors } from '@mechid/engine'
import { prefixed, withoutPrefix } from '@mechid/engine'
import * as tf from '@tensorflow/tfjs-core'
import { zeros } from '../tensors/host-tensors.js'
import type { GradientTransformation } from './base.js'

/** One after the other. The empty chain changes nothing, and chaining is associative. */
export const chain = (...links: readonly GradientTransformation[]): GradientTransformation => ({
  init: (parameters) =>
    Object.assign({}, ...links.map((link, i) => prefixed(link.init(parameters), `${i}/`))) as Record<
      string,
      HostTensor
    >,
  update: (updates, state, context) => {
    let current = updates
    const next: Record<string, tf.Tensor> = {}
    links.forEach((link, i) => {
      const result = link.update(current, withoutPrefix(state, `${i}/`), context)
      current = result.updates
      Object.assign(next, prefixed(result.state, `${i}/`))
    })
    return { updates: current, state: next }
  }
})

/** Different transformations for different parameters: `label` names the one that a parameter takes. */
export const partition = (
  label: (name: string, shape: readonly number[]) => string,
  transformations: Readonly<Record<string, GradientTransformation>>
): GradientTransformation => {
  const select = <A extends { readonly shape: readonly number[] }>(
    record: Readonly<Record<string, A>>,
    key: string
  ): Record<string, A> =>
    Object.fromEntries(Object.entries(record).filter(([name, { shape }]) => label(name, shape) === key))
  return {
    init: (parameters) =>
      Object.assign(
        {},
        ...Object.entries(transformations).map(([key, transformation]) => {
          const chosen = select(parameters, key)
          // A state that no update would ever return would leave the carry after the first step.
          if (Object.keys(chosen).length === 0) return {}
          return prefixed(transformation.init(chosen), `${key}/`)
        })
      ) as Record<string, HostTensor>,
    update: (updates, state, context) => {
      const next: Record<string, tf.Tensor> = {}
      const done: Record<string, tf.Tensor> = {}
      for (const [key, transformation] of Object.entries(transformations)) {
        const chosen = select(updates, key)
        if (Object.keys(chosen).length === 0) continue
        const parameters = select(context.parameters, key)
        const result = transformation.update(chosen, withoutPrefix(state, `${key}/`), {
          ...context,
          parameters
        })
        Object.assign(done, result.updates)
        Object.assign(next, prefixed(result.state, `${key}/`))
      }
      return { updates: done, state: next }
    }
  }
}

const FLAT = 'all'

const flatten = (tensors: NamedTensors): tf.Tensor1D =>
  tf.concat(Object.values(tensors).map((tensor) => tf.reshape(tensor, [tensor.size]) as tf.Tensor1D))

/**
 * Runs an element-wise transformation once on all parameters laid end to end, instead of once a parameter: a
 * step then costs a dozen operations in all and not a dozen for each tensor.
 */
export const flattened = (elementwise: GradientTransformation): GradientTransformation => ({
  init: (parameters) => {
    const size = Object.values(parameters).reduce((sum, { data }) => sum + data.length, 0)
    return elementwise.init({ [FLAT]: zeros(size) })
  },
  update: (updates, state, context) => {
    const result = elementwise.update({ [FLAT]: flatten(updates) }, state, {
      ...context,
      parameters: { [FLAT]: flatten(context.parameters) }
    })
    const flat = result.updates[FLAT]
    const parts: Record<string, tf.Tensor> = {}
    let offset = 0
    for (const [name, { shape, size }] of Object.entries(updates)) {
      parts[name] = tf.reshape(tf.slice(flat, [offset], [size]), shape)
      offset += size
    }
    return { updates: parts, state: result.state }
  }
})
