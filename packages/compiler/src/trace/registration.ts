/** Registers the kernels of the tracing backend with TF.js, once. */
import * as tf from '@tensorflow/tfjs-core'
import { Failure, unsupportedKernel } from '../errors.js'
import type { Value } from '../graph/graph.js'
import { kernels, supportLine, supportTable } from '../kernels/index.js'
import type { Kernel } from '../kernels/kernel.js'
import type { TraceBackend } from './backend.js'

/** What TF.js calls the tracing backend. */
export const TRACE = 'mechid-trace'

const kernelFunction =
  (kernel: string, translate: Kernel): tf.KernelFunc =>
  ({ inputs, backend, attrs }) => {
    const trace = backend as TraceBackend
    const entries = Object.entries(inputs as Record<string, tf.TensorInfo | undefined>).filter(
      (entry): entry is [string, tf.TensorInfo] => entry[1] != null
    )
    const values = entries.map(([name, info]) => [name, trace.resolve(info.dataId)] as const)
    const result = translate(trace.graph, {
      kernel,
      inputs: Object.fromEntries(values),
      list: values.map(([, value]) => value),
      attributes: attrs ?? {}
    })
    const handle = (value: Value): tf.TensorInfo => ({
      dataId: trace.hold(value, `the result of ${kernel}`),
      shape: value.shape.slice(),
      dtype: value.dtype as tf.DataType
    })
    return Array.isArray(result) ? result.map(handle) : handle(result as Value)
  }

const refusal =
  (kernel: string): tf.KernelFunc =>
  () => {
    throw new Failure((where) => unsupportedKernel(where, kernel, supportLine(kernel)))
  }

let registered = false

/** Every kernel that TF.js knows: a translation, or an error with its line of the support table. */
export const registerKernels = (): void => {
  if (registered) return
  registered = true
  for (const [name, translate] of Object.entries(kernels)) {
    tf.registerKernel({ kernelName: name, backendName: TRACE, kernelFunc: kernelFunction(name, translate) })
  }
  for (const { kernel, supported } of supportTable) {
    if (!supported) tf.registerKernel({ kernelName: kernel, backendName: TRACE, kernelFunc: refusal(kernel) })
  }
}
