/** Kernels that compare, decide and select. */
import { type GraphBuilder, scalar } from '../graph/builder.js'
import type { Value } from '../graph/graph.js'
import { binary, cast, float, unary, where } from '../graph/operators.js'
import type { Kernel, KernelFamily } from './kernel.js'

const not = (g: GraphBuilder, x: Value): Value => unary(g, 'Not', x, 'bool')

/** ONNX orders numbers only. */
const ordered = (g: GraphBuilder, x: Value): Value => (x.dtype === 'bool' ? cast(g, x, 'int32') : x)

const comparison =
  (op: string): Kernel =>
  (g, { inputs: { a, b } }) =>
    binary(g, op, ordered(g, a), ordered(g, b), 'bool')

const logical =
  (op: string): Kernel =>
  (g, { inputs: { a, b } }) =>
    binary(g, op, cast(g, a, 'bool'), cast(g, b, 'bool'), 'bool')

const isInfinite = (g: GraphBuilder, x: Value): Value => unary(g, 'IsInf', float(g, x), 'bool')
const isNan = (g: GraphBuilder, x: Value): Value => unary(g, 'IsNaN', float(g, x), 'bool')

/** 1 where the index equals the position on a new last axis. */
const oneHot: Kernel = (g, { inputs: { indices }, attributes }) => {
  const { depth, onValue = 1, offValue = 0, dtype = 'int32' } = attributes
  const positions: Value = {
    dtype: 'int32',
    shape: [depth],
    data: Int32Array.from({ length: depth }, (_, i) => i)
  }
  const shape = [...indices.shape, 1]
  const column = g.node(
    'Reshape',
    [
      cast(g, indices, 'int32'),
      { dtype: 'int64', shape: [shape.length], data: BigInt64Array.from(shape, BigInt) }
    ],
    'int32',
    shape
  )
  const hit = binary(g, 'Equal', column, positions, 'bool')
  if (dtype === 'bool') return hit
  return where(g, hit, scalar(onValue, dtype), scalar(offValue, dtype))
}

/** Comparison, logic, selection. */
export const comparisons: KernelFamily = {
  title: 'Comparison, logic, selection',
  kernels: {
    Equal: comparison('Equal'),
    NotEqual: (g, call) => not(g, comparison('Equal')(g, call) as Value),
    Greater: comparison('Greater'),
    GreaterEqual: comparison('GreaterOrEqual'),
    Less: comparison('Less'),
    LessEqual: comparison('LessOrEqual'),
    LogicalAnd: logical('And'),
    LogicalOr: logical('Or'),
    LogicalNot: (g, { inputs }) => not(g, cast(g, inputs.x, 'bool')),
    Select: (g, { inputs: { condition, t, e } }) => where(g, cast(g, condition, 'bool'), t, e),
    IsNan: (g, { inputs }) => isNan(g, inputs.x),
    IsInf: (g, { inputs }) => isInfinite(g, inputs.x),
    IsFinite: (g, { inputs }) => not(g, binary(g, 'Or', isNan(g, inputs.x), isInfinite(g, inputs.x), 'bool')),
    OneHot: oneHot
  },
  notes: {}
}
