/** What can be wrong with what a user hands to this package. */
import type { GraphError } from '@mechid/causal-graph'
import type { MetricError } from '@mechid/metrics'

/** Errors of the graphs or of the scores; those of `evaluate`'s own checks are among them. */
export type EvaluationError = GraphError | MetricError
