/** The order of the passes. Each keeps the results, up to rounding. */
import type { Graph } from '../graph/graph.js'
import type { Provider } from '../runtime/onnx-runtime.js'
import { rewriteActivations } from './activations.js'
import { takeBatchesApart } from './batches.js'
import { foldConstants } from './fold-constants.js'
import { identities } from './identities.js'
import { productRules } from './products.js'
import { rewrite } from './rewrite.js'

/** The graph as the provider computes it fastest. */
export const optimize = (graph: Graph, provider: Provider): Graph => {
  const simple = rewrite(graph, [foldConstants, ...identities])
  const active = rewriteActivations(simple)
  const rules = [foldConstants, ...identities, ...productRules({ batches: provider !== 'webgpu' })]
  const fused = rewrite(active, rules)
  // A graphics processor wants large batches, a processor with caches small pieces.
  return provider === 'cpu' ? rewrite(takeBatchesApart(fused), rules) : fused
}

/** The graph in standard operators alone, for other runtimes. */
export const optimizeStandard = (graph: Graph): Graph =>
  rewrite(rewriteActivations(rewrite(graph, [foldConstants, ...identities])), [foldConstants, ...identities])
