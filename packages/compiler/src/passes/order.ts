/**
 * The order in which results are asked for. ONNX Runtime computes what the last node without successors needs, as late
 * as possible, then what the one before it needs besides, and so on. So the nodes that nothing follows decide how long
 * intermediate results are kept: asked for in a bad order, all of a step's activations wait for the end.
 */
import type { Graph, Node, Value } from '../graph/graph.js'

/** Every node that `leaf` needs, itself included. */
const neededBy = (leaf: Node, producers: ReadonlyMap<Value, Node>): ReadonlySet<Node> => {
  const needed = new Set<Node>([leaf])
  const waiting = [leaf]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const input of node.inputs) {
      const producer = producers.get(input)
      if (producer !== undefined && !needed.has(producer)) {
        needed.add(producer)
        waiting.push(producer)
      }
    }
  }
  return needed
}

/** Those that need the fewest further nodes first. */
const greedily = (leaves: readonly Node[], producers: ReadonlyMap<Value, Node>): readonly Node[] => {
  const needed = leaves.map((leaf) => neededBy(leaf, producers))
  const left = needed.map(({ size }) => size)
  const users = new Map<Node, number[]>()
  needed.forEach((nodes, i) => {
    for (const node of nodes) {
      const known = users.get(node)
      if (known === undefined) users.set(node, [i])
      else known.push(i)
    }
  })
  const waiting = new Set(leaves.keys())
  const order: Node[] = []
  while (waiting.size > 0) {
    let next = -1
    for (const i of waiting) if (next < 0 || left[i] < left[next]) next = i
    waiting.delete(next)
    order.push(leaves[next])
    for (const node of needed[next]) {
      for (const i of users.get(node) ?? []) left[i]--
      users.delete(node)
    }
  }
  return order
}

/** The graph with its nodes in an order that lets intermediate results be used soon. */
export const orderLeaves = (graph: Graph): Graph => {
  const producers = new Map(
    graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const))
  )
  const followed = new Set(graph.nodes.flatMap(({ inputs }) => inputs.map((input) => producers.get(input))))
  const leaves = graph.nodes.filter((node) => !followed.has(node))
  const others = graph.nodes.filter((node) => followed.has(node))
  return { ...graph, nodes: [...others, ...[...greedily(leaves, producers)].reverse()] }
}
