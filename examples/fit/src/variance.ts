/** Whether variances depend on causes: as the command line says, or as held-out rows do. */
import type { Engine } from '@mechid/engine'
import {
  chooseVariance,
  type Recipe,
  recipeSteps,
  type VarianceChoice,
  withVariance
} from '@mechid/estimator'
import { interruptible, orInterrupted, type ProgressBar, progressBar, say } from '@mechid/example-terminal'
import type { ExampleSource } from '@mechid/values'

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

/** The recipe with the variances that were asked for; `auto` trains twice, shortly, and says what came of it. */
export const recipeWithVariance = async (
  wanted: string,
  recipe: Recipe,
  run: {
    readonly source: ExampleSource
    readonly latents: number
    readonly engine: Engine
    readonly seed: number
  }
): Promise<Recipe> => {
  if (wanted === 'constant' || wanted === 'depends') return withVariance(recipe, wanted)
  const { source, latents, engine, seed } = run
  if (recipeSteps(recipe) < LEAST_STEPS || source.examples < LEAST_ROWS) return recipe
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
        onProgress: ({ step, steps }) => {
          bar ??= progressBar('variances', steps)
          bar.update(step, {})
        }
      })(),
    () => bar?.stop()
  )
  const choice = orInterrupted(found)
  say(varianceSentence(choice))
  return withVariance(recipe, choice.variance)
}
