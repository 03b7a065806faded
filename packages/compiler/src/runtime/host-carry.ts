/** A carry on the host: two sets of preallocated buffers that swap; what an update works on in place is in both. */
import type { HostTensors } from '@mechid/engine'
import type { Graph } from '../graph/graph.js'
import { RESULT } from '../graph/update.js'
import { CARRY, NEXT } from '../trace/trace.js'
import type { Carry, FixedBindings } from './carry.js'
import type { HostUpdate } from './host-update.js'
import type { OnnxRuntime } from './onnx-runtime.js'
import { bound, buffers, contents, filledBuffers, type Tensors } from './tensors.js'

/** The carry of a step with this graph, from a first one, which is copied. */
export const hostCarry = (
  ort: OnnxRuntime,
  graph: Graph,
  first: HostTensors,
  fixed: FixedBindings,
  { entries, results, run }: HostUpdate
): Carry => {
  const swapping = Object.fromEntries(Object.entries(first).filter(([name]) => entries[name] === undefined))
  let current: Tensors = { ...filledBuffers(ort, swapping), ...entries }
  let other: Tensors = { ...buffers(ort, swapping), ...entries }
  const layOut = (from: Tensors, to: Tensors): FixedBindings => ({
    inputs: { ...fixed.inputs, ...bound(ort, graph.inputs, CARRY, from) },
    results: {
      ...fixed.results,
      ...bound(ort, graph.outputs, RESULT, results),
      ...bound(ort, graph.outputs, NEXT, to)
    }
  })
  // Both directions are laid out once: what one step writes is what the next one reads.
  let present = layOut(current, other)
  let following = layOut(other, current)
  return {
    bindings: () => present,
    take: () => {
      run()
      ;[current, other] = [other, current]
      ;[present, following] = [following, present]
    },
    read: async () => contents(current),
    dispose: () => {}
  }
}
