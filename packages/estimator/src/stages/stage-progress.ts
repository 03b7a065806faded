/** What stages tell while they run. */
import type { UnmixProgress } from '@mechid/unmixing'

/** What a stage counts, where it is not steps of a training. */
export type Counted = UnmixProgress['what'] | 'codes sharpened' | 'steps of a chart'

export interface StageProgress {
  /** What `step` counts; steps of a training where it is absent. */
  readonly what?: Counted
  readonly step: number
  readonly steps: number
  /** NaN where something is counted. */
  readonly loss: number
}
