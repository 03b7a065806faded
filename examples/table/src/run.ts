/** One problem with one seed: trained and scored. */
import { existsSync } from 'node:fs'
import type { Engine } from '@mechid/engine'
import { edgeCount, hiddenActions } from '@mechid/evaluation'
import { lastUnmixed, problemExperiment, publishedFigure, runExperiment } from '@mechid/example-terminal'
import { causalGraph, type Kernel } from '@mechid/mechanisms'
import type { RunRecord, Settings } from './records.js'

/** Steps between two checkpoints. */
const CHECKPOINT_EVERY = 500

/** Trains and scores. `folder` keeps checkpoints; if it exists, the run resumes from there. */
export const runOnce = async (
  kernel: Kernel,
  settings: Settings,
  engine: Engine,
  folder: string
): Promise<RunRecord> => {
  const { latents, rows, seed, problem, method, steps } = settings
  const resumed = existsSync(folder)
  const { comparison, evaluation, trained } = await runExperiment(
    problemExperiment(kernel, {
      preset: method,
      steps: steps ?? undefined,
      rows,
      engine,
      seed,
      checkpoint: { directory: folder, every: CHECKPOINT_EVERY }
    })
  )
  const { edges, possible } = edgeCount(causalGraph(kernel))
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
