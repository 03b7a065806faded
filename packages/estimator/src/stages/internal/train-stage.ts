/** A stage of a training in stages that is a training itself, with a checkpoint of its own. */
import type * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type EstimatorError, inStage } from '../../errors.js'
import { forgetCheckpoint, stageFolder, stagesIn } from '../../training/checkpoint-folder.js'
import { type SingleTraining, type TrainedOnce, trainOnce } from '../../training/single-training.js'
import type { StagedTraining, StageName } from '../stage.js'

/** Where a stage keeps its state. */
export const stageCheckpoint = (
  checkpoint: StagedTraining['checkpoint'],
  stage: string
): Pick<SingleTraining, 'checkpoint'> =>
  checkpoint === undefined
    ? {}
    : { checkpoint: { ...checkpoint, directory: stageFolder(checkpoint.directory, stage) } }

/** Stages that start from what a stage before them came to. */
const LATER: Readonly<Partial<Record<StageName, RegExp>>> = {
  dense: /^(sharpen|refine|refine again|straighten \d+)$/,
  sharpen: /^(refine|refine again|straighten \d+)$/,
  refine: /^(refine again|straighten \d+)$/
}

/** Where a stage goes on longer, those after it start anew: their checkpoints are of another start. */
const forgetLater = (checkpoint: StagedTraining['checkpoint'], stage: StageName): void => {
  const later = LATER[stage]
  if (checkpoint === undefined || later === undefined) return
  for (const name of stagesIn(checkpoint.directory))
    if (later.test(name)) forgetCheckpoint(stageFolder(checkpoint.directory, name))
}

/** A stage that trains. */
export const trainStage = (
  { onProgress, onLengthened, ...options }: StagedTraining,
  stage: StageName,
  start: Pick<SingleTraining, 'configuration' | 'initial'>
): Promise<E.Either<EstimatorError, TrainedOnce>> =>
  pipe(
    trainOnce({
      ...options,
      ...start,
      ...stageCheckpoint(options.checkpoint, stage),
      onLengthened: (before) => {
        forgetLater(options.checkpoint, stage)
        onLengthened?.(before)
      },
      onProgress: (progress) => onProgress?.({ ...progress, stage })
    }),
    TE.mapLeft((error) => inStage(stage, error))
  )()
