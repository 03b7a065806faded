/** Kernels that read and write by index. */
import { entryCount } from '@mechid/values'
import { constant, type GraphBuilder, integers, scalar } from '../graph/builder.js'
import type { Value } from '../graph/graph.js'
import { binary, cast, expand, reduce, reshape, where } from '../graph/operators.js'
import { type Kernel, type KernelFamily, refuse } from './kernel.js'
import { uniform } from './movement.js'

const gather: Kernel = (g, call) => {
  const { x, indices } = call.inputs
  const { axis = 0, batchDims = 0 } = call.attributes
  const at = axis < 0 ? axis + x.shape.length : axis
  if (batchDims !== 0) {
    if (at !== batchDims) return refuse(call, 'the axis must be the first one after the batch axes')
    const shape = [...indices.shape, ...x.shape.slice(at + 1)]
    const places = reshape(g, cast(g, indices, 'int64'), [...indices.shape, 1])
    return g.node('GatherND', [x, places], x.dtype, shape, { attributes: { batch_dims: batchDims } })
  }
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

/** Values at their places, the default everywhere else. */
const sparseToDense: Kernel = (g, { inputs, attributes: { outputShape } }) => {
  const { sparseIndices, sparseValues, defaultValue } = inputs
  const { shape } = sparseIndices
  const places = shape.length > 1 ? sparseIndices : reshape(g, sparseIndices, [entryCount(shape), 1])
  const background = expand(g, reshape(g, defaultValue, []), outputShape)
  return scatter(g, background, places, expand(g, sparseValues, [places.shape[0]]), 'none')
}

/** A matrix, or a tensor of twice the rank, with `x` on its diagonal. */
const diagonal: Kernel = (g, { inputs: { x } }) => {
  const n = entryCount(x.shape)
  const on = constant(
    'bool',
    [n, n],
    Uint8Array.from({ length: n * n }, (_, i) => +(i % (n + 1) === 0))
  )
  const matrix = where(g, on, reshape(g, x, [1, n]), scalar(0, x.dtype as 'float32'))
  return reshape(g, matrix, [...x.shape, ...x.shape])
}

/** How many entries of each sorted row come before a value. */
const searchSorted: Kernel = (g, { inputs: { sortedSequence, values }, attributes: { side } }) => {
  const [rows, length] = sortedSequence.shape
  const sorted = reshape(g, sortedSequence, [rows, 1, length])
  const sought = reshape(g, values, [rows, values.shape[1], 1])
  const before = binary(g, side === 'left' ? 'Less' : 'LessOrEqual', sorted, sought, 'bool')
  return reduce(g, 'ReduceSum', cast(g, before, 'int32'), [2], false)
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
    SparseToDense: sparseToDense,
    Diag: diagonal,
    SearchSorted: searchSorted,
    UnsortedSegmentSum: segmentSum,
    TopK: topK
  },
  notes: {
    GatherV2: 'with batchDims, along the first axis after them',
    SearchSorted: 'lowerBound and upperBound are this kernel; compares with every entry',
    SparseToDense: 'each index once',
    UnsortedSegmentSum: 'every id lies within the segments'
  }
}
