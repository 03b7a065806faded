/** ONNX operators with the types of their results: what kernels and passes are written in. */
import { entryCount, showShape } from '@mechid/values'
import { constant, type GraphBuilder, integers } from './builder.js'
import { type Dtype, sameShape, type Value } from './graph.js'

/** The shape that two shapes broadcast to, by NumPy's rule. Throws where there is none. */
export const broadcastShape = (a: readonly number[], b: readonly number[]): number[] => {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, i) => {
    const m = a[a.length - rank + i] ?? 1
    const n = b[b.length - rank + i] ?? 1
    if (m !== n && m !== 1 && n !== 1)
      throw new Error(`shapes ${showShape(a)} and ${showShape(b)} do not fit`)
    return m === 1 ? n : m
  })
}

/** Operators that compute each entry from the entries at its place, after broadcasting. */
export const ELEMENTWISE: ReadonlySet<string> = new Set([
  'Abs',
  'Add',
  'Clip',
  'Div',
  'Exp',
  'Greater',
  'HardSigmoid',
  'LeakyRelu',
  'Log',
  'Max',
  'Min',
  'Mul',
  'Neg',
  'Relu',
  'Sigmoid',
  'Sqrt',
  'Sub',
  'Tanh',
  'Where'
])

/** One operand in, the same shape out. */
export const unary = (g: GraphBuilder, op: string, x: Value, dtype: Dtype = x.dtype): Value =>
  g.node(op, [x], dtype, x.shape)

/** Two operands, broadcast. */
export const binary = (g: GraphBuilder, op: string, a: Value, b: Value, dtype: Dtype = a.dtype): Value =>
  g.node(op, [a, b], dtype, broadcastShape(a.shape, b.shape))

export const add = (g: GraphBuilder, a: Value, b: Value): Value => binary(g, 'Add', a, b)
export const sub = (g: GraphBuilder, a: Value, b: Value): Value => binary(g, 'Sub', a, b)
export const mul = (g: GraphBuilder, a: Value, b: Value): Value => binary(g, 'Mul', a, b)
export const div = (g: GraphBuilder, a: Value, b: Value): Value => binary(g, 'Div', a, b)
export const less = (g: GraphBuilder, a: Value, b: Value): Value => binary(g, 'Less', a, b, 'bool')

export const where = (g: GraphBuilder, condition: Value, yes: Value, no: Value): Value =>
  g.node(
    'Where',
    [condition, yes, no],
    yes.dtype,
    broadcastShape(condition.shape, broadcastShape(yes.shape, no.shape))
  )

/** ONNX's numbers of element types. */
export const ELEMENT_TYPES: Readonly<Record<Dtype, number>> = { float32: 1, int32: 6, int64: 7, bool: 9 }

export const cast = (g: GraphBuilder, x: Value, dtype: Dtype): Value =>
  x.dtype === dtype ? x : g.node('Cast', [x], dtype, x.shape, { attributes: { to: ELEMENT_TYPES[dtype] } })

export const reshape = (g: GraphBuilder, x: Value, shape: readonly number[]): Value =>
  sameShape(x.shape, shape) ? x : g.node('Reshape', [x, integers(shape)], x.dtype, shape)

export const transpose = (g: GraphBuilder, x: Value, perm: readonly number[]): Value =>
  perm.every((axis, i) => axis === i)
    ? x
    : g.node(
        'Transpose',
        [x],
        x.dtype,
        perm.map((axis) => x.shape[axis]),
        { attributes: { perm } }
      )

export const expand = (g: GraphBuilder, x: Value, shape: readonly number[]): Value =>
  sameShape(x.shape, shape) ? x : g.node('Expand', [x, integers(shape)], x.dtype, shape)

/** The same number everywhere. */
export const filled = (
  dtype: 'float32' | 'int32' | 'bool',
  shape: readonly number[],
  value: number
): Value => {
  const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }
  return constant(dtype, shape, new arrays[dtype](entryCount(shape)).fill(value))
}

export const concat = (g: GraphBuilder, parts: readonly Value[], axis: number): Value => {
  if (parts.length === 1) return parts[0]
  const shape = parts[0].shape.slice()
  shape[axis] = parts.reduce((sum, part) => sum + part.shape[axis], 0)
  return g.node('Concat', parts, parts[0].dtype, shape, { attributes: { axis } })
}

/** `x[begin : begin + size : step]` on every axis; a negative step runs backwards from `begin`. */
export const slice = (
  g: GraphBuilder,
  x: Value,
  begin: readonly number[],
  size: readonly number[],
  steps: readonly number[] = begin.map(() => 1)
): Value => {
  const axes = x.shape.flatMap((n, axis) =>
    begin[axis] === 0 && size[axis] === n && steps[axis] === 1 ? [] : [axis]
  )
  if (axes.length === 0) return x
  // An end before the first element cannot be written as a number from the front; ONNX clamps it.
  const end = (axis: number): number => {
    const last = begin[axis] + steps[axis] * size[axis]
    return last < 0 ? -x.shape[axis] - 1 : last
  }
  const inputs = [axes.map((a) => begin[a]), axes.map(end), axes, axes.map((a) => steps[a])].map(integers)
  return g.node('Slice', [x, ...inputs], x.dtype, size)
}

/** Pieces of the given sizes along an axis. */
export const split = (g: GraphBuilder, x: Value, sizes: readonly number[], axis: number): Value[] => {
  if (sizes.length === 1) return [x]
  const outputs = sizes.map(
    (size): Value => ({
      dtype: x.dtype,
      shape: x.shape.map((n, i) => (i === axis ? size : n))
    })
  )
  g.add({ op: 'Split', domain: '', inputs: [x, integers(sizes)], outputs, attributes: { axis } })
  return outputs
}

/** A reduction such as ReduceSum over `axes`. */
export const reduce = (
  g: GraphBuilder,
  op: string,
  x: Value,
  axes: readonly number[],
  keepDims: boolean
): Value => {
  if (axes.length === 0) return x
  const shape = keepDims
    ? x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n))
    : x.shape.filter((_, axis) => !axes.includes(axis))
  return g.node(op, [x, integers(axes)], x.dtype, shape, { attributes: { keepdims: keepDims ? 1 : 0 } })
}

/** `x` as float32, which most of ONNX Runtime's kernels ask for. */
export const float = (g: GraphBuilder, x: Value): Value => cast(g, x, 'float32')
