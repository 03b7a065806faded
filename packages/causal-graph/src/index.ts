export { type AdditivityOptions, additivity } from './additivity/additivity.js'
export type { Additivity, AdditivityVerdict } from './additivity/answer.js'
export type { Curvature } from './additivity/curvature.js'
export {
  type Identification,
  type IdentifiedBy,
  identifiedBy,
  type LatentIdentification
} from './additivity/identified-by.js'
export type { Interaction } from './additivity/interactions.js'
export type { MeanInput } from './additivity/places.js'
export {
  allRelabellings,
  type Consistency,
  type ConsistencyKind,
  type ConsistencyOptions,
  consistency,
  isActionConsistent,
  isConsistent,
  isTimeConsistent,
  relabellings
} from './consistency/consistency.js'
export type { ActionDependence, LinearActionDependence } from './dependence/action-dependence.js'
export { fewestActions } from './design/antichain.js'
export { type Design, type DesignOptions, design } from './design/design.js'
export {
  type GraphologyDocument,
  type GraphologyOptions,
  type GraphologySource,
  graphFromGraphology,
  graphToGraphology
} from './documents/graphology.js'
export { graphFromDocument, graphFromJson, graphToJson, type LabelledGraph } from './documents/json.js'
export type { GraphError } from './errors.js'
export { binaryGraph, graphRows } from './graph/binary-graph.js'
export {
  addActions,
  eqCausalGraph,
  lagMatrices,
  permuteGraph,
  showCausalGraph
} from './graph/causal-graph.js'
export type { BinaryGraph, GraphSource } from './graph/graph-bits.js'
export type { Labels } from './graph/labels.js'
export { type GraphName, graphNames, namedGraph } from './graph/named-graphs.js'
export { type RandomGraphOptions, randomGraph } from './graph/random-graphs.js'
export type {
  InfluencePart,
  InfluenceRoute,
  InfluenceSubject,
  InfluenceVerdict
} from './influence/part.js'
export { sufficientPart } from './influence/proven-part.js'
export {
  type InfluenceOptions,
  type SufficientInfluence,
  sufficientInfluence
} from './influence/sufficient-influence.js'
export {
  drawIntervention,
  type Intervention,
  type InterventionOptions,
  intervene,
  multiNodeInterventions,
  type Regime,
  singleNodeInterventions,
  ungrouped
} from './interventions/interventions.js'
export {
  entanglementByJacobian,
  entanglementBySupport,
  isPreservingMap
} from './maps/entanglement.js'
export {
  entanglementBySamples,
  type SampledEntanglement,
  type SampledEntanglementOptions
} from './maps/entanglement-samples.js'
export {
  getEqLatentMap,
  getPreservingMapGroup,
  type PreservingMap,
  preservingMap,
  randomPreservingMap,
  showPreservingMap
} from './maps/latent-map.js'
export {
  getEqPreservingMatrix,
  getPreservingGroup,
  type PreservingMatrix,
  preservingMatrix,
  preservingRows,
  randomPreservingMatrix,
  showPreservingMatrix
} from './maps/preserving-group.js'
export type { LatentMap, Transformation } from './maps/transformation.js'
export {
  and,
  type BinaryMatrix,
  beside,
  binaryIdentity,
  binaryMatrix,
  binaryRows,
  booleanProduct,
  count,
  eqBinaryMatrix,
  get,
  isIdentity,
  isSubset,
  or,
  rowIsSubset,
  rowSupport,
  showBinaryMatrix,
  tabulate
} from './matrices/binary-matrix.js'
export { transpose } from './matrices/columns.js'
export type { TableSource } from './matrices/edge-table.js'
export { getBooleanAlgebra, getMonoidAnd, getMonoidOr, getMonoidProduct } from './matrices/matrix-algebra.js'
export {
  composePermutations,
  eqPermutation,
  getPermutationGroup,
  identityPermutation,
  inversePermutation,
  type Permutation,
  permuteRows,
  permuteRowsAndColumns,
  showPermutation,
  toPermutation
} from './matrices/permutation.js'
export { type BlockOrder, blockOrder, blocks, reflexiveTransitiveClosure } from './pattern/blocks.js'
export { criterion, criterionByLatent } from './pattern/criterion.js'
export { binaryPattern, graphPattern, pattern } from './pattern/pattern.js'
export { isPreserving, type Violation, violations } from './pattern/preserving.js'
export { toDot } from './picture/dot.js'
export {
  type Arrow,
  type Drawing,
  entanglementDrawing,
  graphDrawing,
  type Node
} from './picture/drawing.js'
export {
  graphPanels,
  graphSvg,
  type PictureOptions,
  type PicturePanel
} from './picture/graph-picture.js'
export { toMermaid } from './picture/mermaid.js'
export type { PictureTheme } from './picture/theme.js'
export type { PracticalRival, RivalVerdict } from './practical/answer.js'
export type { BentRival } from './practical/bent.js'
export {
  type ActionInfluence,
  type HiddenInfluenceOptions,
  hiddenInfluence
} from './practical/hidden-influence.js'
export { type PracticalRivalOptions, practicalRivals } from './practical/practical-rivals.js'
export type { UnrolledRival } from './practical/unrolled.js'
export {
  distinguishing,
  evidenceOf,
  type GraphEvidence,
  type LaggedLatent
} from './prediction/explanation.js'
export { identifyingSets } from './prediction/identifying-sets.js'
export { type Prediction, type PredictOptions, predict } from './prediction/prediction.js'
export type { LatentReason, NewEdge, Remedy } from './prediction/reasons.js'
export type { Reach, RowForecast, SearchStep, Trainability } from './trainability/answer.js'
export { type TrainabilityOptions, trainability } from './trainability/trainability.js'
export type { VisibleShare } from './trainability/visible-share.js'
export type { FoundWitness, NoWitness, WitnessAnswer, WitnessEvidence } from './witness/answer.js'
export { findWitness, type WitnessOptions } from './witness/witness.js'
