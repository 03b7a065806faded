/** Whether variances depend on causes: what examples that short trainings did not see say. */
import type { Engine } from '@mechid/engine'
import { generator } from '@mechid/random'
import { aborted, type ExampleSource, tooFewRows } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Configuration } from '../configuration/configuration.js'
import { isStaged, type Recipe, recipeSteps } from '../configuration/staged-configuration.js'
import { type TransitionVariance, withVariance } from '../configuration/variance.js'
import type { EstimatorError } from '../errors.js'
import { heldOutObjective } from '../objective/held-out-objective.js'
import { stageFolder } from './checkpoint-folder.js'
import { type SingleTraining, trainOnce } from './single-training.js'

/** `checkpoint` and `resume`: as of `train`; each of the two trainings has a folder of its own in that of `checkpoint`. */
export interface VarianceChoiceOptions extends Pick<SingleTraining, 'signal' | 'checkpoint' | 'resume'> {
  readonly latents: number
  /** The training that the choice is for. */
  readonly configuration: Recipe
  readonly engine: Engine
  readonly seed: number
  /** Steps of each of the two trainings; 600, or a tenth of those of the recipe if that is fewer. */
  readonly steps?: number
  /** Steps done in both trainings together. */
  readonly onProgress?: (progress: { readonly step: number; readonly steps: number }) => void
}

export interface VarianceChoice {
  readonly variance: TransitionVariance
  /** Nats an example by which examples held out of the training are likelier with variances that depend on causes. */
  readonly gain: number
  /** What they had to gain. */
  readonly needed: number
}

/** Steps after which the two differ where they will. */
const STEPS = 600
const SHARE_OF_STEPS = 0.1
const HELD_OUT = 10
/** Examples that are held out, at most and at least. */
const MOST_HELD_OUT = 4096
const LEAST_HELD_OUT = 16
/**
 * Nats a latent that a variance which depends on causes must be worth. Codes of a short training are bent, and bends differ
 * from one action to another, which looks as if variances did.
 */
const NEEDED = 0.2

/** Some examples of a source. */
const chosen = (source: ExampleSource, indices: Int32Array): ExampleSource => ({
  ...source,
  examples: indices.length,
  order: (random) => random.permutation(indices.length),
  gather: (rows, x, a) =>
    source.gather(
      rows.map((row) => indices[row]),
      x,
      a
    )
})

/** The kinds of variance that are tried, in this order. */
const TRIED = ['constant', 'depends'] as const

/** How each of the two trainings is run: with a folder of its own in that of `checkpoint`, `variance constant`, `variance depends`. */
const runOf = (
  { signal, checkpoint, resume }: VarianceChoiceOptions,
  variance: TransitionVariance
): Pick<SingleTraining, 'signal' | 'checkpoint' | 'resume'> => ({
  ...(signal === undefined ? {} : { signal }),
  ...(resume === undefined ? {} : { resume }),
  ...(checkpoint === undefined
    ? {}
    : { checkpoint: { ...checkpoint, directory: stageFolder(checkpoint.directory, `variance ${variance}`) } })
})

/** The start of the training with every edge open, since edges are decided later. */
const pilotOf = (recipe: Recipe, variance: TransitionVariance, steps: number): Configuration => {
  const { gateEntropy: _, ...first } = isStaged(recipe) ? recipe.dense : recipe
  return {
    ...withVariance(first as Configuration, variance),
    gates: 'soft',
    sparsity: { _tag: 'Dense' },
    steps
  }
}

/**
 * Whether a training should let variances depend on causes. Two short trainings with every edge open, one of each kind,
 * are compared by their objective on a tenth of the examples, which neither sees.
 *
 * When to use it: before `train`, where you do not know whether actions change means or variances; then
 * `withVariance(recipe, choice.variance)`. Data whose variances change give wrong latents, and no edge, under constant ones.
 *
 * With a `checkpoint`, what was aborted or killed goes on where it stopped (`resume`), and comes to the same choice.
 *
 * Errors: those of `train`, `Aborted`, and `TooFewRows` where there are not 160 examples.
 */
export const chooseVariance =
  (data: ExampleSource, options: VarianceChoiceOptions): TaskEither<EstimatorError, VarianceChoice> =>
  async () => {
    const { latents, configuration: recipe, engine, seed, onProgress } = options
    const held = Math.min(MOST_HELD_OUT, Math.floor(data.examples / HELD_OUT))
    if (held < LEAST_HELD_OUT)
      return E.left(tooFewRows('chooseVariance', data.examples, LEAST_HELD_OUT * HELD_OUT))
    const order = generator(seed).split('variance').permutation(data.examples) as Int32Array
    const [unseen, seen] = [chosen(data, order.slice(0, held)), chosen(data, order.slice(held))]
    const steps =
      options.steps ?? Math.max(1, Math.min(STEPS, Math.round(SHARE_OF_STEPS * recipeSteps(recipe))))
    const objectives: number[] = []
    for (const [k, variance] of TRIED.entries()) {
      const configuration = pilotOf(recipe, variance, steps)
      const trained = await trainOnce({
        data: seen,
        latents,
        configuration: { ...configuration, batch: Math.min(configuration.batch, seen.examples) },
        engine,
        seed,
        ...runOf(options, variance),
        onProgress: ({ step }) => onProgress?.({ step: k * steps + step, steps: 2 * steps })
      })()
      if (E.isLeft(trained)) return trained
      if (trained.right.aborted) return E.left(aborted('chooseVariance'))
      const judged = await heldOutObjective(engine, trained.right.model, unseen)()
      if (E.isLeft(judged)) return judged
      objectives.push(judged.right.negativeElbo)
    }
    const gain = objectives[0] - objectives[1]
    const needed = NEEDED * latents
    return E.right({ variance: gain > needed ? 'depends' : 'constant', gain, needed })
  }
