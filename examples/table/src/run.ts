/** One problem with one seed and one method: trained and scored. */
import { existsSync } from 'node:fs'
import type { Engine } from '@mechid/engine'
import { evaluate } from '@mechid/evaluation'
import {
  experimentOf,
  failWith,
  orFail,
  type RunRecord,
  recordOf,
  runOnce,
  type Settings
} from '@mechid/example-terminal'
import type { Kernel } from '@mechid/mechanisms'
import { methodCalled } from './methods.js'
import { publishedBaseline } from './published-baselines.js'
import { runBaseline } from './run-baseline.js'

/** Trains and scores. `folder` keeps checkpoints; if it exists, the run resumes from there. */
export const runMethod = async (
  kernel: Kernel,
  settings: Settings,
  engine: Engine,
  folder: string
): Promise<RunRecord> => {
  const method = methodCalled(settings.method)
  if (method._tag === 'Preset') return runOnce(kernel, settings, engine, folder)
  const resumed = existsSync(folder)
  const experiment = orFail(experimentOf(kernel, { ...settings, method: 'fast' }, engine, folder))
  const { z, zHat, seconds, note } = await runBaseline(method, experiment, settings.steps)
  const evaluation = orFail(evaluate({ z, zHat, graph: kernel }))
  return recordOf(kernel, settings, {
    evaluation,
    comparison: evaluation.comparison ?? failWith('the simulation has no latents'),
    seconds,
    resumed,
    hypothesis: 'none',
    published: publishedBaseline(settings.problem, settings.method, settings.latents) ?? null,
    ...(note === undefined ? {} : { note })
  })
}
