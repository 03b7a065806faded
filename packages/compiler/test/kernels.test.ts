import * as tf from '@tensorflow/tfjs-core'
import * as names from '@tensorflow/tfjs-core/dist/kernel_names'
import { describe, expect, it } from 'vitest'
import { families, kernels, supportTable } from '../src/kernels/index.js'
import { compiled, disagreements, eagerly, provider } from './agreement.js'
import { functionOf, type KernelCase, kernelCases } from './kernel-cases.js'

/** On a GPU functions such as exp are computed less exactly. */
const TOLERANCE = provider === 'cpu' ? 1e-4 : 1e-3

/** Kernels that some case ran, and those whose gradients were taken. */
const ran = new Set<string>()
const differentiated = new Set<string>()

const agrees = async (each: KernelCase): Promise<void> => {
  const { f, gradient } = functionOf(each)
  if (gradient) differentiated.add(each.kernel)
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
