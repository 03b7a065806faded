/** What can go wrong with what is handed to this package. */
import type { EstimatorError } from '@mechid/estimator'
import type { MetricError } from '@mechid/metrics'

/** An error of this package: those of the estimator and of the metrics. Every one has a `message`. */
export type ModelSelectionError = EstimatorError | MetricError
