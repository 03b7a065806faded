/** What stages of a training are told, what they tell while they run, and what they come to. */
import type { Unmixed, UnmixProgress } from '@mechid/unmixing'
import type { CausalGraph } from '@mechid/values'
import type { StagedConfiguration } from '../configuration/staged-configuration.js'
import type { Model } from '../model/model.js'
import type { SingleTraining, StepProgress } from '../training/single-training.js'

export type StageName =
  | 'dense'
  | 'sharpen'
  | 'unmix'
  | 'refine'
  | 'straighten'
  | 'unmix again'
  | 'refine again'

/** What a stage counts, where it does not count steps of a training. */
export type Counted = UnmixProgress['what'] | 'codes sharpened' | 'steps of a chart'

export interface StageProgress {
  /** What `step` counts. Absent: steps of a training. */
  readonly what?: Counted
  readonly step: number
  readonly steps: number
  /** NaN where something is counted. */
  readonly loss: number
}

/** What a listener is told of numbers that a stage does not have. */
export const UNCOUNTED = { loss: Number.NaN, edges: Number.NaN, bound: Number.NaN }

/** What a stage came to. */
export interface StageResult {
  readonly name: StageName
  readonly model: Model
  readonly seconds: number
  /** What unmixing answered, and its graph with latents in the order of the model's. Of stages that unmix. */
  readonly unmixed?: Unmixed
  readonly graph?: CausalGraph
  /** Log-likelihood of held-out codes before and after each round, in nats a row. Of straightening. */
  readonly straightened?: ReadonlyArray<{ readonly before: number; readonly after: number }>
}

export interface StagedTraining extends Omit<SingleTraining, 'configuration' | 'initial' | 'onProgress'> {
  readonly configuration: StagedConfiguration
  /** `what`: what is counted. Absent: steps of a training. */
  readonly onProgress?: (
    progress: StepProgress & {
      readonly stage: StageName
      readonly what?: Counted
    }
  ) => void
}
