/** Trains, and tells as it goes. */
import type { Engine } from '@mechid/engine'
import { type Progress, recipeSteps, type StagedConfiguration, type Trained, train } from '@mechid/estimator'
import type { ExampleSource } from '@mechid/values'
import type * as E from 'fp-ts/lib/Either.js'
import type { CurvePoint, TrainingProgress } from '../messages.js'

export interface FitOptions {
  readonly source: ExampleSource
  readonly latents: number
  readonly recipe: StagedConfiguration
  readonly engine: Engine
  readonly seed: number
  readonly onProgress: (progress: TrainingProgress) => void
}

/** Milliseconds between two messages. */
const PAUSE = 150

const stageWords: Readonly<Record<string, string>> = {
  dense: 'learning codes',
  unmix: 'unmixing the codes',
  refine: 'refining graph and codes',
  'unmix again': 'unmixing once more',
  'refine again': 'refining once more'
}

interface Reporter {
  readonly listen: (progress: Progress) => void
  /** Passes on what has been gathered since the last message. */
  readonly flush: () => void
}

/** Gathers steps, and passes them on now and then. */
const reporter = ({ recipe, onProgress }: FitOptions): Reporter => {
  const all = recipeSteps(recipe)
  let points: CurvePoint[] = []
  let trained = 0
  let last = Number.NEGATIVE_INFINITY
  let latest: Omit<TrainingProgress, 'points' | 'done'> | undefined
  const flush = (): void => {
    if (latest === undefined) return
    last = performance.now()
    onProgress({ ...latest, done: Math.min(1, trained / all), points })
    points = []
  }
  return {
    flush,
    listen: ({ stage = 'dense', what, step, steps, loss, edges }) => {
      // Stages count their own steps; curves go on from one to the next.
      if (what === undefined) points.push({ step: ++trained, loss, edges })
      const words = stageWords[stage] ?? stage
      latest = { stage: what === undefined ? words : `${words}: ${what}`, step, steps }
      if (performance.now() - last >= PAUSE) flush()
    }
  }
}

/** Errors: those of `train`. */
export const fit = async (options: FitOptions): Promise<E.Either<{ readonly message: string }, Trained>> => {
  const { source, latents, recipe, engine, seed } = options
  const { listen, flush } = reporter(options)
  const trained = await train(source, {
    latents,
    configuration: recipe,
    engine,
    seed,
    onProgress: listen
  })()
  flush()
  return trained
}
