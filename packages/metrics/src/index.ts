export { type Assignment, bestAssignment } from './assignment.js'
export { type MetricError, message, showMetricError } from './errors.js'
export {
  type Graph,
  type GraphDistance,
  type Graphs,
  permuteGraphs,
  shd,
  shdAfterAssignment
} from './graph-distance.js'
export { type CorrelationKind, correlations, type Mcc, mcc } from './mcc.js'
export {
  type HeldOut,
  linearR,
  measuredEntanglement,
  type RegressionScore,
  rCon
} from './regression-scores.js'
export { bootstrap, type Chance, type Interval, mccChance } from './resampling.js'
export { type Samples, takeRows } from './samples.js'
