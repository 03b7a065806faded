/** How many latents a published problem seems to have, by its observations alone. */
import { rmSync } from 'node:fs'
import type { Engine } from '@mechid/engine'
import type { Kernel } from '@mechid/mechanisms'
import { exampleSource } from '@mechid/simulators'
import { experimentData } from './experiment.js'
import { type LatentRange, latentsChosen } from './latent-choice.js'
import { orFail } from './output.js'
import { type ProblemOptions, problemExperiment } from './problem-experiment.js'

/** The share of the rows to train on that the choice holds out; those that scores are of stay unseen. */
const HELD_OUT = 0.1

/** Steps between two checkpoints. */
const CHECKPOINT_EVERY = 250

export interface ProblemChoice extends Pick<ProblemOptions, 'rows' | 'seed' | 'steps'> {
  readonly engine: Engine
  /** Keeps the state of the trainings until the choice is made. */
  readonly folder: string
}

/** The number of latents of the range that data of this kernel speak for. `steps`: those of the whole training, which trials follow. */
export const problemLatents = async (
  kernel: Kernel,
  range: LatentRange,
  { rows, seed, steps, engine, folder }: ProblemChoice
): Promise<number> => {
  const experimentWith = (latents: number) =>
    problemExperiment(kernel, { preset: 'fast', rows, seed, steps, engine, bound: 'auto', latents })
  const { data, train } = orFail(experimentData(experimentWith(range.most)))
  const cut = Math.floor((1 - HELD_OUT) * train.length)
  const { latents } = await latentsChosen(
    exampleSource(data, train.subarray(0, cut)),
    exampleSource(data, train.subarray(cut)),
    range,
    {
      engine,
      seed,
      recipe: (latents) => experimentWith(latents).configuration,
      checkpoint: { directory: folder, every: CHECKPOINT_EVERY },
      resume: true
    },
    '; the same command goes on from here'
  )
  rmSync(folder, { recursive: true, force: true })
  return latents
}
