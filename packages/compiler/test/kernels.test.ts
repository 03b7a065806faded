import type { HostTensors } from '@mechid/engine'
import * as tf from '@tensorflow/tfjs-core'
import * as names from '@tensorflow/tfjs-core/dist/kernel_names'
import { describe, expect, it } from 'vitest'
import type { TensorFunction } from '../src/index.js'
import { families, kernels, supportTable } from '../src/kernels/index.js'
import { compiled, disagreements, eagerly, provider } from './agreement.js'
import { functionOf, type KernelCase, kernelCases } from './kernel-cases.js'

/** On a GPU functions such as exp are computed less exactly. */
const TOLERANCE = provider === 'cpu' ? 1e-4 : 1e-3

/** Kernels that some case ran, and those whose gradients were taken. */
const ran = new Set<string>()
const differentiated = new Set<string>()

const inputsOf = (each: KernelCase): HostTensors =>
  Object.fromEntries(each.inputs.map((x, i) => [`x${i}`, x]))

/** The case's results by eager TF.js, and a note of the kernels that ran. */
const eager = async (each: KernelCase): Promise<HostTensors> => {
  const { f, gradient } = functionOf(each)
  if (gradient) differentiated.add(each.kernel)
  await tf.setBackend('cpu')
  const profile = await tf.profile(() => {
    const tensors = each.inputs.map(({ data, shape }): tf.Tensor => tf.tensor(data, shape.slice()))
    return f(Object.fromEntries(tensors.map((x, i) => [`x${i}`, x])))
  })
  for (const name of profile.kernelNames) ran.add(name)
  expect(profile.kernelNames).toContain(each.kernel)
  return eagerly(f, inputsOf(each))
}

const agrees = async (each: KernelCase): Promise<void> => {
  const theirs = await eager(each)
  expect(disagreements(await compiled(functionOf(each).f, inputsOf(each)), theirs, TOLERANCE)).toEqual([])
}

const within = (prefix: string, arrays: HostTensors): HostTensors =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${prefix} ${name}`, array]))

/** All cases in one graph: a GPU takes its time to start a session. */
const agreeTogether = async (cases: readonly KernelCase[]): Promise<void> => {
  // Empty tensors cannot be bound to a GPU, and the gradient of maxPool is refused there.
  const possible = cases
    .filter(({ inputs }) => inputs.every(({ data }) => data.length > 0))
    .map((each) => (each.kernel === 'MaxPool' ? { ...each, still: true as const } : each))
  const label = (each: KernelCase): string => `${possible.indexOf(each)} ${each.name}`
  let [inputs, theirs]: HostTensors[] = [{}, {}]
  for (const each of possible) {
    inputs = { ...inputs, ...within(label(each), inputsOf(each)) }
    theirs = { ...theirs, ...within(label(each), await eager(each)) }
  }
  const together: TensorFunction = (all) =>
    Object.fromEntries(
      possible.flatMap((each) => {
        const own = each.inputs.map((_, i) => [`x${i}`, all[`${label(each)} x${i}`]] as const)
        const results = Object.entries(functionOf(each).f(Object.fromEntries(own)))
        return results.map(([name, tensor]) => [`${label(each)} ${name}`, tensor] as const)
      })
    )
  expect(disagreements(await compiled(together, inputs), theirs, TOLERANCE)).toEqual([])
}

describe.runIf(provider === 'cpu').each(families.map(({ title }) => title))('%s', (title) => {
  it.each(kernelCases[title].map((each) => [each.name, each] as const))('%s', (_, each) => agrees(each))
})

// All cases of a family in one model, where compiling takes long; on the processor each has its own test.
if (provider !== 'cpu') {
  describe(`on ${provider}`, () => {
    it.each(families.map(({ title }) => title))(
      '%s',
      async (title) => {
        for (let i = 0; i < kernelCases[title].length; i += 40)
          await agreeTogether(kernelCases[title].slice(i, i + 40))
      },
      240_000
    )
  })
}

describe.runIf(provider === 'cpu')('the support table', () => {
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
