/** A training in stages: precise codes first, then the basis, then the graph. */
import type { UnmixOptions } from '@mechid/unmixing'
import type { Configuration } from './configuration.js'

/** How long and how fast a stage learns. */
export type DistillationSchedule = Pick<
  Configuration,
  'steps' | 'batch' | 'learningRate' | 'warmup' | 'decayFrom' | 'finalRate'
>

/** How codes are straightened. */
export interface Straightening {
  /** How often chart, decoder and encoder are learned. */
  readonly rounds: number
  /** Number of examples that they are learned from. */
  readonly examples: number
  /** Hidden units of the chart, and steps of its training. */
  readonly width: number
  readonly steps: number
  /** The schedule by which encoder and decoder learn the straightened latents. */
  readonly distillation: DistillationSchedule
}

/** How the model is refined in the basis that unmixing found. */
export interface Refinement {
  readonly steps: number
  readonly batch: number
  readonly learningRate: number
  readonly warmup: number
  readonly decayFrom: number
  readonly finalRate: number
  /**
   * What changes where interactions explain too much for additive mechanisms: the stage then learns gates on networks, in
   * the basis that was found.
   */
  readonly networks: Pick<Configuration, 'transition' | 'gates' | 'gateEntropy' | 'sparsity'>
}

/** How codes become straight enough by the encoder's posteriors: longer stages, and for sequences straightening. */
export interface WithoutSharpening {
  /** How many times the steps of `dense` and of `refinement`. */
  readonly dense: number
  readonly refinement: number
  /** Examples in a batch of refinement. */
  readonly batch: number
  readonly straightening?: Straightening
}

/**
 * Stages of one training: `dense` learns codes with every edge open; `sharpening` makes them straighter; `unmixing` finds latents, graph and transitions in
 * these codes; `refinement` goes on from there with the edges that were found. The codes are unmixed once more at the end.
 */
export interface StagedConfiguration {
  readonly dense: Configuration
  /** Number of examples whose codes are unmixed. */
  readonly codes: number
  /**
   * How long and how fast the dense training goes on with precise posteriors (`posterior` of `Configuration`), which all later stages keep. Absent: it does not, and
   * no stage has them but where `dense` says so.
   */
  readonly sharpening?: DistillationSchedule
  /** What takes the place of sharpening where posteriors cannot be precise, as for frames (`withFrames`). */
  readonly withoutSharpening?: WithoutSharpening
  readonly unmixing: Omit<UnmixOptions, 'seed' | 'onProgress' | 'signal'>
  readonly refinement: Refinement
  /** Absent: no straightening. There is none either where `unmixing` supposes sparse mechanisms, or codes do not look additive. */
  readonly straightening?: Straightening
}

/** How the dense training goes on with precise posteriors. */
export const sharpened = (dense: Configuration, sharpening: DistillationSchedule): Configuration => ({
  ...dense,
  ...sharpening,
  posterior: 'precise'
})

/** What `train` takes as its configuration. */
export type Recipe = Configuration | StagedConfiguration

/** Whether a recipe has stages. */
export const isStaged = (recipe: Recipe): recipe is StagedConfiguration => 'dense' in recipe

/** Training steps in all. Those of straightening are not counted. */
export const recipeSteps = (recipe: Recipe): number =>
  isStaged(recipe)
    ? recipe.dense.steps + (recipe.sharpening?.steps ?? 0) + recipe.refinement.steps
    : recipe.steps
