/** How many threads a graph is worth. */
import { availableParallelism } from 'node:os'
import { entryCount } from '@mechid/values'
import type { Graph, Node } from '../graph/graph.js'

/**
 * Multiplications and additions that are worth one thread more. With fewer, operators are so short that handing parts of
 * them out takes as long as doing them (two threads against one on two cores: 4 Mflop 0.88, 16 and 33 Mflop 1.19, 106
 * Mflop 1.46 times as fast).
 */
const WORTH_A_THREAD = 3e7

const PRODUCTS = new Set(['MatMul', 'Gemm', 'FusedMatMul'])

/** Of one product; convolutions count by their filter. */
const operations = ({ op, inputs, outputs: [output], attributes }: Node): number => {
  if (PRODUCTS.has(op)) {
    const { shape } = inputs[0]
    return 2 * entryCount(output.shape) * shape[shape.length - (attributes.transA === 1 ? 2 : 1)]
  }
  return op === 'Conv' ? 2 * entryCount(output.shape) * entryCount(inputs[1].shape.slice(1)) : 0
}

/** One thread for a small graph, for a large one as many as there are cores for this process. */
export const threadsFor = ({ nodes }: Graph): number => {
  const total = nodes.reduce((sum, node) => sum + operations(node), 0)
  return Math.min(availableParallelism(), 1 + Math.floor(total / WORTH_A_THREAD))
}
