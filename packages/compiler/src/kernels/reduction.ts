/** Kernels that sum, average or otherwise reduce along axes. */
import { util } from '@tensorflow/tfjs-core'
import { constant, type GraphBuilder } from '../graph/builder.js'
import type { Value } from '../graph/graph.js'
import { cast, float, reduce } from '../graph/operators.js'
import type { Kernel, KernelCall, KernelFamily } from './kernel.js'

const axesOf = ({ attributes }: KernelCall, x: Value): number[] =>
  util.parseAxisParam(attributes.axis ?? attributes.reductionIndices, x.shape as number[])

const reduction =
  (op: string, prepare: (g: GraphBuilder, x: Value) => Value): Kernel =>
  (g, call) =>
    reduce(g, op, prepare(g, call.inputs.x), axesOf(call, call.inputs.x), call.attributes.keepDims ?? false)

/** Booleans are counted. */
const numbers = (g: GraphBuilder, x: Value): Value => (x.dtype === 'bool' ? cast(g, x, 'int32') : x)

const logicalReduction =
  (op: string): Kernel =>
  (g, call) =>
    cast(g, reduction(op, (_, x) => cast(g, x, 'int32'))(g, call) as Value, 'bool')

const position =
  (op: string): Kernel =>
  (g, call) => {
    const { x } = call.inputs
    const [axis] = axesOf(call, x)
    const shape = x.shape.filter((_, i) => i !== axis)
    return cast(g, g.node(op, [x], 'int64', shape, { attributes: { axis, keepdims: 0 } }), 'int32')
  }

const cumulativeSum: Kernel = (g, call) => {
  const { x } = call.inputs
  const [axis] = axesOf(call, x)
  const { exclusive, reverse } = call.attributes
  return g.node('CumSum', [x, constant('int64', [], BigInt64Array.of(BigInt(axis)))], x.dtype, x.shape, {
    attributes: { exclusive: exclusive ? 1 : 0, reverse: reverse ? 1 : 0 }
  })
}

const softmax =
  (op: string): Kernel =>
  (g, { inputs: { logits }, attributes }) => {
    const axis = attributes.dim ?? attributes.axis ?? -1
    return g.node(op, [float(g, logits)], 'float32', logits.shape, {
      attributes: { axis: axis < 0 ? axis + logits.shape.length : axis }
    })
  }

/** Reductions, cumulative sums and softmax. */
export const reductions: KernelFamily = {
  title: 'Reductions',
  kernels: {
    Sum: reduction('ReduceSum', numbers),
    Mean: reduction('ReduceMean', float),
    Prod: reduction('ReduceProd', numbers),
    Max: reduction('ReduceMax', numbers),
    Min: reduction('ReduceMin', numbers),
    All: logicalReduction('ReduceMin'),
    Any: logicalReduction('ReduceMax'),
    ArgMax: position('ArgMax'),
    ArgMin: position('ArgMin'),
    Cumsum: cumulativeSum,
    Softmax: softmax('Softmax'),
    LogSoftmax: softmax('LogSoftmax')
  },
  notes: {}
}
