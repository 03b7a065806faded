/** The stages of a training that are done. */
import type { Model } from '../../model/model.js'
import type { TrainedOnce } from '../../training/single-training.js'
import type { StageName, StageResult } from '../stage.js'

export interface TrainedInStages extends TrainedOnce {
  readonly stages: readonly StageResult[]
}

const now = (): number => performance.now()

/** The stages that are done, each with the time since the one before. */
export interface StageLog {
  readonly add: (
    name: StageName,
    model: Model,
    of?: Pick<StageResult, 'unmixed' | 'graph' | 'straightened'>
  ) => void
  /** What the training came to, where `last` is what trained last. */
  readonly ended: (last: TrainedOnce) => TrainedInStages
}

export const stageLog = (): StageLog => {
  const since = now()
  const stages: StageResult[] = []
  let stageStart = since
  return {
    add: (name, model, of) => {
      stages.push({ name, model, seconds: (now() - stageStart) / 1000, ...of })
      stageStart = now()
    },
    ended: (last) => ({
      ...last,
      model: stages[stages.length - 1].model,
      seconds: (now() - since) / 1000,
      stages
    })
  }
}
