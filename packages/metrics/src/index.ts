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
} from './ambiguities.js'
export { type Assignment, bestAssignment } from './assignment.js'
export { type BetaVaeOptions, betaVaeScore } from './beta-vae-score.js'
export {
  type Dci,
  type DciOptions,
  dci,
  type ImportanceScores,
  type Importances,
  importanceScores
} from './dci.js'
export type { Binning } from './discretization.js'
export {
  type Commutation,
  type EquivarianceError,
  equivarianceError,
  equivarianceErrorOf,
  type RowMap
} from './equivariance-error.js'
export type { BadAssignment, MetricError } from './errors.js'
export { explainedShare } from './explained-share.js'
export { type FactorGroups, type GroupRequest, groupsOfRows } from './factor-groups.js'
export { type FactorVaeScore, factorVaeScore, type VoteScore } from './factor-vae-score.js'
export { type ForestOptions, forestRegressor } from './forest.js'
export {
  type GraphDistance,
  graphAfterAssignment,
  shd,
  shdAfterAssignment
} from './graph-distance.js'
export { type HeldOut, type HeldOutPlan, heldOutRows } from './held-out.js'
export { type Irs, type IrsOptions, irs } from './irs.js'
export { type KernelOptions, type KernelScore, kernelR, kernelRCon } from './kernel-scores.js'
export { type CorrelationKind, correlations, type Mcc, mcc } from './mcc.js'
export { mig } from './mig.js'
export { type Modularity, modularity } from './modularity.js'
export { type AmbiguityGroup, type AmbiguityMatrix, type ModuloGroup, moduloGroup } from './modulo-group.js'
export { type IsometryGroup, moduloIsometry } from './modulo-isometry.js'
export { type MutualInformation, mutualInformation } from './mutual-information.js'
export { type PairwiseMcc, pairwiseMcc } from './pairwise-mcc.js'
export type { PerLatent } from './per-latent.js'
export type { RegressionScore } from './r-squared.js'
export { linearR, measuredEntanglement, rCon } from './regression-scores.js'
export { lassoRegressor, type Regression, type Regressor } from './regressor.js'
export { bootstrap, type Chance, type Interval, mccChance } from './resampling.js'
export { sap } from './sap.js'
export { shdChance } from './shd-chance.js'
export { informativeLatents, type Udr, type UdrOptions, udr } from './udr.js'
