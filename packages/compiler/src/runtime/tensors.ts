/** Tensors of ONNX Runtime over arrays on the host. */
import type { HostTensor, HostTensors } from '@mechid/engine'
import { entryCount } from '@mechid/values'
import { type NamedValue, sameShape } from '../graph/graph.js'
import { dtypeOf, type TensorSpecs } from '../step-function.js'
import type { OnnxRuntime } from './onnx-runtime.js'
import type { OrtTensor } from './session-cache.js'

export type Tensors = Readonly<Record<string, OrtTensor>>

type Buffer = Float32Array | Int32Array

/** The array behind a tensor on the host. */
export const arrayOf = (tensor: OrtTensor): Buffer => tensor.data as Buffer

const buffer = (ort: OnnxRuntime, dtype: string, shape: readonly number[]): OrtTensor => {
  const size = entryCount(shape)
  return dtype === 'int32'
    ? new ort.Tensor('int32', new Int32Array(size), shape)
    : new ort.Tensor('float32', new Float32Array(size), shape)
}

/** A buffer for each specification. */
export const buffers = (ort: OnnxRuntime, specs: TensorSpecs): Tensors =>
  Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [name, buffer(ort, dtypeOf(spec), spec.shape)])
  )

/** Buffers that hold copies of arrays. */
export const filledBuffers = (ort: OnnxRuntime, arrays: HostTensors): Tensors => {
  const tensors = buffers(ort, arrays)
  for (const [name, { data }] of Object.entries(arrays)) arrayOf(tensors[name]).set(data)
  return tensors
}

/** What the graph's values named `prefix…` read or write: buffers, and views of parts of them. */
export const bound = (
  ort: OnnxRuntime,
  values: readonly NamedValue[],
  prefix: string,
  entries: Tensors
): Tensors =>
  Object.fromEntries(
    values
      .filter(({ name }) => name.startsWith(prefix))
      .map(({ name, value, part }) => {
        const { of, begin } = part ?? { of: name, begin: 0 }
        const entry = entries[of.slice(prefix.length)]
        if (part === undefined && sameShape(entry.dims, value.shape)) return [name, entry]
        const view = (arrayOf(entry) as Float32Array).subarray(begin, begin + entryCount(value.shape))
        return [name, new ort.Tensor('float32', view, value.shape)]
      })
  )

/** Copies of what tensors on the host hold. */
export const contents = (tensors: Tensors): HostTensors =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]): [string, HostTensor] => [
      name,
      { data: arrayOf(tensor).slice(), shape: tensor.dims.slice() }
    ])
  )
