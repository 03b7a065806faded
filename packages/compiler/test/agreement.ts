/** Runs one and the same function eagerly, on TF.js's plain JavaScript backend, and compiled. */
import '@tensorflow/tfjs-backend-cpu'
// Some of TF.js's gradients call operations as methods.
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops'
import '../src/gradients.js'
import type { HostTensor, HostTensors, NamedTensors, StepFunction } from '@mechid/engine'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import * as tf from '@tensorflow/tfjs-core'
import { compile, compileFunction, type RuntimeOptions, type TensorFunction } from '../src/index.js'

/** Where the compiled side runs: `MECHID_TEST_PROVIDER` asks for another provider than cpu. */
export const provider = (process.env.MECHID_TEST_PROVIDER ?? 'cpu') as NonNullable<RuntimeOptions['provider']>
const options: RuntimeOptions = { provider, threads: 1 }

/** A row-major array of independent numbers between `low` and `high`; the same for the same seed. */
export const uniformArray = (seed: number, shape: readonly number[], low = -1, high = 1): HostTensor => {
  const random = generator(seed)
  const size = shape.reduce((product, n) => product * n, 1)
  const data = Float32Array.from({ length: size }, () => low + (high - low) * random.uniform())
  return { data, shape }
}

const upload = ({ data, shape }: HostTensor): tf.Tensor =>
  tf.tensor(data, shape.slice(), data instanceof Int32Array ? 'int32' : 'float32')

const uploadAll = (arrays: HostTensors): NamedTensors =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, upload(array)]))

const download = (tensors: NamedTensors): HostTensors =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [
      name,
      {
        // As it leaves a compiled graph: booleans are int32.
        data:
          tensor.dtype === 'float32'
            ? Float32Array.from(tensor.dataSync())
            : Int32Array.from(tensor.dataSync()),
        shape: tensor.shape.slice()
      }
    ])
  )

/** The function's results on TF.js's backend `cpu`. */
export const eagerly = async (f: TensorFunction, inputs: HostTensors): Promise<HostTensors> => {
  await tf.setBackend('cpu')
  let results: HostTensors = {}
  tf.tidy(() => {
    results = download(f(uploadAll(inputs)))
  })
  return results
}

/** The function's results, compiled. */
export const compiled = async (f: TensorFunction, inputs: HostTensors): Promise<HostTensors> => {
  const session = await orThrow(compileFunction(f, inputs, options))
  const results = orThrow(await session.run(inputs))
  session.dispose()
  return results
}

/** Carry and outputs after several steps on TF.js's backend `cpu`. */
export const eagerSteps = async (
  step: StepFunction,
  carry: HostTensors,
  feeds: readonly HostTensors[]
): Promise<{ readonly carry: HostTensors; readonly outputs: HostTensors }> => {
  let [next, outputs] = [carry, {} as HostTensors]
  for (const fed of feeds) {
    const both = await eagerly(
      (inputs) => {
        const names = Object.keys(carry)
        const result = step(Object.fromEntries(names.map((name) => [name, inputs[name]])), inputs)
        return { ...result.carry, ...result.outputs }
      },
      { ...fed, ...next }
    )
    next = Object.fromEntries(Object.keys(carry).map((name) => [name, both[name]]))
    outputs = Object.fromEntries(Object.entries(both).filter(([name]) => !(name in carry)))
  }
  return { carry: next, outputs }
}

/** The same compiled. */
export const compiledSteps = async (
  step: StepFunction,
  carry: HostTensors,
  feeds: readonly HostTensors[]
): Promise<{ readonly carry: HostTensors; readonly outputs: HostTensors }> => {
  const session = await orThrow(compile(step, { carry, feeds: feeds[0] }, options))
  for (const fed of feeds) orThrow(await session.run(fed))
  const results = { carry: await session.carry(), outputs: session.outputs() }
  session.dispose()
  return results
}

/** The largest difference between two arrays, relative to the largest entry of `right`; NaN agrees with NaN. */
export const relativeError = (a: HostTensor, b: HostTensor): number => {
  let [largest, difference] = [1e-3, 0]
  b.data.forEach((value, i) => {
    if (Object.is(value, a.data[i]) || (Number.isNaN(value) && Number.isNaN(a.data[i]))) return
    difference = Math.max(difference, Math.abs(value - a.data[i]))
    if (Number.isNaN(difference)) difference = Number.POSITIVE_INFINITY
  })
  for (const value of b.data) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value))
  return difference / largest
}

/** Where two sets of arrays differ by more than `tolerance`, in words. */
export const disagreements = (ours: HostTensors, theirs: HostTensors, tolerance: number): string[] => {
  const names = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])]
  return names.flatMap((name) => {
    const [a, b] = [ours[name], theirs[name]]
    if (a === undefined || b === undefined) return [`${name} is there on one side only`]
    if (a.data.constructor !== b.data.constructor)
      return [`${name} is ${a.data.constructor.name} compiled, ${b.data.constructor.name} eager`]
    if (a.shape.join() !== b.shape.join()) return [`${name} is [${a.shape}] compiled, [${b.shape}] eager`]
    const error = relativeError(a, b)
    return error <= tolerance ? [] : [`${name}: ${error.toExponential(1)} of the largest entry`]
  })
}
