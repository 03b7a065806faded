/** Takes away what no output needs. */
import type { Graph, Node, Value } from '../graph/graph.js'

/** The graph without nodes whose results nothing reads. Inputs stay: they are the function's signature. */
export const removeDeadCode = (graph: Graph): Graph => {
  const needed = new Set<Value>(graph.outputs.map(({ value }) => value))
  const kept: Node[] = []
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const node = graph.nodes[i]
    if (!node.outputs.some((output) => needed.has(output))) continue
    for (const input of node.inputs) needed.add(input)
    kept.push(node)
  }
  return { ...graph, nodes: kept.reverse() }
}

/** The graph without inputs that nothing reads, for a runtime that knows the signature by itself. */
export const removeUnusedInputs = (graph: Graph): Graph => {
  const used = new Set([
    ...graph.nodes.flatMap(({ inputs }) => inputs),
    ...graph.outputs.map(({ value }) => value)
  ])
  return { ...graph, inputs: graph.inputs.filter(({ value }) => used.has(value)) }
}
