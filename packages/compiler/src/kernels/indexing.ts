/** Kernels that read and write by index. */
import { type GraphBuilder, integers } from '../graph/builder.js'
import type { Value } from '../graph/graph.js'
import { cast, reshape } from '../graph/operators.js'
import { type Kernel, type KernelFamily, refuse } from './kernel.js'
import { uniform } from './movement.js'

const gather: Kernel = (g, call) => {
  const { x, indices } = call.inputs
  const { axis = 0, batchDims = 0 } = call.attributes
  if (batchDims !== 0) return refuse(call, 'batchDims must be 0')
  const at = axis < 0 ? axis + x.shape.length : axis
  const shape = [...x.shape.slice(0, at), ...indices.shape, ...x.shape.slice(at + 1)]
  return g.node('Gather', [x, cast(g, indices, 'int32')], x.dtype, shape, { attributes: { axis: at } })
}

const gatherNd: Kernel = (g, { inputs: { params, indices } }) => {
  const depth = indices.shape[indices.shape.length - 1]
  const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)]
  return g.node('GatherND', [params, cast(g, indices, 'int64')], params.dtype, shape)
}

/** `target` with `updates` added at, or put to, `indices`. */
const scatter = (g: GraphBuilder, target: Value, indices: Value, updates: Value, reduction: string): Value =>
  g.node('ScatterND', [target, cast(g, indices, 'int64'), updates], target.dtype, target.shape, {
    attributes: { reduction }
  })

const zeros = (g: GraphBuilder, like: Value, shape: readonly number[]): Value =>
  uniform(g, like.dtype as 'float32', shape, 0)

const segmentSum: Kernel = (g, { inputs: { x, segmentIds }, attributes: { numSegments } }) => {
  const rows = reshape(g, segmentIds, [segmentIds.shape[0], 1])
  return scatter(g, zeros(g, x, [numSegments, ...x.shape.slice(1)]), rows, x, 'add')
}

const topK: Kernel = (g, { inputs: { x }, attributes: { k, sorted } }) => {
  const shape = [...x.shape.slice(0, -1), k]
  const outputs: Value[] = [
    { dtype: x.dtype, shape },
    { dtype: 'int64', shape }
  ]
  const attributes = { axis: x.shape.length - 1, largest: 1, sorted: sorted ? 1 : 0 }
  g.add({ op: 'TopK', domain: '', inputs: [x, integers([k])], outputs, attributes })
  return [outputs[0], cast(g, outputs[1], 'int32')]
}

/** Gathering and scattering. */
export const indexing: KernelFamily = {
  title: 'Indexing',
  kernels: {
    GatherV2: gather,
    GatherNd: gatherNd,
    ScatterNd: (g, { inputs: { indices, updates }, attributes: { shape } }) =>
      scatter(g, zeros(g, updates, shape), indices, updates, 'add'),
    TensorScatterUpdate: (g, { inputs: { tensor, indices, updates } }) =>
      scatter(g, tensor, indices, updates, 'none'),
    UnsortedSegmentSum: segmentSum,
    TopK: topK
  },
  notes: { GatherV2: 'batchDims 0 only' }
}
