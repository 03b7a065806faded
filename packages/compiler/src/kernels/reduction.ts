/** Kernels that sum, average or otherwise reduce along axes. */
import { util } from '@tensorflow/tfjs-core'
import { constant, type GraphBuilder } from '../graph/builder.js'
import type { Value } from '../graph/graph.js'
import { cast, concat, float, mul, reduce, slice } from '../graph/operators.js'
import type { Kernel, KernelCall, KernelFamily } from './kernel.js'
import { uniform } from './movement.js'

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

const along = (rank: number, axis: number, value: number, rest: number): number[] =>
  Array.from({ length: rank }, (_, i) => (i === axis ? value : rest))

/** `x` moved on by `steps` along an axis, behind ones. */
const shifted = (g: GraphBuilder, x: Value, axis: number, steps: number): Value => {
  const n = x.shape[axis]
  const ones = x.shape.map((size, i) => (i === axis ? steps : size))
  const kept = x.shape.map((size, i) => (i === axis ? n - steps : size))
  const begin = along(x.shape.length, axis, 0, 0)
  return concat(g, [uniform(g, x.dtype as 'float32', ones, 1), slice(g, x, begin, kept)], axis)
}

/** ONNX has no cumulative product: about log₂ n rounds, each twice as far (W. D. Hillis, G. L. Steele 1986). */
const cumulativeProduct: Kernel = (g, call) => {
  const { x } = call.inputs
  const [axis] = axesOf(call, x)
  const { exclusive, reverse } = call.attributes
  const n = x.shape[axis]
  const turned = (v: Value): Value => {
    if (!reverse) return v
    return slice(g, v, along(v.shape.length, axis, n - 1, 0), v.shape, along(v.shape.length, axis, -1, 1))
  }
  let product = turned(numbers(g, x))
  if (exclusive && n > 0) product = shifted(g, product, axis, 1)
  for (let reach = 1; reach < n; reach *= 2) product = mul(g, product, shifted(g, product, axis, reach))
  return turned(product)
}

const softmax: Kernel = (g, { inputs: { logits }, attributes: { dim } }) =>
  g.node('Softmax', [float(g, logits)], 'float32', logits.shape, {
    attributes: { axis: dim < 0 ? dim + logits.shape.length : dim }
  })

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
    Cumprod: cumulativeProduct,
    Softmax: softmax
  },
  notes: {
    Cumprod: 'composed',
    Prod: "TF.js's gradient of it needs chained operations: import '@tensorflow/tfjs' or register them"
  }
}
