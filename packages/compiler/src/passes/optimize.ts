/** The order of the passes. Each keeps the results, up to rounding. */
import type { Graph } from '../graph/graph.js'
import { noUpdate, type StepGraph } from '../graph/update.js'
import type { Provider } from '../runtime/onnx-runtime.js'
import { rewriteActivations } from './activations.js'
import { takeBatchesApart } from './batches.js'
import { removeUnusedInputs } from './dead-code.js'
import { foldConstants } from './fold-constants.js'
import { identities } from './identities.js'
import { orderLeaves } from './order.js'
import { outlineUpdate } from './outline-update.js'
import { columnSums, productRules } from './products.js'
import { fullRanks } from './ranks.js'
import { type Rule, rewrite } from './rewrite.js'
import { viewParts } from './views.js'

const general = [foldConstants, ...identities]

/** Simpler for every provider. */
const simplified = (graph: Graph): Graph => rewriteActivations(rewrite(graph, general))

const rulesFor = (provider: Provider): readonly Rule[] => [
  ...general,
  ...productRules({ batches: provider !== 'webgpu', cpu: provider === 'cpu' })
]

const fused = (graph: Graph, provider: Provider): Graph => rewrite(simplified(graph), rulesFor(provider))

/** A graphics processor wants large batches, a processor with caches small pieces. */
const forProcessor = (graph: Graph, threads: number): Graph =>
  rewrite(rewrite(takeBatchesApart(graph, threads), rulesFor('cpu')), [columnSums, fullRanks])

/** The graph as the provider computes it fastest, on a processor with this many threads. */
export const optimize = (graph: Graph, provider: Provider, threads = 1): Graph =>
  provider === 'cpu' ? forProcessor(fused(graph, provider), threads) : fused(graph, provider)

/** The graph in standard operators alone, for other runtimes. */
export const optimizeStandard = (graph: Graph): Graph => rewrite(simplified(graph), general)

/**
 * As `optimize`, for the graph of a step: its inputs are those that it reads. With `updates` its element-wise end is an
 * update.
 */
export const optimizeStep = (graph: Graph, provider: Provider, updates: boolean, threads = 1): StepGraph => {
  if (provider !== 'cpu' || !updates) {
    return { graph: removeUnusedInputs(optimize(graph, provider, threads)), update: noUpdate }
  }
  const { graph: rest, update } = outlineUpdate(fused(graph, provider))
  return { graph: removeUnusedInputs(orderLeaves(viewParts(forProcessor(rest, threads)))), update }
}
