/**
 * Takes batches of large matrices apart: product by product, and with each product the element-wise operators that
 * follow it. A matrix is then still in the cache when the next operator reads it, biases fold into the products, and
 * an operator more costs a fraction of a microsecond.
 */
import { type GraphBuilder, graphBuilder } from '../graph/builder.js'
import { type Graph, type Node, sameShape, type Value } from '../graph/graph.js'
import { reshape, split } from '../graph/operators.js'
import { sizeOf } from '../step-function.js'

/** Products with fewer entries than this stay together. */
const LEAST_ENTRIES = 8192

/** Operators that compute each entry from the entries at its place. */
const ELEMENTWISE = new Set([
  'Add',
  'Sub',
  'Mul',
  'Div',
  'Neg',
  'Exp',
  'Log',
  'Sqrt',
  'Sigmoid',
  'Tanh',
  'Relu',
  'LeakyRelu',
  'Clip',
  'HardSigmoid',
  'Greater',
  'Where'
])

interface Work {
  readonly g: GraphBuilder
  /** x[0], x[1], … of values that were taken apart. */
  readonly parts: Map<Value, readonly Value[]>
  /** Values that exist in parts only, until somebody needs them whole. */
  readonly apart: Set<Value>
}

const isProduct = ({ op }: Node): boolean => op === 'MatMul' || op === 'FusedMatMul'

const isLargeBatch = (node: Node): boolean => {
  const { shape } = node.outputs[0]
  const rest = (value: Value): number => sizeOf(value.shape.slice(-2))
  return (
    isProduct(node) &&
    shape.length === 3 &&
    shape[0] > 1 &&
    Math.max(rest(node.outputs[0]), ...node.inputs.map(rest)) >= LEAST_ENTRIES
  )
}

/** x[0], x[1], …: known ones, or by a Split. */
const partsOf = ({ g, parts }: Work, value: Value): readonly Value[] => {
  const known = parts.get(value)
  if (known !== undefined) return known
  const [count, ...rest] = value.shape
  const found = split(g, value, new Array<number>(count).fill(1), 0).map((part) => reshape(g, part, rest))
  parts.set(value, found)
  return found
}

/** A value that every part reads alike, without its leading axis of length 1. */
const shared = ({ g }: Work, value: Value, rank: number): Value =>
  value.shape.length === rank ? reshape(g, value, value.shape.slice(1)) : value

const whole = ({ g, parts, apart }: Work, value: Value): Value => {
  if (!apart.has(value)) return value
  const found = (parts.get(value) as readonly Value[]).map((part) => reshape(g, part, [1, ...part.shape]))
  // The node keeps the value's identity, since others refer to it.
  g.add({ op: 'Concat', domain: '', inputs: found, outputs: [value], attributes: { axis: 0 } })
  apart.delete(value)
  return value
}

/** The i-th part of each input. */
const inputsOf = (work: Work, node: Node): ((i: number) => Value[]) => {
  const { shape } = node.outputs[0]
  const sources = node.inputs.map((input) =>
    input.shape.length === shape.length && input.shape[0] === shape[0]
      ? partsOf(work, input)
      : shared(work, input, shape.length)
  )
  return (i) => sources.map((source) => (Array.isArray(source) ? source[i] : (source as Value)))
}

const split2D = (g: GraphBuilder, node: Node, inputs: readonly Value[]): Value => {
  const [output] = node.outputs
  const shape = output.shape.slice(1)
  if (!isProduct(node)) return g.node(node.op, inputs, output.dtype, shape, node)
  const { transA = 0, transB = 0 } = node.attributes
  return transA || transB
    ? g.node('Gemm', inputs, output.dtype, shape, { attributes: { transA, transB } })
    : g.node('MatMul', inputs, output.dtype, shape)
}

const takeApart = (work: Work, node: Node): void => {
  const inputs = inputsOf(work, node)
  const [output] = node.outputs
  const results = Array.from({ length: output.shape[0] }, (_, i) => split2D(work.g, node, inputs(i)))
  work.parts.set(output, results)
  work.apart.add(output)
}

/** Whether an element-wise node can go on with parts, as one of its inputs is in parts. */
const followsElementwise = ({ apart }: Work, node: Node): boolean => {
  const { shape } = node.outputs[0]
  return (
    ELEMENTWISE.has(node.op) &&
    node.inputs.some((input) => apart.has(input) && sameShape(input.shape, shape)) &&
    node.inputs.every((input) => input.shape.length <= shape.length)
  )
}

const followsSum = ({ apart }: Work, node: Node): boolean =>
  node.op === 'ReduceSum' &&
  node.attributes.keepdims === 1 &&
  apart.has(node.inputs[0]) &&
  !(node.inputs[1].data as BigInt64Array).includes(0n)

const sumParts = (work: Work, node: Node): void => {
  const { g } = work
  const [output] = node.outputs
  const axes = { ...node.inputs[1], data: (node.inputs[1].data as BigInt64Array).map((axis) => axis - 1n) }
  const results = partsOf(work, node.inputs[0]).map((part) =>
    g.node('ReduceSum', [part, axes], output.dtype, output.shape.slice(1), node)
  )
  work.parts.set(output, results)
  work.apart.add(output)
}

/** The graph with its large batches of matrix products taken apart. */
export const takeBatchesApart = (graph: Graph): Graph => {
  if (!graph.nodes.some(isLargeBatch)) return graph
  const g = graphBuilder(graph.inputs)
  const work: Work = { g, parts: new Map(), apart: new Set() }
  for (const node of graph.nodes) {
    if (isLargeBatch(node) || followsElementwise(work, node)) takeApart(work, node)
    else if (followsSum(work, node)) sumParts(work, node)
    else {
      for (const input of node.inputs) whole(work, input)
      g.add(node)
    }
  }
  for (const { value } of graph.outputs) whole(work, value)
  return { ...graph, nodes: g.nodes }
}
