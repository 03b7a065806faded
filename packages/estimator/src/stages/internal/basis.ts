/** From dense codes to a basis: they are settled where they ask for it, and unmixed. */
import type { Unmixed } from '@mechid/unmixing'
import * as E from 'fp-ts/lib/Either.js'
import type { EstimatorError } from '../../errors.js'
import type { Model } from '../../model/model.js'
import type { SingleTraining } from '../../training/single-training.js'
import { type StagedTraining, UNCOUNTED } from '../stage.js'
import { type RefinementStart, refinementStart, transitionsStart } from './refinement.js'
import { settleInRounds } from './settling.js'
import type { StageLog } from './stage-log.js'
import { stageCheckpoint } from './train-stage.js'
import { additiveUnmixing, type FirstUnmixing, firstUnmixing, type UnmixedStage } from './unmix-stage.js'

type Outcome<A> = E.Either<EstimatorError, A>

/** What settling left. */
export interface SettledStage {
  readonly model: Model
  /** Whether there was a round that gained anything. */
  readonly settled: boolean
  readonly aborted: boolean
  /** What the codes unmix to if mechanisms are supposed to be additive; undefined where that is decided otherwise. */
  readonly additive: UnmixedStage | undefined
}

/** Settles the codes of the dense model where these do not look additive. */
export const settleStage = async (
  options: StagedTraining,
  log: StageLog,
  dense: Model
): Promise<Outcome<SettledStage>> => {
  const { settling } = options.configuration
  const unmixed = await additiveUnmixing(options, dense, false)
  if (E.isLeft(unmixed)) return unmixed
  const additive = unmixed.right
  if (settling === undefined || additive?.unmixed.additivity.rejected !== true) {
    return E.right({ model: dense, settled: false, aborted: false, additive })
  }
  const folder = (round: number, part: 'chart' | 'dense'): Pick<SingleTraining, 'checkpoint'> =>
    stageCheckpoint(options.checkpoint, part === 'chart' ? `settle ${round}` : `settle dense ${round}`)
  const done = await settleInRounds(
    {
      ...options,
      settling,
      folder,
      onProgress: (progress) => options.onProgress?.({ ...UNCOUNTED, ...progress, stage: 'settle' })
    },
    dense
  )
  if (E.isLeft(done)) return done
  const { model, rounds, aborted } = done.right
  log.add('settle', model, { settled: rounds })
  if (aborted || rounds.length === 0) return E.right({ model, settled: false, aborted, additive })
  const precise = await additiveUnmixing(options, model, true)
  return E.map((again: UnmixedStage | undefined) => ({
    model,
    settled: true,
    aborted,
    additive: again
  }))(precise)
}

interface BasisStage extends RefinementStart, Pick<FirstUnmixing, 'interacting'> {
  readonly unmixed: Unmixed
  /** Whether refinement ends the training: codes stay as they are, so that there is nothing to unmix again. */
  readonly last: boolean
}

/** Unmixes the codes, and says where refinement starts. */
export const basisStage = async (
  options: StagedTraining,
  log: StageLog,
  { model, settled, additive }: SettledStage
): Promise<Outcome<BasisStage>> => {
  const unmixing = await firstUnmixing(options, model, settled, additive)
  if (E.isLeft(unmixing)) return unmixing
  const { first, interacting } = unmixing.right
  const { unmixed } = first
  const last = first === interacting
  const start = (last ? transitionsStart : refinementStart)(options, model, first)
  if (E.isLeft(start)) return start
  const { configuration, initial: parameters } = start.right
  log.add('unmix', { shape: model.shape, configuration, parameters }, { unmixed, graph: unmixed.graph })
  return E.right({ ...start.right, unmixed, last, ...(interacting === undefined ? {} : { interacting }) })
}
