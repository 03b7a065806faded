/** How many threads a graph is worth. */
import { availableParallelism } from 'node:os'
import type { Graph, Node } from '../graph/graph.js'
import { sizeOf } from '../step-function.js'

/**
 * Multiplications and additions from which on more than one thread pays. Below it operators are so short that
 * handing them out takes as long as doing them (measured on two cores: 0.2 Gflop slower, 2 Gflop faster).
 */
const WORTH_SHARING = 5e8

const PRODUCTS = new Set(['MatMul', 'Gemm', 'FusedMatMul'])

/** Of one product; convolutions count by their filter. */
const operations = ({ op, inputs, outputs: [output], attributes }: Node): number => {
  if (PRODUCTS.has(op)) {
    const { shape } = inputs[0]
    return 2 * sizeOf(output.shape) * shape[shape.length - (attributes.transA === 1 ? 2 : 1)]
  }
  return op === 'Conv' ? 2 * sizeOf(output.shape) * sizeOf(inputs[1].shape.slice(1)) : 0
}

/** One thread for a small graph, else one for each core that this process may use. */
export const threadsFor = ({ nodes }: Graph): number =>
  nodes.reduce((sum, node) => sum + operations(node), 0) < WORTH_SHARING ? 1 : availableParallelism()
