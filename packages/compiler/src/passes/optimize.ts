/** The order of the passes. Each keeps the results, up to rounding. */
import type { Graph } from '../graph/graph.js'
import type { Provider } from '../runtime/onnx-runtime.js'
import { CARRY, NEXT } from '../trace/trace.js'
import { rewriteActivations } from './activations.js'
import { takeBatchesApart } from './batches.js'
import { removeUnusedInputs } from './dead-code.js'
import { foldConstants } from './fold-constants.js'
import { identities } from './identities.js'
import { productRules } from './products.js'
import { rewrite } from './rewrite.js'
import { workInStretches } from './stretches.js'

const general = [foldConstants, ...identities]

/** Simpler for every provider. */
const simplified = (graph: Graph): Graph => rewriteActivations(rewrite(graph, general))

/** The graph as the provider computes it fastest. */
export const optimize = (graph: Graph, provider: Provider): Graph => {
  const rules = [...general, ...productRules({ batches: provider !== 'webgpu', cpu: provider === 'cpu' })]
  const fused = rewrite(simplified(graph), rules)
  // A graphics processor wants large batches, a processor with caches small pieces.
  return provider === 'cpu' ? rewrite(takeBatchesApart(fused), rules) : fused
}

/** The graph in standard operators alone, for other runtimes. */
export const optimizeStandard = (graph: Graph): Graph => rewrite(simplified(graph), general)

/** As `optimize`, for the graph of a step: its carry may come and go in parts, its inputs are those that it reads. */
export const optimizeStep = (graph: Graph, provider: Provider): Graph => {
  const whole = optimize(graph, provider)
  if (provider !== 'cpu') return removeUnusedInputs(whole)
  const inStretches = workInStretches(
    whole,
    (name) => name.startsWith(CARRY),
    (name) => name.startsWith(NEXT)
  )
  return removeUnusedInputs(rewrite(inStretches, general))
}
