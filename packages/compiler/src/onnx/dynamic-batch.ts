/** One model for batches of every size, from two graphs traced at different sizes. */
import * as E from 'fp-ts/lib/Either.js'
import { batchDependent, type CompilerError } from '../errors.js'
import { integers, integersOf } from '../graph/builder.js'
import { type Graph, type NamedValue, type Node, sameShape, type Value } from '../graph/graph.js'
import type { Dimension } from './model.js'

/** Batch sizes to trace at: large primes, so that other sizes are hardly ever multiples of them. */
export const TRACED_SIZES = [61, 67] as const

/** A graph, and the shapes of its inputs and outputs with the batch axis by name. */
export interface BatchGraph {
  readonly graph: Graph
  readonly shapes: ReadonlyMap<string, readonly Dimension[]>
}

/** Refuses a graph; caught where the two are compared. */
class Dependent extends Error {}

const refused = (reason: string): never => {
  throw new Dependent(reason)
}

/** How many times the batch a length is, if it follows the batch in both traces. */
const multiple = (a: number, b: number): number | undefined => {
  const factor = a / TRACED_SIZES[0]
  return a !== b && Number.isInteger(factor) && factor === b / TRACED_SIZES[1] ? factor : undefined
}

const sameData = ({ data: a }: Value, { data: b }: Value): boolean =>
  a === b || (a !== undefined && a.length === b?.length && a.every((entry, i) => Object.is(entry, b[i])))

/** The shape that a Reshape asks for, with -1, "what is left", in the place of the batch. */
const openShape = (a: Value, b: Value): Value => {
  const [one, two] = [a, b].map(integersOf)
  const open = one.map((n, i) => {
    if (n === two[i]) return n
    return multiple(n, two[i]) === undefined ? refused('a Reshape mixes the batch with other axes') : -1
  })
  return open.filter((n) => n === -1).length > 1
    ? refused('a Reshape has the batch on two axes')
    : integers(open)
}

const constantOf = ({ op }: Node, a: Value, b: Value, position: number): Value => {
  if (a.dtype === b.dtype && sameShape(a.shape, b.shape) && sameData(a, b)) return a
  if (op === 'Reshape' && position === 1 && sameShape(a.shape, b.shape)) return openShape(a, b)
  return refused(`a constant of ${op} has a size or value that follows the batch`)
}

/** Nodes of the first graph with what follows the batch left open; the second must be built alike. */
const openNodes = (one: Graph, two: Graph): Node[] => {
  const counterpart = new Map<Value, Value>()
  one.inputs.forEach(({ value }, i) => {
    counterpart.set(value, two.inputs[i].value)
  })
  if (one.nodes.length !== two.nodes.length)
    return refused('it computes something else for another batch size')
  const nodes = one.nodes.map((node, i) => {
    const other = two.nodes[i]
    const alike = node.op === other.op && JSON.stringify(node.attributes) === JSON.stringify(other.attributes)
    if (!alike || node.inputs.length !== other.inputs.length)
      return refused('it computes something else for another batch size')
    const inputs = node.inputs.map((input, position) => {
      const partner = other.inputs[position]
      if (input.data !== undefined && partner.data !== undefined)
        return constantOf(node, input, partner, position)
      return counterpart.get(input) === partner
        ? input
        : refused('it is wired otherwise for another batch size')
    })
    node.outputs.forEach((output, position) => {
      counterpart.set(output, other.outputs[position])
    })
    return { ...node, inputs }
  })
  const unlike = one.outputs.find(({ value }, i) => {
    const partner = two.outputs[i].value
    return value.data === undefined ? counterpart.get(value) !== partner : !sameData(value, partner)
  })
  return unlike === undefined
    ? nodes
    : refused(`output ${unlike.name} is made otherwise for another batch size`)
}

const dimensions =
  (axis: string) =>
  (a: NamedValue, b: NamedValue): readonly [string, readonly Dimension[]] => [
    a.name,
    a.value.shape.map((n, i) => {
      const factor = multiple(n, b.value.shape[i])
      if (n === b.value.shape[i]) return n
      if (factor === undefined) return refused(`the shape of ${a.name} does not follow the batch by a factor`)
      return factor === 1 ? axis : `${factor}*${axis}`
    })
  ]

/**
 * A model for every batch size, if the graphs of one function traced at {@link TRACED_SIZES} differ only in lengths
 * that follow the batch. Error: `BatchDependent`.
 */
export const withBatchAxis = (
  where: string,
  one: Graph,
  two: Graph,
  axis: string
): E.Either<CompilerError, BatchGraph> => {
  try {
    const nodes = openNodes(one, two)
    const shape = dimensions(axis)
    const shapes = new Map([
      ...one.inputs.map((input, i) => shape(input, two.inputs[i])),
      ...one.outputs.map((output, i) => shape(output, two.outputs[i]))
    ])
    return E.right({ graph: { ...one, nodes }, shapes })
  } catch (thrown) {
    if (thrown instanceof Dependent) return E.left(batchDependent(where, thrown.message))
    throw thrown
  }
}
