export {
  and,
  type BinaryMatrix,
  beside,
  count,
  eqBinaryMatrix,
  fromRows,
  get,
  identity,
  isIdentity,
  isSubset,
  multiply,
  or,
  rowIsSubset,
  rowSupport,
  showBinaryMatrix,
  tabulate,
  toRows,
  transpose
} from './binary-matrix.js'
export { type BlockOrder, blockOrder, blocks, reflexiveTransitiveClosure } from './blocks.js'
export {
  addActions,
  type CausalGraph,
  eqCausalGraph,
  graphFromRows,
  graphToRows,
  lagMatrices,
  type PlainGraph,
  permuteGraph,
  showCausalGraph
} from './causal-graph.js'
export { criterion, criterionByLatent } from './criterion.js'
export { toDot } from './dot.js'
export {
  type Arrow,
  type Drawing,
  entanglementDrawing,
  graphDrawing,
  type Labels,
  type Node
} from './drawing.js'
export { type GraphError, message, orThrow, showGraphError } from './errors.js'
export { distinguishing, type Evidence, evidenceOf, type LaggedLatent } from './explanation.js'
export { type EdgeErrors, edgeErrors, monoidEdgeErrors, structuralHamming } from './hamming.js'
export { getBooleanAlgebra, getMonoidAnd, getMonoidOr, getMonoidProduct } from './matrix-algebra.js'
export { toMermaid } from './mermaid.js'
export { type GraphName, graphNames, namedGraph } from './named-graphs.js'
export { graphPattern, pattern } from './pattern.js'
export {
  compose,
  eqPermutation,
  getPermutationGroup,
  identityPermutation,
  inverse,
  type Permutation,
  permutation,
  permuteRows,
  permuteRowsAndColumns,
  showPermutation
} from './permutation.js'
export { type Prediction, predict } from './prediction.js'
export { isPreserving, type Violation, violations } from './preserving.js'
export { type RandomGraphOptions, randomGraph } from './random-graphs.js'
