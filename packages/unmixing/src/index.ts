export type { AdditiveTransitions } from './additive-transitions.js'
export type { ChartOptions } from './chart-learning.js'
export type { Codes } from './codes.js'
export type { Harmonics } from './direction-search.js'
export { decideEdges, type EdgeDecision, relativeWorth } from './edge-decision.js'
export type { NoMechanism, UnmixingError } from './errors.js'
export { type GaussianChart, gaussianChart } from './gaussian-chart.js'
export type { InteractionTest } from './interactions.js'
export { latentsOfCodes } from './latents-of-codes.js'
export { nextLikelihood } from './next-likelihood.js'
export type { Hypothesis, UnmixOptions, UnmixProgress } from './options.js'
export {
  type Straightened,
  type StraightenOptions,
  straighten,
  type UncertainCodes
} from './straighten.js'
export { unmix } from './unmix.js'
export type { Choice, Unmixed } from './unmixed.js'
