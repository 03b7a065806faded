/** Algebraic identities: the same numbers by fewer or smaller operators. */
import { entryCount } from '@mechid/values'
import { integersOf, scalar } from '../graph/builder.js'
import { type Node, sameShape, uniformValue, type Value } from '../graph/graph.js'
import {
  add,
  broadcastShape,
  concat,
  div,
  expand,
  mul,
  reduce,
  reshape,
  sub,
  transpose,
  unary
} from '../graph/operators.js'
import type { Rule, Surroundings } from './rewrite.js'

const isScalar = ({ shape }: Value): boolean => entryCount(shape) === 1

/** Whether `value` is a constant that holds `n` throughout. */
const holds = (value: Value, n: number): boolean => value.dtype !== 'int64' && uniformValue(value) === n

/** `value` where it has the node's shape already. */
const asResult = (value: Value, { outputs: [output] }: Node): Value | undefined =>
  sameShape(value.shape, output.shape) ? value : undefined

const producedBy = ({ g }: Surroundings, value: Value, op: string): Node | undefined => {
  const node = g.producer(value)
  return node?.op === op ? node : undefined
}

/** x · 1, x / 1, x + 0, x − 0. */
const neutral: Rule = (node) => {
  const [a, b] = node.inputs
  switch (node.op) {
    case 'Mul':
      return holds(b, 1) ? asResult(a, node) : holds(a, 1) ? asResult(b, node) : undefined
    case 'Div':
      return holds(b, 1) ? asResult(a, node) : undefined
    case 'Add':
      return holds(b, 0) ? asResult(a, node) : holds(a, 0) ? asResult(b, node) : undefined
    case 'Sub':
      return holds(b, 0) ? asResult(a, node) : undefined
    case 'Identity':
      return a
    case 'Pad':
      return integersOf(b).every((n) => n === 0) ? a : undefined
    case 'Cast':
      return a.dtype === node.outputs[0].dtype ? a : undefined
    default:
      return undefined
  }
}

/** − − x, a + (−b), a − (−b), (−x) · c. */
const signs: Rule = (node, around) => {
  const { g } = around
  const [a, b] = node.inputs
  const negated = (value: Value): Value | undefined => producedBy(around, value, 'Neg')?.inputs[0]
  switch (node.op) {
    case 'Neg':
      return negated(a)
    case 'Add': {
      const [left, right] = [negated(a), negated(b)]
      return right !== undefined ? sub(g, a, right) : left !== undefined ? sub(g, b, left) : undefined
    }
    case 'Sub': {
      const right = negated(b)
      return right === undefined ? undefined : add(g, a, right)
    }
    case 'Mul': {
      const [left, right] = [negated(a), negated(b)]
      if (left !== undefined && right !== undefined) return mul(g, left, right)
      const [x, c] = left !== undefined ? [left, b] : [right, a]
      return x !== undefined && isScalar(c) && !isScalar(x) ? mul(g, x, unary(g, 'Neg', c)) : undefined
    }
    default:
      return undefined
  }
}

/** Chains of reshapes and of transpositions; transpositions that only move axes of length 1. */
const movements: Rule = (node, around) => {
  const { g } = around
  const [x] = node.inputs
  const { shape } = node.outputs[0]
  if (node.op === 'Reshape') {
    const inner = producedBy(around, x, 'Reshape')
    const sum = around.uses(x) === 1 ? producedBy(around, x, 'ReduceSum') : undefined
    if (sum?.attributes.keepdims === 1) {
      const axes = integersOf(sum.inputs[1])
      const short = reduce(g, 'ReduceSum', sum.inputs[0], axes, false)
      if (sameShape(short.shape, shape)) return short
    }
    return inner === undefined ? asResult(x, node) : reshape(g, inner.inputs[0], shape)
  }
  if (node.op !== 'Transpose') return undefined
  const perm = node.attributes.perm as readonly number[]
  const moved = perm.filter((axis) => x.shape[axis] !== 1)
  if (moved.every((axis, i) => i === 0 || moved[i - 1] < axis)) return reshape(g, x, shape)
  const inner = producedBy(around, x, 'Transpose')
  if (inner === undefined) return undefined
  const first = inner.attributes.perm as readonly number[]
  return transpose(
    g,
    inner.inputs[0],
    perm.map((axis) => first[axis])
  )
}

const ELEMENTWISE = new Set(['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min', 'Pow'])
const FUNCTIONS = new Set(['Neg', 'Exp', 'Log', 'Sqrt', 'Sigmoid', 'Tanh', 'Abs', 'Reciprocal'])

/** A value before it was spread, by Expand or by a product with ones, or laid out with axes of length 1. */
const unspread = (around: Surroundings, value: Value): Value | undefined => {
  if (value.data !== undefined) {
    const only = value.dtype === 'float32' && value.shape.length > 0 ? uniformValue(value) : undefined
    return only === undefined ? undefined : scalar(only)
  }
  const spread = producedBy(around, value, 'Expand')
  if (spread !== undefined) return spread.inputs[0]
  const laidOut = isScalar(value) ? producedBy(around, value, 'Reshape') : undefined
  // Only to fewer axes: what is spread again later cannot lose any.
  return laidOut !== undefined && laidOut.inputs[0].shape.length < value.shape.length
    ? laidOut.inputs[0]
    : undefined
}

/** A product with ones spreads; nothing else has to be spread for an element-wise operator. */
const spreading: Rule = (node, around) => {
  const { g } = around
  const { shape, dtype } = node.outputs[0]
  const [a, b] = node.inputs
  if (dtype !== 'float32') return undefined
  if (FUNCTIONS.has(node.op)) {
    const from = producedBy(around, a, 'Expand')?.inputs[0]
    return from === undefined ? undefined : expand(g, unary(g, node.op, from), shape)
  }
  if (node.op === 'Expand') {
    const inner = producedBy(around, a, 'Expand')
    return inner === undefined ? undefined : expand(g, inner.inputs[0], shape)
  }
  if (!ELEMENTWISE.has(node.op)) return undefined
  const one = holds(b, 1) ? a : holds(a, 1) ? b : undefined
  if (node.op === 'Mul' && one !== undefined) return expand(g, one, shape)
  const [left, right] = [unspread(around, a), unspread(around, b)]
  if (left === undefined && right === undefined) return undefined
  const operator = (p: Value, q: Value): Value =>
    g.node(node.op, [p, q], dtype, broadcastShape(p.shape, q.shape))
  for (const [p, q] of [
    [left ?? a, right ?? b],
    [left ?? a, b],
    [a, right ?? b]
  ]) {
    if ((p !== a || q !== b) && sameShape(broadcastShape(p.shape, q.shape), shape)) return operator(p, q)
  }
  return left !== undefined && right !== undefined ? expand(g, operator(left, right), shape) : undefined
}

/**
 * Scalar factors meet: (x · s) · t = x · (s t), x / s = x · (1 / s), (x / y) · s = (x · s) / y where x has a factor
 * already. A scalar is cheap, a pass over x is not.
 */
const factors: Rule = (node, around) => {
  const { g } = around
  if (node.outputs[0].dtype !== 'float32' || isScalar(node.outputs[0])) return undefined
  const [a, b] = node.inputs
  if (node.op === 'Div' && isScalar(b)) return mul(g, a, div(g, scalar(1), b))
  if (node.op !== 'Mul') return undefined
  const [x, s] = isScalar(b) ? [a, b] : [b, a]
  if (!isScalar(s) || isScalar(x) || s.shape.length > x.shape.length) return undefined
  const scaled = (value: Value): readonly [Value, Value] | undefined => {
    const inner = around.uses(value) === 1 ? producedBy(around, value, 'Mul') : undefined
    const [p, q] = inner?.inputs ?? []
    if (inner === undefined || isScalar(p) === isScalar(q)) return undefined
    return isScalar(q) ? [p, q] : [q, p]
  }
  const inner = scaled(x)
  if (inner !== undefined) return mul(g, inner[0], mul(g, inner[1], s))
  const quotient = around.uses(x) === 1 ? producedBy(around, x, 'Div') : undefined
  const numerator = quotient === undefined ? undefined : scaled(quotient.inputs[0])
  return quotient === undefined || numerator === undefined
    ? undefined
    : div(g, mul(g, numerator[0], mul(g, numerator[1], s)), quotient.inputs[1])
}

/** The zeros that a Pad puts before and after, axis by axis; undefined where it pads with something else. */
const zeroPadding = (
  around: Surroundings,
  value: Value
): { x: Value; begin: number[]; end: number[] } | undefined => {
  const node = producedBy(around, value, 'Pad')
  if (node === undefined || node.attributes.mode !== 'constant') return undefined
  if (node.inputs.length > 2 && !holds(node.inputs[2], 0)) return undefined
  const amounts = integersOf(node.inputs[1])
  const rank = amounts.length / 2
  return { x: node.inputs[0], begin: amounts.slice(0, rank), end: amounts.slice(rank) }
}

/** The gradient of two slices that share an axis: padded parts that add up side by side. */
const paddedParts: Rule = (node, around) => {
  if (node.op !== 'Add') return undefined
  const [a, b] = node.inputs.map((input) => zeroPadding(around, input))
  if (a === undefined || b === undefined) return undefined
  const { shape } = node.outputs[0]
  const axis = shape.findIndex((_, i) => a.begin[i] + a.end[i] + b.begin[i] + b.end[i] > 0)
  const elsewhere = shape.every((_, i) => i === axis || a.begin[i] + a.end[i] + b.begin[i] + b.end[i] === 0)
  if (axis < 0 || !elsewhere || a.x.shape[axis] + b.x.shape[axis] !== shape[axis]) return undefined
  const [first, second] = a.begin[axis] === 0 ? [a, b] : [b, a]
  const meet = first.begin[axis] === 0 && second.begin[axis] === first.x.shape[axis] && second.end[axis] === 0
  return meet ? concat(around.g, [first.x, second.x], axis) : undefined
}

/** A reduction over axes of length 1 only renames axes. */
const idleReductions: Rule = (node, { g }) => {
  if (!['ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin'].includes(node.op)) return undefined
  const [x, axes] = node.inputs
  return integersOf(axes).every((axis) => x.shape[axis] === 1)
    ? reshape(g, x, node.outputs[0].shape)
    : undefined
}

/** In the order in which they are tried. */
export const identities: readonly Rule[] = [
  neutral,
  signs,
  movements,
  spreading,
  factors,
  paddedParts,
  idleReductions
]
