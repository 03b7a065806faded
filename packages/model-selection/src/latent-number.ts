/** How many latents do the data hold? Trained with more than enough, some stay unused; with fewer, data get less likely. */
import type { Engine } from '@mechid/engine'
import { heldOutObjective, preset, type Recipe, type TrainingOptions, train } from '@mechid/estimator'
import { aborted, type ExampleSource, invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { leastStraightness } from './decoded-paths.js'
import type { ModelSelectionError } from './errors.js'
import { type LatentNumber, latentNumber, nextNumber, type Trial } from './latent-number-answer.js'
import { trialRecipe } from './trial-recipe.js'

/** What a listener is told after each step. */
export interface LatentNumberProgress {
  /** The number of latents that is being tried. */
  readonly latents: number
  /** The first start with this number, or the second one, from other weights. */
  readonly start: 1 | 2
  readonly step: number
  readonly steps: number
  /** Negative ELBO per example and feature, in nats. */
  readonly loss: number
}

/** `checkpoint` and `resume`: as of `train`; each training has a folder of its own in that of `checkpoint`. */
export interface LatentNumberOptions
  extends Pick<TrainingOptions, 'seed' | 'signal' | 'checkpoint' | 'resume'> {
  readonly engine: Engine
  /** The numbers that are considered, `least` to `most`; at most as many as features. Default of `least`: 1. */
  readonly least?: number
  readonly most: number
  /**
   * How each number is tried. Of a recipe in stages it is the first one, with networks of at most 64 × 3, batches of at most 256
   * and at most 3,000 steps; frames leave it as it is. Default: the preset `fast`.
   */
  readonly recipe?: (latents: number) => Recipe
  /** A number of latents is enough if no larger one makes an example likelier by more than this, in nats. Default 0.5. */
  readonly margin?: number
  readonly onProgress?: (progress: LatentNumberProgress) => void
}

type Outcome<A> = E.Either<ModelSelectionError, A>

const WHERE = 'chooseLatents'

const wrongRange = (features: number, least: number, most: number): ModelSelectionError | undefined => {
  const whole = Number.isSafeInteger(least) && Number.isSafeInteger(most)
  if (!(whole && least >= 1 && least <= most)) {
    return invalidOption(WHERE, 'least and most', `${least} and ${most}`, 'integers, 1 ≤ least ≤ most')
  }
  return most > features
    ? invalidOption(WHERE, 'most', most, `at most ${features}, the number of features`)
    : undefined
}

/** A seed of its own for the draws of posteriors; the same for every number, so that noise is paired. */
const POSTERIOR_SEED = 1

/** A number of latents, and the first or the second start with it. */
type Attempt = Pick<LatentNumberProgress, 'latents' | 'start'>

/** The seed of a start, and a folder of its own in that of `checkpoint`, such as `8 latents`. */
const runOf = (
  { seed = 1, signal, checkpoint, resume }: LatentNumberOptions,
  { latents, start }: Attempt
): Pick<TrainingOptions, 'seed' | 'signal' | 'checkpoint' | 'resume'> => {
  const folder = `${latents} latents${start === 1 ? '' : ' again'}`
  return {
    seed: seed + start - 1,
    ...(signal === undefined ? {} : { signal }),
    ...(resume === undefined ? {} : { resume }),
    ...(checkpoint === undefined
      ? {}
      : { checkpoint: { ...checkpoint, directory: `${checkpoint.directory}/${folder}` } })
  }
}

const tryNumber = async (
  data: ExampleSource,
  heldOut: ExampleSource,
  attempt: Attempt,
  options: LatentNumberOptions
): Promise<Outcome<Trial>> => {
  const { engine, recipe, onProgress } = options
  const { latents } = attempt
  const { features, actions, temporal } = data
  const sizes = { features, actions, temporal }
  const found: Outcome<Recipe> =
    recipe === undefined ? preset('fast', { ...sizes, latents }) : E.right(recipe(latents))
  if (E.isLeft(found)) return found
  const trained = await train(data, {
    latents,
    configuration: trialRecipe(found.right),
    engine,
    ...runOf(options, attempt),
    onProgress: ({ step, steps, loss }) => onProgress?.({ ...attempt, step, steps, loss })
  })()
  if (E.isLeft(trained)) return trained
  const { model, unused, aborted: stopped } = trained.right
  if (stopped) return E.left(aborted(WHERE))
  const objective = await heldOutObjective(engine, model, heldOut, { posteriorSeed: POSTERIOR_SEED })()
  if (E.isLeft(objective)) return objective
  const { negativeElbo, blocks } = objective.right
  const used = Array.from({ length: latents }, (_, i) => i).filter((i) => !unused.includes(i))
  const straightness = await leastStraightness(engine, model, heldOut, used)
  return E.map(
    (least: number | undefined): Trial => ({
      latents,
      used: used.length,
      heldOut: negativeElbo,
      blocks,
      ...(least === undefined ? {} : { straightness: least })
    })
  )(straightness)
}

/**
 * The number of latents in data, without ground truth. It trains with `most` latents from two starts and counts those in use,
 * then with one fewer than that, and with fewer still where held-out likelihood asks for it: three trainings where all agree. If
 * what is decoded along a latent folds (`straightness`), it may stand for two, and the answer is not decided.
 *
 * When to use it: before `train`, where the number is not known. Theory supposes that it is right: with fewer, latents share
 * a place; with more, some are noise. What noise hides in the observations is not counted, nor is a latent that so long a
 * training (`recipe`) has not yet found.
 *
 * With a `checkpoint`, what was aborted or killed goes on where it stopped (`resume`), and comes to the same choice.
 *
 * `data` and `heldOut` are different examples of the same kind. Errors: `InvalidOption`, `Aborted`, and those of `train` and
 * `heldOutObjective`.
 *
 * @example
 * const { latents, decided } = await orThrow(chooseLatents(training, heldOut, { least: 8, most: 12, engine }))
 */
export const chooseLatents =
  (
    data: ExampleSource,
    heldOut: ExampleSource,
    options: LatentNumberOptions
  ): TaskEither<ModelSelectionError, LatentNumber> =>
  async () => {
    const { least = 1, most, margin = 0.5 } = options
    const wrong = wrongRange(data.features, least, most)
    if (wrong !== undefined) return E.left(wrong)
    if (!(margin >= 0 && Number.isFinite(margin))) {
      return E.left(invalidOption(WHERE, 'margin', margin, 'a number of at least 0'))
    }
    const trials: Trial[] = []
    const answer = (): LatentNumber => latentNumber(trials, least, margin)
    // A training can miss a latent, which a second one from other weights may find. With one number there is nothing to choose.
    const attempts: Attempt[] = (least < most ? ([1, 2] as const) : ([1] as const)).map((start) => ({
      latents: most,
      start
    }))
    for (let attempt = attempts.shift(); attempt !== undefined; attempt = attempts.shift()) {
      const trial = await tryNumber(data, heldOut, attempt, options)
      if (E.isLeft(trial)) return trial
      trials.push(trial.right)
      const next = attempts.length > 0 ? undefined : nextNumber(trials, answer().latents, least)
      if (next !== undefined) attempts.push({ latents: next, start: 1 })
    }
    return E.right(answer())
  }
