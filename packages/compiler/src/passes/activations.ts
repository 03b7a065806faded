/**
 * Activations and their gradients. TF.js computes the slope of ReLU and LeakyReLU by a comparison and a selection;
 * a clipped multiple is as exact and needs one pass less, and the sign of the result tells as much as that of the
 * argument, which then need not be kept.
 */
import { scalar } from '../graph/builder.js'
import { type Graph, type Node, uniformValue, type Value } from '../graph/graph.js'
import { leaky } from '../kernels/elementwise.js'
import { type Rule, rewrite } from './rewrite.js'

/** Times this, the smallest normal number of single precision is above 1. */
const STEEP = 3e38

interface Slope {
  readonly x: Value
  /** 1 where x > 0, this elsewhere. */
  readonly leak: number
}

/** x and the leak of Where(x > 0, 1, leak), 0 ≤ leak < 1. */
const slopeOf = (node: Node | undefined, producer: (value: Value) => Node | undefined): Slope | undefined => {
  if (node?.op !== 'Where' || node.outputs[0].dtype !== 'float32') return undefined
  const [condition, high, low] = node.inputs
  const comparison = producer(condition)
  if (comparison?.op !== 'Greater' || uniformValue(comparison.inputs[1]) !== 0) return undefined
  const leak = uniformValue(low)
  if (uniformValue(high) !== 1 || leak === undefined || leak < 0 || leak >= 1) return undefined
  const [x] = comparison.inputs
  return x.dtype === 'float32' && x.data === undefined ? { x, leak } : undefined
}

/** x · slope(x) is the activation itself. */
const forward: Rule = (node, { g }) => {
  if (node.op !== 'Mul') return undefined
  for (const [x, other] of [node.inputs, [...node.inputs].reverse()]) {
    const slope = slopeOf(g.producer(other), g.producer)
    if (slope?.x !== x) continue
    return slope.leak === 0 ? g.node('Relu', [x], x.dtype, x.shape) : leaky(g, x, slope.leak)
  }
  return undefined
}

const steps: Rule = (node, { g }) => {
  const slope = slopeOf(node, g.producer)
  if (slope === undefined) return undefined
  const { x, leak } = slope
  if (leak === 0) {
    const attributes = { alpha: { float: STEEP }, beta: { float: 0 } }
    return g.node('HardSigmoid', [x], x.dtype, x.shape, { attributes })
  }
  const steep = g.node('Mul', [x, scalar(STEEP)], x.dtype, x.shape)
  return g.node('Clip', [steep, scalar(leak), scalar(1)], x.dtype, x.shape)
}

/** Comparisons x > 0 read the activation of x instead, where there is one. */
const compareResults = (graph: Graph): Graph => {
  const results = new Map<Value, Value>()
  for (const { op, inputs, outputs, attributes } of graph.nodes) {
    const alpha = (attributes.alpha as { readonly float: number } | undefined)?.float ?? 0
    if (op === 'Relu' || (op === 'LeakyRelu' && alpha > 0)) results.set(inputs[0], outputs[0])
  }
  const made = new Set<Value>(graph.inputs.map(({ value }) => value))
  const nodes: Node[] = []
  // A comparison that stands before the activation waits for it.
  let waiting: readonly Node[] = graph.nodes.map((node) => {
    const result = node.op === 'Greater' ? results.get(node.inputs[0]) : undefined
    return result !== undefined && uniformValue(node.inputs[1]) === 0
      ? { ...node, inputs: [result, node.inputs[1]] }
      : node
  })
  while (waiting.length > 0) {
    const later: Node[] = []
    for (const node of waiting) {
      if (node.inputs.every((input) => input.data !== undefined || made.has(input))) {
        nodes.push(node)
        for (const output of node.outputs) made.add(output)
      } else later.push(node)
    }
    if (later.length === waiting.length) return graph
    waiting = later
  }
  return { ...graph, nodes }
}

/** Slopes by a clipped multiple, activations by their own operators. */
export const rewriteActivations = (graph: Graph): Graph =>
  rewrite(compareResults(rewrite(graph, [forward])), [steps])
