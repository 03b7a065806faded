/**
 * Takes batches of large matrices apart: product by product, and with each product the element-wise operators that
 * follow it. A matrix is then still in the cache when the next operator reads it, biases fold into the products, and
 * an operator more costs a fraction of a microsecond.
 */
import { entryCount } from '@mechid/values'
import { type GraphBuilder, graphBuilder, integers, integersOf } from '../graph/builder.js'
import { type Graph, type Node, sameShape, type Value } from '../graph/graph.js'
import { concat, ELEMENTWISE, reshape, split, transpose } from '../graph/operators.js'

/**
 * Matrices with fewer entries than this stay together: a few of them fit the cache as they are. (Steps of ten networks took, together and
 * apart: 2.35 and 2.36 ms with matrices of 256 × 64, which have fewer inputs and outputs together; 6.9 and 6.1 with 512 × 64, 9.8 and 8.6
 * with 256 × 128, 20.7 and 17.2 with 512 × 128.)
 */
const LEAST_ENTRIES = 32_768

/**
 * With several threads each takes some matrices of a batch, and finds them in its own cache at the next operator. One by one,
 * matrices are shared out by parts; that pays where a product takes milliseconds. (On two threads, a step with matrices of
 * 512 × 128 took 13.9 ms in batches and 19.3 ms apart, with 1,024 × 256 89 and 84 ms, with 1,024 × 512 457 and 386 ms.)
 */
const LEAST_ENTRIES_OF_THREADS = 262_144

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

const isLargeBatch = (node: Node, least: number): boolean => {
  const { shape } = node.outputs[0]
  const rest = (value: Value): number => entryCount(value.shape.slice(-2))
  return (
    isProduct(node) &&
    shape.length === 3 &&
    shape[0] > 1 &&
    Math.max(rest(node.outputs[0]), ...node.inputs.map(rest)) >= least
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

/** Another layout of every part by itself. */
const followsReshape = ({ made }: Work, { op, inputs: [x], outputs: [output] }: Node): boolean =>
  op === 'Reshape' &&
  made.has(x) &&
  x.shape.length === 3 &&
  output.shape.length === 3 &&
  x.shape[0] === output.shape[0]

const reshapeParts = (work: Work, { inputs: [x], outputs: [output] }: Node): void => {
  const shape = output.shape.slice(1)
  keepParts(
    work,
    output,
    partsOf(work, x).map((part) => reshape(work.g, part, shape))
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

/** The graph for a number of threads with its large batches of matrix products taken apart. */
export const takeBatchesApart = (graph: Graph, threads: number): Graph => {
  const least = threads > 1 ? LEAST_ENTRIES_OF_THREADS : LEAST_ENTRIES
  if (!graph.nodes.some((node) => isLargeBatch(node, least))) return graph
  const g = graphBuilder(graph.inputs)
  const work: Work = { g, parts: new Map(), made: new Set(), apart: new Set() }
  for (const node of graph.nodes) {
    if (isLargeBatch(node, least) || followsElementwise(work, node)) takeApart(work, node)
    else if (followsSum(work, node)) sumParts(work, node)
    else if (followsTransposition(work, node)) transposeParts(work, node)
    else if (followsReshape(work, node)) reshapeParts(work, node)
    else {
      for (const input of node.inputs) whole(work, input)
      g.add(node)
    }
  }
  for (const { value } of graph.outputs) whole(work, value)
  return { ...graph, nodes: g.nodes }
}
