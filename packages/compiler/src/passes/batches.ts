/**
 * Takes batches of large matrices apart: product by product, and with each product the element-wise operators that
 * follow it. A matrix is then still in the cache when the next operator reads it, biases fold into the products, and
 * an operator more costs a fraction of a microsecond.
 */
import { entryCount } from '@mechid/values'
import { type GraphBuilder, graphBuilder, integers, integersOf } from '../graph/builder.js'
import { type Graph, type Node, sameShape, type Value } from '../graph/graph.js'
import { concat, ELEMENTWISE, reshape, split, transpose } from '../graph/operators.js'

/** Matrices with fewer entries than this stay together: a few of them fit the cache as they are. */
const LEAST_ENTRIES = 65_536

interface Work {
  readonly g: GraphBuilder
  /** x[0], x[1], … of values that were taken apart. */
  readonly parts: Map<Value, readonly Value[]>
  /** Values that were computed in parts. */
  readonly made: Set<Value>
  /** Of these, those that nobody has put together yet. */
  readonly apart: Set<Value>
}

const isProduct = ({ op }: Node): boolean => op === 'MatMul' || op === 'FusedMatMul'

const isLargeBatch = (node: Node): boolean => {
  const { shape } = node.outputs[0]
  const rest = (value: Value): number => entryCount(value.shape.slice(-2))
  return (
    isProduct(node) &&
    shape.length === 3 &&
    shape[0] > 1 &&
    Math.max(rest(node.outputs[0]), ...node.inputs.map(rest)) >= LEAST_ENTRIES
  )
}

/** x[0], x[1], …: known ones, or by a Split of the rows of all. */
const partsOf = ({ g, parts }: Work, value: Value): readonly Value[] => {
  const known = parts.get(value)
  if (known !== undefined) return known
  const [count, rows, ...rest] = value.shape
  const found = split(g, reshape(g, value, [count * rows, ...rest]), new Array<number>(count).fill(rows), 0)
  parts.set(value, found)
  return found
}

/** A value that every part reads alike, without its leading axis of length 1. */
const shared = ({ g }: Work, value: Value, rank: number): Value =>
  value.shape.length === rank ? reshape(g, value, value.shape.slice(1)) : value

const whole = ({ g, parts, apart }: Work, value: Value): void => {
  if (!apart.delete(value)) return
  const shape = integers(value.shape)
  const rows = concat(g, parts.get(value) as readonly Value[], 0)
  // The node keeps the value's identity, since others refer to it.
  g.add({ op: 'Reshape', domain: '', inputs: [rows, shape], outputs: [value], attributes: {} })
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

const onePart = (g: GraphBuilder, node: Node, inputs: readonly Value[]): Value => {
  const [output] = node.outputs
  const shape = output.shape.slice(1)
  if (!isProduct(node)) return g.node(node.op, inputs, output.dtype, shape, node)
  const { transA = 0, transB = 0 } = node.attributes
  return transA || transB
    ? g.node('Gemm', inputs, output.dtype, shape, { attributes: { transA, transB } })
    : g.node('MatMul', inputs, output.dtype, shape)
}

const keepParts = ({ parts, made, apart }: Work, value: Value, results: readonly Value[]): void => {
  parts.set(value, results)
  made.add(value)
  apart.add(value)
}

const takeApart = (work: Work, node: Node): void => {
  const inputs = inputsOf(work, node)
  const [output] = node.outputs
  const results = Array.from({ length: output.shape[0] }, (_, i) => onePart(work.g, node, inputs(i)))
  keepParts(work, output, results)
}

/** Whether an element-wise node can go on with parts, as one of its inputs is in parts. */
const followsElementwise = ({ made }: Work, node: Node): boolean => {
  const { shape } = node.outputs[0]
  return (
    ELEMENTWISE.has(node.op) &&
    node.inputs.some((input) => made.has(input) && sameShape(input.shape, shape)) &&
    node.inputs.every((input) => input.shape.length <= shape.length)
  )
}

/** Swapped rows and columns, part by part. */
const followsTransposition = ({ made }: Work, { op, inputs, attributes }: Node): boolean =>
  op === 'Transpose' && made.has(inputs[0]) && (attributes.perm as readonly number[])[0] === 0

const transposeParts = (work: Work, node: Node): void => {
  const perm = (node.attributes.perm as readonly number[]).slice(1).map((axis) => axis - 1)
  keepParts(
    work,
    node.outputs[0],
    partsOf(work, node.inputs[0]).map((part) => transpose(work.g, part, perm))
  )
}

const followsSum = ({ made }: Work, node: Node): boolean =>
  node.op === 'ReduceSum' &&
  node.attributes.keepdims === 1 &&
  made.has(node.inputs[0]) &&
  !integersOf(node.inputs[1]).includes(0)

const sumParts = (work: Work, node: Node): void => {
  const { g } = work
  const [output] = node.outputs
  const axes = integers(integersOf(node.inputs[1]).map((axis) => axis - 1))
  const results = partsOf(work, node.inputs[0]).map((part) =>
    g.node('ReduceSum', [part, axes], output.dtype, output.shape.slice(1), node)
  )
  keepParts(work, output, results)
}

/** The graph with its large batches of matrix products taken apart. */
export const takeBatchesApart = (graph: Graph): Graph => {
  if (!graph.nodes.some(isLargeBatch)) return graph
  const g = graphBuilder(graph.inputs)
  const work: Work = { g, parts: new Map(), made: new Set(), apart: new Set() }
  for (const node of graph.nodes) {
    if (isLargeBatch(node) || followsElementwise(work, node)) takeApart(work, node)
    else if (followsSum(work, node)) sumParts(work, node)
    else if (followsTransposition(work, node)) transposeParts(work, node)
    else {
      for (const input of node.inputs) whole(work, input)
      g.add(node)
    }
  }
  for (const { value } of graph.outputs) whole(work, value)
  return { ...graph, nodes: g.nodes }
}
