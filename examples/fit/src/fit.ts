/** One training of a user's data with its scores. */
import type { Engine } from '@mechid/engine'
import type { Trained } from '@mechid/estimator'
import type { CausalGraph } from '@mechid/values'
import type { Prepared } from './data.js'
import type { FitEvaluation } from './evaluation.js'
import type { Origin } from './origin.js'

export interface Fit {
  readonly file: string
  readonly seed: number
  readonly engine: Engine
  readonly prepared: Prepared
  readonly origin: Origin
  readonly trained: Trained
  readonly learned: CausalGraph
  readonly evaluation: FitEvaluation
}
