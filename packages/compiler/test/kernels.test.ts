import * as tf from '@tensorflow/tfjs-core'
import * as names from '@tensorflow/tfjs-core/dist/kernel_names'
import { describe, expect, it } from 'vitest'
import type { TensorFunction } from '../src/index.js'
import { families, kernels, supportTable } from '../src/kernels/index.js'
import { compiled, disagreements, eagerly, provider, uniformArray } from './agreement.js'
import { type KernelCase, kernelCases } from './kernel-cases.js'

/** On a GPU functions such as exp are computed less exactly. */
const TOLERANCE = provider === 'cpu' ? 1e-4 : 1e-3

const listed = (result: tf.Tensor | tf.Tensor[]): tf.Tensor[] => (Array.isArray(result) ? result : [result])

/** A case's results and, where TF.js has a gradient of its kernel, the gradients by all float inputs. */
const functionOf =
  ({ kernel, f, inputs, still }: KernelCase): TensorFunction =>
  (named) => {
    const given = inputs.map((_, i) => named[`x${i}`])
    const values = listed(f(...given))
    const out: Record<string, tf.Tensor> = Object.fromEntries(values.map((value, i) => [`value ${i}`, value]))
    const floats = given.flatMap((x, i) => (x.dtype === 'float32' ? [i] : []))
    if (still || floats.length === 0 || tf.getGradient(kernel) === undefined) return out
    const loss = (...moving: tf.Tensor[]): tf.Tensor => {
      const all = given.map((x, i) => (floats.includes(i) ? moving[floats.indexOf(i)] : x))
      const terms = listed(f(...all)).map((y, i) => {
        const { data } = uniformArray(7 + i, y.shape)
        return tf.sum(tf.mul(tf.cast(y, 'float32'), tf.tensor(data, y.shape)))
      })
      return tf.addN(terms)
    }
    const found = tf.grads(loss)(floats.map((i) => given[i]))
    for (const [position, gradient] of found.entries()) out[`gradient ${position}`] = gradient
    differentiated.add(kernel)
    return out
  }

/** Kernels that some case ran, and those whose gradients were taken. */
const ran = new Set<string>()
const differentiated = new Set<string>()

const agrees = async (each: KernelCase): Promise<void> => {
  const f = functionOf(each)
  const inputs = Object.fromEntries(each.inputs.map((x, i) => [`x${i}`, x]))
  await tf.setBackend('cpu')
  const profile = await tf.profile(() => {
    const tensors = each.inputs.map(({ data, shape }): tf.Tensor => tf.tensor(data, shape.slice()))
    return f(Object.fromEntries(tensors.map((x, i) => [`x${i}`, x])))
  })
  for (const name of profile.kernelNames) ran.add(name)
  expect(profile.kernelNames).toContain(each.kernel)
  const theirs = await eagerly(f, inputs)
  expect(disagreements(await compiled(f, inputs), theirs, TOLERANCE)).toEqual([])
}

describe.each(families.map(({ title }) => title))('%s', (title) => {
  it.each(kernelCases[title].map((each) => [each.name, each] as const))('%s', (_, each) => agrees(each))
})

describe('the support table', () => {
  const all: readonly string[] = Object.values(names).filter((name) => typeof name === 'string')
  const unsupported = new Set(supportTable.filter(({ supported }) => !supported).map(({ kernel }) => kernel))

  it('names every kernel of TF.js once, translated or with a reason', () => {
    const lines = supportTable.map(({ kernel }) => kernel)
    expect(lines.slice().sort()).toEqual([...new Set(lines)].sort())
    expect(lines.slice().sort()).toEqual(expect.arrayContaining(all.slice().sort()))
    expect(lines.filter((line) => !all.includes(line))).toEqual([])
    for (const { supported, note } of supportTable) expect(supported || note.length > 0).toBe(true)
  })

  it('promises what the cases above have run', () => {
    expect(Object.keys(kernels).filter((kernel) => !ran.has(kernel))).toEqual([])
  })

  it('leaves out no gradient that TF.js has, but of kernels that it does not support', () => {
    const withGradient = all.filter((kernel) => tf.getGradient(kernel) !== undefined)
    expect(withGradient.length).toBeGreaterThan(90)
    const missing = withGradient.filter((kernel) => !unsupported.has(kernel) && !differentiated.has(kernel))
    expect(missing).toEqual([])
  })
})
