/**
 * A carry that stays in buffers of the GPU: what one step wrote is handed to the next one as it is, and only feeds and
 * outputs cross between host and device.
 *
 * ONNX Runtime's binding for Node (1.30) aborts the process when it is asked for the data of a tensor on the device.
 * So the carry is read by a model that does nothing, with its outputs on the host.
 */
import { type HostTensors, prefixed, withoutPrefix } from '@mechid/engine'
import { entryCount, orThrow } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { runtimeFailed } from '../errors.js'
import { graphBuilder, integers } from '../graph/builder.js'
import type { Graph } from '../graph/graph.js'
import { reshape } from '../graph/operators.js'
import { dtypeOf, type TensorSpecs } from '../step-function.js'
import { CARRY, NEXT, OUTPUT } from '../trace/trace.js'
import type { Carry, FixedBindings } from './carry.js'
import type { Provider } from './onnx-runtime.js'
import type { Lease, OrtTensor } from './session-cache.js'
import { arrayOf, contents, filledBuffers, type Tensors } from './tensors.js'

/** Whether the provider keeps tensors on its device. The binding does so for WebGPU alone. */
export const staysOnDevice = (provider: Provider, carry: TensorSpecs): boolean =>
  provider === 'webgpu' && Object.keys(carry).length > 0

/** The outputs of a step's graph that are the next carry. */
export const carriedOutputs = ({ outputs }: Graph): readonly string[] =>
  outputs.map(({ name }) => name).filter((name) => name.startsWith(NEXT))

/**
 * A graph with something for the host in it. ONNX Runtime waits for the GPU only where an output comes to the host; steps
 * without any would be asked for faster than they run, and pile up. They get a number of their next carry as an output.
 */
export const waitedFor = (graph: Graph): Graph => {
  if (graph.outputs.some(({ name }) => !name.startsWith(NEXT))) return graph
  const computed = graph.outputs.filter(({ value }) => value.data === undefined)
  // The processor computes some integers beside the GPU.
  const carried = computed.find(({ value }) => value.dtype === 'float32') ?? graph.outputs[0]
  const g = graphBuilder(graph.inputs)
  for (const node of graph.nodes) g.add(node)
  const flat = reshape(g, carried.value, [entryCount(carried.value.shape)])
  const value = g.node('Slice', [flat, ...[[0], [1], [0], [1]].map(integers)], flat.dtype, [1])
  return { ...graph, nodes: g.nodes, outputs: [...graph.outputs, { name: 'ended', value }] }
}

/** Every entry of a carry as it is, from `carry/…` to `output/…`. */
export const readingGraph = (carry: TensorSpecs): Graph => {
  const values = Object.entries(carry).map(([name, spec]) => ({
    name,
    value: { dtype: dtypeOf(spec), shape: spec.shape }
  }))
  const named = (prefix: string) => values.map(({ name, value }) => ({ name: prefix + name, value }))
  return { inputs: named(CARRY), nodes: [], outputs: named(OUTPUT) }
}

const free = (tensors: Tensors): void => {
  for (const tensor of Object.values(tensors)) tensor.dispose()
}

/** The carry of a step with this graph. The first one, which is copied, is on the host until a step has ended. */
export const deviceCarry = (reader: Lease, graph: Graph, first: HostTensors, fixed: FixedBindings): Carry => {
  let current = prefixed(filledBuffers(reader.ort, first), CARRY)
  let isOnHost = true
  // With outputs on the device, ONNX Runtime allocates all of them, those on the host, too.
  const results: Record<string, OrtTensor | null> = Object.fromEntries(
    graph.outputs.map(({ name }) => [name, null])
  )
  const download = async (): Promise<HostTensors> => {
    try {
      return contents(withoutPrefix((await reader.session.run(current)) as Tensors, OUTPUT))
    } catch (thrown) {
      return orThrow(E.left(runtimeFailed('carry', 'reading the carry', thrown)))
    }
  }
  return {
    bindings: () => ({ inputs: { ...fixed.inputs, ...current }, results }),
    take: (written) => {
      for (const name in fixed.results) arrayOf(fixed.results[name]).set(arrayOf(written[name]))
      free(current)
      current = prefixed(withoutPrefix(written, NEXT), CARRY)
      isOnHost = false
    },
    read: async () => (isOnHost ? contents(withoutPrefix(current, CARRY)) : download()),
    dispose: () => {
      free(current)
      reader.giveBack()
    }
  }
}
