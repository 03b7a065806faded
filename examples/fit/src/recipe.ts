/** The training that a command line asks for, fitted to how much data there is. */
import {
  type Configuration,
  checkTraining,
  type FrameNetworks,
  type FrameSize,
  frameNetworks,
  isStaged,
  preset,
  type Recipe,
  withFrames,
  withSteps
} from '@mechid/estimator'
import { failWith } from '@mechid/example-terminal'
import type { ExampleSource } from '@mechid/values'
import { orRefuse } from './refusals.js'

export interface RecipeOptions {
  readonly preset: string
  readonly latents: number
  readonly edges: number | undefined
  readonly steps: number | undefined
  readonly batch: number | undefined
  readonly rate: number | undefined
  /** Where observations are frames: their size, and filters in place of the usual ones, `8,16,32`. */
  readonly frames: FrameSize | undefined
  readonly filters: string | undefined
}

const LEAST_BATCH = 8

/** At most half of the examples, a power of two. */
const affordable = (batch: number, examples: number): number =>
  Math.min(batch, Math.max(LEAST_BATCH, 2 ** Math.floor(Math.log2(Math.max(1, examples / 2)))))

/** Changes batch and learning rate wherever a recipe states them. */
const changed = (
  recipe: Recipe,
  batch: (usual: number) => number,
  rate: (usual: number) => number
): Recipe => {
  const of = <A extends Pick<Configuration, 'batch' | 'learningRate'>>(stage: A): A => ({
    ...stage,
    batch: batch(stage.batch),
    learningRate: rate(stage.learningRate)
  })
  if (!isStaged(recipe)) return of(recipe)
  const { dense, sharpening, refinement, straightening } = recipe
  return {
    ...recipe,
    dense: of(dense),
    ...(sharpening === undefined ? {} : { sharpening: of(sharpening) }),
    refinement: of(refinement),
    ...(straightening === undefined
      ? {}
      : { straightening: { ...straightening, distillation: of(straightening.distillation) } })
  }
}

/** Convolutions for frames: the usual ones for their size, or with the filters that someone states. */
const networksFor = (frames: FrameSize, filters: string | undefined): FrameNetworks => {
  const usual = frameNetworks(frames)
  return filters === undefined ? usual : { ...usual, filters: filters.split(',').map(Number) }
}

const FRAME_BATCH = 64
/** Gates keep the rate that they have for plain features, 5e-3. */
const FRAME_GATE_RATE = 2.5
/** At the usual 5e-3, a training in trials left the finite numbers. */
const FRAME_SCHEDULE = { learningRate: 2e-3, decayFrom: 0.3 } as const

/**
 * What differs for frames. Codes take longer to tell where things are, so dense stages are twice as long, and edges are
 * weighed later; filters and layers learn much faster by Muon; a batch has fewer examples, each of which is many numbers.
 */
const framed = (recipe: Recipe, frames: FrameSize, filters: string | undefined): Recipe => {
  const networks = withFrames(recipe, networksFor(frames, filters))
  if (isStaged(networks)) {
    const { dense, refinement } = networks
    return {
      ...networks,
      dense: { ...dense, ...FRAME_SCHEDULE, steps: 2 * dense.steps, batch: FRAME_BATCH },
      refinement: { ...refinement, batch: FRAME_BATCH }
    }
  }
  if (networks.gates !== 'local-expectation') return networks
  const { sparsity, gateEntropy } = networks
  return {
    ...networks,
    optimizer: { _tag: 'Muon', matrixRate: 4 },
    batch: FRAME_BATCH,
    ...FRAME_SCHEDULE,
    gateRate: FRAME_GATE_RATE,
    sparsity:
      sparsity._tag === 'Constraint' || sparsity._tag === 'Penalty'
        ? { ...sparsity, from: 0.4, to: 0.7 }
        : sparsity,
    ...(gateEntropy === undefined ? {} : { gateEntropy: { ...gateEntropy, until: 0.8 } })
  }
}

/** From here on codes are many enough for unmixing, which takes 512, and for a part of them that is held out. */
const ENOUGH_FOR_STAGES = 1024

/** The preset that `auto` stands for, where `examples` are trained on. Edges found in stages are far better wherever they can be. */
export const presetOf = (name: string, examples: number): string =>
  name !== 'auto' ? name : examples < ENOUGH_FOR_STAGES ? 'gated' : 'fast'

/** The recipe, checked, or the end of the program. */
export const recipeFor = (source: ExampleSource, options: RecipeOptions): Recipe => {
  const { features, actions, temporal, examples } = source
  const { latents, edges, steps, batch, rate } = options
  const recipe = orRefuse(
    preset(presetOf(options.preset, examples), { latents, features, actions, temporal }, edges),
    batch
  )
  const { frames, filters } = options
  if (frames === undefined && filters !== undefined)
    failWith('--filters are for frames, and these observations are none', 2)
  const suited = frames === undefined ? recipe : framed(recipe, frames, filters)
  const timed = steps === undefined ? suited : withSteps(suited, steps)
  const sized = changed(
    timed,
    (usual) => batch ?? affordable(usual, examples),
    (usual) => rate ?? usual
  )
  return orRefuse(checkTraining(source, latents, sized), batch)
}
