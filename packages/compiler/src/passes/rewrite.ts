/** Rewrites a graph node by node: what every pass on single nodes shares. */
import { type GraphBuilder, graphBuilder, type NodeOptions } from '../graph/builder.js'
import { type Dtype, type Graph, type Node, useCounts, type Value } from '../graph/graph.js'
import { removeDeadCode } from './dead-code.js'

/** What a rule may ask while it looks at a node. */
export interface Surroundings {
  /** Adds nodes. Equal nodes are added once. */
  readonly g: GraphBuilder
  /** How often the value was read before this sweep; 1 for values that a rule made. */
  readonly uses: (value: Value) => number
}

/**
 * Answers the value that stands for the only result of `node`, or undefined where the rule does not apply. Inputs of
 * `node` are rewritten already.
 */
export type Rule = (node: Node, surroundings: Surroundings) => Value | undefined

/** Constants up to this many entries are equal if their entries are; longer ones only if they are the same. */
const COMPARED_ENTRIES = 64

const identities = new WeakMap<Value, number>()
let count = 0

const identity = (value: Value): string => {
  const { data, dtype, shape } = value
  if (data !== undefined && data.length <= COMPARED_ENTRIES) {
    // 0 and −0 are written alike, but divide differently.
    const entries = Array.from<number | bigint, string>(data as ArrayLike<number>, (entry) =>
      Object.is(entry, -0) ? '-0' : String(entry)
    )
    return `${dtype}[${shape}]{${entries.join()}}`
  }
  let id = identities.get(value)
  if (id === undefined) {
    id = count++
    identities.set(value, id)
  }
  return `#${id}`
}

/** The number of results counts: a MaxPool with and one without positions are two. */
const keyOf = ({ op, domain, inputs, outputs, attributes }: Node): string =>
  `${domain}.${op}(${inputs.map(identity).join(';')})${JSON.stringify(attributes)}${outputs.length}`

/** A builder that gives the results of an equal node instead of adding a second one. */
const sharingBuilder = (graph: Graph): GraphBuilder & { readonly share: (node: Node) => Node } => {
  const plain = graphBuilder(graph.inputs)
  const known = new Map<string, Node>()
  const share = (node: Node): Node => {
    const key = keyOf(node)
    const found = known.get(key)
    if (found !== undefined) return found
    known.set(key, node)
    plain.add(node)
    return node
  }
  const node = (
    op: string,
    inputs: readonly Value[],
    dtype: Dtype,
    shape: readonly number[],
    { domain = '', attributes = {} }: NodeOptions = {}
  ): Value => share({ op, domain, inputs, outputs: [{ dtype, shape }], attributes }).outputs[0]
  return { ...plain, nodes: plain.nodes, inputs: plain.inputs, add: share, node, share }
}

interface Sweep {
  readonly graph: Graph
  readonly changes: number
}

const sweep = (graph: Graph, rules: readonly Rule[]): Sweep => {
  const g = sharingBuilder(graph)
  const counts = useCounts(graph)
  const surroundings: Surroundings = { g, uses: (value) => counts.get(value) ?? 1 }
  const replaced = new Map<Value, Value>()
  const current = (value: Value): Value => replaced.get(value) ?? value
  let changes = 0
  for (const old of graph.nodes) {
    const node = old.inputs.some((input) => replaced.has(input))
      ? { ...old, inputs: old.inputs.map(current) }
      : old
    let result: Value | undefined
    for (const rule of node.outputs.length === 1 ? rules : []) {
      result = rule(node, surroundings)
      if (result !== undefined) break
    }
    if (result !== undefined) {
      replaced.set(old.outputs[0], result)
      changes++
      continue
    }
    const shared = g.share(node)
    if (shared === node) continue
    old.outputs.forEach((output, i) => {
      replaced.set(output, shared.outputs[i])
    })
    changes++
  }
  const outputs = graph.outputs.map((output) => ({ ...output, value: current(output.value) }))
  return { graph: removeDeadCode({ inputs: graph.inputs, nodes: g.nodes, outputs }), changes }
}

/** Rules that undo each other would never end. */
const SWEEPS = 20

/** Applies the rules, the first that fits, until none fits any more; equal nodes become one, unused ones go. */
export const rewrite = (graph: Graph, rules: readonly Rule[]): Graph => {
  let current = graph
  for (let i = 0; i < SWEEPS; i++) {
    const next = sweep(current, rules)
    current = next.graph
    if (next.changes === 0) break
  }
  return current
}
