import type { Graph } from '../graph/graph.js'
export const optimize = (graph: Graph): Graph => graph
