/** What a provider of ONNX Runtime cannot do, or does wrongly: rewritten, or refused before anything runs. */
import * as E from 'fp-ts/lib/Either.js'
import { type CompilerError, unsupportedAttribute } from '../errors.js'
import { constant } from '../graph/builder.js'
import type { Graph, Node, Value } from '../graph/graph.js'
import type { Provider } from './onnx-runtime.js'

/**
 * On `webgpu` a transposed convolution in groups with several channels each gives wrong numbers (ONNX Runtime 1.30).
 * The same without groups: the weights of other groups are zero.
 */
const withoutGroups = (node: Node): readonly Node[] => {
  const [x, weights] = node.inputs
  const groups = node.attributes.group as number
  const [channels, , ...window] = weights.shape
  const perGroup = channels / groups
  const own = Float32Array.from(
    { length: channels * groups },
    (_, i) => +(Math.floor(Math.floor(i / groups) / perGroup) === i % groups)
  )
  const mask = constant('float32', [channels, groups, ...window.map(() => 1)], own)
  const dense: Value = { dtype: 'float32', shape: [channels, groups, ...window] }
  return [
    { op: 'Mul', domain: '', inputs: [weights, mask], outputs: [dense], attributes: {} },
    { ...node, inputs: [x, dense, ...node.inputs.slice(2)], attributes: { ...node.attributes, group: 1 } }
  ]
}

const hasWideGroups = ({ op, inputs, attributes }: Node): boolean =>
  op === 'ConvTranspose' &&
  Number(attributes.group ?? 1) > 1 &&
  inputs[1].shape[0] > Number(attributes.group) &&
  inputs[1].shape[1] === 1

/** The graph as the provider can run it. Error: `UnsupportedAttribute`. */
export const withinLimits = (
  where: string,
  graph: Graph,
  provider: Provider
): E.Either<CompilerError, Graph> => {
  if (provider !== 'webgpu') return E.right(graph)
  if (graph.nodes.some(({ op, outputs }) => op === 'MaxPool' && outputs.length > 1)) {
    const reason =
      'provider webgpu does not compute positions of maxima; use provider cpu, or pool by averages'
    return E.left(unsupportedAttribute(where, 'MaxPoolGrad', reason))
  }
  const nodes = graph.nodes.flatMap((node) => (hasWideGroups(node) ? withoutGroups(node) : [node]))
  return E.right({ ...graph, nodes })
}
