/** The causal graph of a kernel, read off its definition. */
import { causalGraph, type Kernel } from '@mechid/mechanisms'
import { orThrow } from '@mechid/values'
import { type CausalGraph, graphFromRows } from './causal-graph.js'

/**
 * Gz and Ga of a kernel, read off its definition by the support reading: nobody types a graph in twice. Gz is
 * absent for a static kernel, Ga for one without actions.
 *
 * @example
 * graphOfKernel(kernel).actions // d × k
 */
export const graphOfKernel = (kernel: Kernel): CausalGraph => orThrow(graphFromRows(causalGraph(kernel)))
