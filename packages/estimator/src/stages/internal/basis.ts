/** From codes to a basis. */
import type { Unmixed } from '@mechid/unmixing'
import * as E from 'fp-ts/lib/Either.js'
import type { EstimatorError } from '../../errors.js'
import type { Model } from '../../model/model.js'
import type { StagedTraining } from '../stage.js'
import { type RefinementStart, refinementStart } from './refinement.js'
import type { StageLog } from './stage-log.js'
import { firstUnmixing } from './unmix-stage.js'

interface BasisStage extends RefinementStart {
  readonly unmixed: Unmixed
}

/** Unmixes the codes, and says where refinement starts. */
export const basisStage = async (
  options: StagedTraining,
  log: StageLog,
  model: Model
): Promise<E.Either<EstimatorError, BasisStage>> => {
  const first = await firstUnmixing(options, model)
  if (E.isLeft(first)) return first
  const { unmixed } = first.right
  const start = refinementStart(options, model, first.right)
  if (E.isLeft(start)) return start
  const { configuration, initial: parameters } = start.right
  log.add('unmix', { shape: model.shape, configuration, parameters }, { unmixed, graph: unmixed.graph })
  return E.right({ ...start.right, unmixed })
}
