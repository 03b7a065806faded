/** One problem, one seed. */
import { existsSync } from 'node:fs'
import type { Engine } from '@mechid/engine'
import { preset, withSteps } from '@mechid/estimator'
import { edgeCount, hiddenActions } from '@mechid/evaluation'
import { lastUnmixed, orFail, publishedFigure, runExperiment, withStarts } from '@mechid/example-terminal'
import { causalGraph, type Kernel } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { nnMixing } from '@mechid/simulators'
import { orThrow } from '@mechid/values'
import type { RunRecord, Settings } from './records.js'

const TEST_SHARE = 1 / 12
/** Steps between two checkpoints. */
const CHECKPOINT_EVERY = 500

/** Trains and scores; `folder` keeps the checkpoints of an interrupted run. */
export const runOnce = async (
  kernel: Kernel,
  settings: Settings,
  engine: Engine,
  folder: string
): Promise<RunRecord> => {
  const { latents, rows, seed, problem, method } = settings
  const features = 2 * latents
  const { edges, possible } = edgeCount(causalGraph(kernel))
  const shape = { latents, features, actions: kernel.actions, temporal: kernel.lags > 0 }
  const recipe = withStarts(orFail(preset(method, shape, edges)), kernel)
  const configuration = settings.steps === null ? recipe : withSteps(recipe, settings.steps)
  const mixing = orThrow(nnMixing({ latents, features, random: generator(seed).split('mixing') }))
  const resumed = existsSync(folder)
  const checkpoint = { directory: folder, every: CHECKPOINT_EVERY }
  const outcome = await runExperiment({
    kernel,
    mixing,
    rows,
    testShare: TEST_SHARE,
    engine,
    configuration,
    seed,
    checkpoint
  })
  const { comparison, evaluation, trained } = outcome
  const unmixed = lastUnmixed(trained)
  const hypothesis =
    unmixed === undefined || unmixed.hypothesis === 'sparse'
      ? 'sparse'
      : `additive${unmixed.additivity.rejected ? ', rejected' : ''}`
  return {
    ...settings,
    prediction: evaluation.theory?.promise ?? 'not sufficient',
    hidden: hiddenActions(kernel).reduce((sum, { hidden }) => sum + hidden, 0),
    mcc: comparison.mcc.value,
    rCon: comparison.rCon?.value ?? null,
    r: comparison.r.value,
    rFloor: comparison.floor ?? null,
    kernelRCon: comparison.kernelRCon?.value ?? null,
    shd: comparison.graph?.shd ?? null,
    edges,
    possible,
    seconds: trained.seconds,
    resumed,
    hypothesis,
    published: publishedFigure(problem, latents) ?? null
  }
}
