export { type PairwiseMcc, pairwiseMcc } from './agreement/pairwise-mcc.js'
export { informativeLatents, type Udr, type UdrOptions, udr } from './agreement/udr.js'
export { type Assignment, bestAssignment } from './correlation/assignment.js'
export { type CorrelationKind, correlations, type Mcc, mcc } from './correlation/mcc.js'
export {
  type CandidateHelp,
  type ConditionalDependence,
  type ConditionalDependenceOptions,
  conditionalDependence
} from './dependence/conditional-dependence.js'
export { holm, normalTail } from './dependence/multiple-tests.js'
export type { Estimate } from './dependence/semipartial.js'
export {
  type Dci,
  type DciOptions,
  dci,
  type ImportanceScores,
  type Importances,
  importanceScores
} from './disentanglement/dci.js'
export { type Irs, type IrsOptions, irs } from './disentanglement/irs.js'
export { mig } from './disentanglement/mig.js'
export { type Modularity, modularity } from './disentanglement/modularity.js'
export type { PerLatent } from './disentanglement/per-latent.js'
export { sap } from './disentanglement/sap.js'
export type { BadAssignment, MetricError } from './errors.js'
export { type BetaVaeOptions, betaVaeScore } from './fixed-factor/beta-vae-score.js'
export { type FactorGroups, type GroupRequest, groupsOfRows } from './fixed-factor/factor-groups.js'
export { type FactorVaeScore, factorVaeScore, type VoteScore } from './fixed-factor/factor-vae-score.js'
export {
  type GraphDistance,
  graphAfterAssignment,
  shd,
  shdAfterAssignment
} from './graphs/graph-distance.js'
export { shdChance } from './graphs/shd-chance.js'
export type { Binning } from './information/discretization.js'
export { type MutualInformation, mutualInformation } from './information/mutual-information.js'
export {
  affineMaps,
  exact,
  linearMaps,
  permutations,
  product,
  scalars,
  scalings,
  scalingsAndShifts,
  shifts,
  signedPermutations,
  signFlips
} from './mechanisms/ambiguities.js'
export {
  type Commutation,
  type EquivarianceError,
  equivarianceError,
  equivarianceErrorOf,
  type RowMap
} from './mechanisms/equivariance-error.js'
export {
  type AmbiguityGroup,
  type AmbiguityMatrix,
  type ModuloGroup,
  moduloGroup
} from './mechanisms/modulo-group.js'
export { type IsometryGroup, moduloIsometry } from './mechanisms/modulo-isometry.js'
export { explainedShare } from './regression/explained-share.js'
export { type KernelOptions, type KernelScore, kernelR, kernelRCon } from './regression/kernel-scores.js'
export type { RegressionScore } from './regression/r-squared.js'
export { type LinearScore, linearR, measuredEntanglement, rCon } from './regression/regression-scores.js'
export { type ForestOptions, forestRegressor } from './regressors/forest.js'
export { lassoRegressor, type Regression, type Regressor } from './regressors/regressor.js'
export { type HeldOut, type HeldOutPlan, heldOutRows } from './resampling/held-out.js'
export { bootstrap, type Chance, type Interval, mccChance } from './resampling/resampling.js'
export {
  type FeatureResponses,
  featureResponses,
  type ResponseOptions,
  type RowDecoder
} from './responses/feature-responses.js'
