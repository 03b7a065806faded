/** Whether variances depend on causes: as the command line says, or as held-out rows do. */
import type { Engine } from '@mechid/engine'
import {
  chooseVariance,
  type Recipe,
  recipeSteps,
  type VarianceChoice,
  varianceOf,
  withVariance
} from '@mechid/estimator'
import { interruptible, orInterrupted, type ProgressBar, progressBar, say } from '@mechid/example-terminal'
import type { ExampleSource } from '@mechid/values'
import { decidedOnce, ON_RESUME, type Pilots, pilotRun } from './pilots.js'

/** What `--variance` may be. */
export const varianceChoices = ['auto', 'constant', 'depends'] as const

/** Shorter trainings, and fewer rows, cannot say. */
const LEAST_STEPS = 2000
const LEAST_ROWS = 500

/** What was chosen, and by how much. */
export const varianceSentence = ({ variance, gain, needed }: VarianceChoice): string => {
  const nats = `${Math.abs(gain).toFixed(2)} nats ${gain > 0 ? 'likelier' : 'less likely'}`
  const where = 'where variances depend on causes'
  return variance === 'depends'
    ? `Variances depend on causes: rows held out of two short trainings are ${nats} ${where} (${needed.toFixed(1)} would do).`
    : `Variances are constant: rows held out of two short trainings are ${nats} ${where} (at least ${needed.toFixed(1)} likelier would count).`
}

interface VarianceRun {
  readonly source: ExampleSource
  readonly latents: number
  readonly engine: Engine
  readonly seed: number
}

/** What was decided; by how much, where there were trainings for it. */
type Decision = Pick<VarianceChoice, 'variance'> & Partial<VarianceChoice>

const isDecision = (kept: object): kept is Decision => {
  const { variance } = kept as Partial<Decision>
  return variance === 'constant' || variance === 'depends'
}

/** Trains twice, shortly, and says what came of it. */
const decide = async (
  recipe: Recipe,
  { source, latents, engine, seed }: VarianceRun,
  pilots: Pilots
): Promise<Decision> => {
  if (recipeSteps(recipe) < LEAST_STEPS || source.examples < LEAST_ROWS)
    return { variance: varianceOf(recipe) }
  say('Two short trainings tell whether variances depend on causes; --variance spares them.')
  let bar: ProgressBar | undefined
  const found = await interruptible(
    (signal) =>
      chooseVariance(source, {
        latents,
        configuration: recipe,
        engine,
        seed,
        signal,
        ...pilotRun(pilots),
        onProgress: ({ step, steps }) => {
          bar ??= progressBar('variances', steps)
          bar.update(step, {})
        }
      })(),
    () => bar?.stop()
  )
  return orInterrupted(found, ON_RESUME)
}

const isWhole = (decision: Decision): decision is VarianceChoice => decision.gain !== undefined

/**
 * The recipe with the variances that were asked for; `auto` trains twice, shortly, and says what came of it. A run that is
 * gone on from keeps what it had, however many steps it now has.
 */
export const recipeWithVariance = async (
  wanted: string,
  recipe: Recipe,
  run: VarianceRun,
  pilots: Pilots
): Promise<Recipe> => {
  if (wanted === 'constant' || wanted === 'depends') return withVariance(recipe, wanted)
  const basis = { ...pilots.basis, latents: run.latents }
  const decision = await decidedOnce('variance.json', { ...pilots, basis }, isDecision, () =>
    decide(recipe, run, pilots)
  )
  if (isWhole(decision)) say(varianceSentence(decision))
  return withVariance(recipe, decision.variance)
}
