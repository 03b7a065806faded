/** What of a step's end is element-wise, and which of its values are computed entry by entry together. */
import { entryCount } from '@mechid/values'
import { integersOf } from '../graph/builder.js'
import type { Graph, NamedValue, Node, Value } from '../graph/graph.js'
import { BINARY, UNARY } from '../graph/update.js'
import { NEXT } from '../trace/trace.js'
import type { Alignment } from './alignment.js'

const operations: ReadonlySet<string> = new Set<string>([...UNARY, ...BINARY])

const isArithmetic = ({ op, outputs: [output], inputs }: Node): boolean =>
  operations.has(op) &&
  inputs.length <= 2 &&
  output.dtype === 'float32' &&
  inputs.every(
    (input) => entryCount(input.shape) === entryCount(output.shape) || entryCount(input.shape) === 1
  )

/** Whether one number is read for all entries of a longer result. */
export const isBroadcast = (node: Node, input: Value): boolean =>
  operations.has(node.op) && entryCount(input.shape) === 1 && entryCount(node.outputs[0].shape) > 1

/** A value within another one. */
export interface Part {
  readonly value: Value
  /** Where it begins, counted from the first entry of the other value. */
  readonly begin: number
}

/** Where the inputs of a node that only lays numbers out anew stand in its result; undefined for other nodes. */
export const laidOut = ({ op, inputs, outputs, attributes }: Node): readonly Part[] | undefined => {
  const [source] = inputs
  if (outputs.length !== 1 || outputs[0].dtype !== 'float32') return undefined
  if (op === 'Reshape') return [{ value: source, begin: 0 }]
  if (op === 'Concat' && attributes.axis === 0) {
    let begin = 0
    return inputs.map((value) => {
      const part = { value, begin }
      begin += entryCount(value.shape)
      return part
    })
  }
  if (op !== 'Slice') return undefined
  const [begins, , axes, steps] = inputs.slice(1).map(integersOf)
  if (axes.length !== 1 || axes[0] !== 0 || steps[0] !== 1 || begins[0] < 0) return undefined
  return [{ value: source, begin: -begins[0] * (entryCount(source.shape) / source.shape[0]) }]
}

/** Element-wise nodes, and such that lay their results out, whose results go nowhere but into the next carry. */
export const membersOf = (graph: Graph): ReadonlySet<Node> => {
  const readers = new Map<Value, Node[]>()
  for (const node of graph.nodes) {
    for (const input of node.inputs) {
      const known = readers.get(input)
      if (known === undefined) readers.set(input, [node])
      else known.push(node)
    }
  }
  const leaving = new Set(
    graph.outputs.filter(({ name }) => !name.startsWith(NEXT)).map(({ value }) => value)
  )
  const members = new Set<Node>()
  for (const node of [...graph.nodes].reverse()) {
    const [output] = node.outputs
    if (!isArithmetic(node) && laidOut(node) === undefined) continue
    const all = readers.get(output) ?? []
    if (leaving.has(output) || !all.every((reader) => members.has(reader) && !isBroadcast(reader, output)))
      continue
    members.add(node)
  }
  return members
}

/** Members that are computed together, with what they give. */
export interface Component {
  readonly nodes: Node[]
  readonly outputs: NamedValue[]
}

/** What is known of a step while its end is looked at. */
export interface Work {
  readonly graph: Graph
  readonly producers: ReadonlyMap<Value, Node>
  readonly places: Alignment
  readonly carried: ReadonlyMap<Value, string>
}

const vectorInputs = (node: Node): readonly Part[] =>
  laidOut(node) ??
  node.inputs.filter((input) => !isBroadcast(node, input)).map((value) => ({ value, begin: 0 }))

/** Components whose values stand at one place each. */
export const componentsOf = (work: Work): readonly Component[] => {
  const { graph, producers, places } = work
  const contradictory = new Set<Value>()
  for (const node of producers.values()) {
    for (const { value, begin } of vectorInputs(node)) {
      if (producers.has(value) && !places.align(value, node.outputs[0], begin)) contradictory.add(value)
    }
  }
  const found = new Map<Value, Component>()
  const component = (value: Value): Component => {
    const { origin } = places.find(value)
    const known = found.get(origin) ?? { nodes: [], outputs: [] }
    found.set(origin, known)
    return known
  }
  for (const node of producers.values()) component(node.outputs[0]).nodes.push(node)
  for (const output of graph.outputs) {
    if (producers.has(output.value)) component(output.value).outputs.push(output)
  }
  for (const value of contradictory) found.delete(places.find(value).origin)
  return [...found.values()]
}

/** How many entries are computed. */
export const entriesOf = ({ nodes }: Component): number =>
  nodes.reduce((sum, node) => sum + (isArithmetic(node) ? entryCount(node.outputs[0].shape) : 0), 0)
