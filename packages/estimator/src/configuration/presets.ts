/** Ready recipes: the published one, one that learns gates in far fewer steps, and one in stages. */

import { invalidOption, unknownName } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { EstimatorError } from '../errors.js'
import type { FrameNetworks } from '../networks/frame-networks.js'
import type { Configuration, Sparsity } from './configuration.js'
import { type ModelShape, possibleEdges } from './model-shape.js'
import {
  type DistillationSchedule,
  isStaged,
  type Recipe,
  recipeSteps,
  type StagedConfiguration,
  type WithoutSharpening
} from './staged-configuration.js'

/** The names that `preset` knows. */
export const presetNames = ['fast', 'gated', 'published'] as const
export type PresetName = (typeof presetNames)[number]

/** Nats that an edge must be worth where the number of edges is not known. */
const EDGE_WORTH = 0.5

const sparsity = (edges: number | undefined, from: number, to: number): Sparsity =>
  edges === undefined
    ? { _tag: 'Penalty', weight: EDGE_WORTH, from, to }
    : { _tag: 'Constraint', edges, from, to, dualRate: 1e-3, restarts: true }

/**
 * The published recipe ([MS] section 7 and appendix): 300,000 steps of Adam, batches of 1024, encoder and
 * decoder of six and transitions of five hidden layers of 512 units, learned variances with tiny starts, the
 * edge bound falling over the first half.
 */
const published = (edges: number | undefined): Configuration => ({
  encoder: { width: 512, depth: 6 },
  decoder: { width: 512, depth: 6 },
  transition: { width: 512, depth: 5 },
  decoderVariance: 'learned',
  initialDecoderVariance: 1e-2,
  transitionVariance: 'constant',
  initialTransitionVariance: 1e-2,
  gates: 'soft',
  gateTemperature: 1,
  initialGateLogit: 5,
  gateRate: 1,
  sparsity: sparsity(edges, 0, 0.5),
  optimizer: { _tag: 'Adam' },
  learningRate: 5e-4,
  warmup: 0,
  decayFrom: 1,
  finalRate: 1,
  batch: 1024,
  steps: 300_000
})

/**
 * Gates from the start, in few steps. What makes it fast:
 * - both variances (decoder and transition) stand at their optimum for each batch, and do not creep there;
 * - transitions are wide instead of deep, and their units bend within the range of their inputs from the start;
 * - gates are 0 or 1 in training as they are later, learn from what each edge is worth, and are annealed by their entropy
 *   instead of given up one by one;
 * - the learning rate is ten times the published one and falls at the end;
 * - the bound starts to fall only once the transitions predict something. Temporal problems get a slower decline.
 */
const gated = (edges: number | undefined, temporal: boolean): Configuration => ({
  encoder: { width: 64, depth: 3 },
  decoder: { width: 64, depth: 3 },
  transition: { width: 192, depth: 1 },
  decoderVariance: 'optimal',
  initialDecoderVariance: 1e-2,
  transitionVariance: 'optimal',
  initialTransitionVariance: 1,
  gates: 'local-expectation',
  gateEntropy: { nats: 0.3, until: 0.6 },
  gateTemperature: 1,
  initialGateLogit: 5,
  gateRate: 1,
  sparsity: temporal ? sparsity(edges, 0.1, 0.6) : sparsity(edges, 0.1, 0.3),
  optimizer: { _tag: 'Adam' },
  learningRate: 5e-3,
  warmup: 100,
  decayFrom: 0.5,
  finalRate: 0.02,
  batch: 256,
  steps: temporal ? 25_000 : 7_000
})

/**
 * Steps of the dense stage: 1,500, and 150 for each latent if there are more than ten. Sharpening starts from where the encoder points, and does not come to
 * the mode from far away: of ActionNonDiag with 20 latents, 1,500 steps left R .92 and .82 at the end of whole trainings.
 */
const denseSteps = (latents: number): number => Math.max(1500, 150 * latents)

/**
 * In stages: codes first, with every edge open and Muon, whose steps move all directions of a weight matrix alike; then the same
 * with precise posteriors; then the basis, in closed form; then a refinement in that basis, with sharp transitions and few edges, which
 * makes the codes straighter. docs/estimation.md says why.
 */
const staged = (edges: number | undefined, { temporal, latents }: ModelShape): StagedConfiguration => {
  const { gateEntropy, ...base } = gated(edges, temporal)
  const optimizer = { _tag: 'Muon', matrixRate: 4 } as const
  return {
    dense: {
      ...base,
      encoder: { width: 128, depth: 4 },
      decoder: { width: 128, depth: 3 },
      gates: 'soft',
      sparsity: { _tag: 'Dense' },
      optimizer,
      batch: 512,
      steps: denseSteps(latents)
    },
    codes: 30_000,
    sharpening: { ...PRECISE, steps: 2500 },
    withoutSharpening: temporal ? SEQUENCES_WITHOUT_SHARPENING : ROWS_WITHOUT_SHARPENING,
    unmixing: edges === undefined ? {} : { edges },
    refinement: {
      ...PRECISE,
      steps: 2000,
      networks: {
        transition: base.transition,
        gates: base.gates,
        sparsity: base.sparsity,
        ...(gateEntropy === undefined ? {} : { gateEntropy })
      }
    }
  }
}

/** How precise posteriors learn. Twice as many rows or pairs in a batch take twice as long, and gain .0001 at most. */
const PRECISE = { batch: 256, learningRate: 2e-3, warmup: 100, decayFrom: 0.2, finalRate: 0.02 } as const

/** How encoder and decoder learn latents that are given. */
const DISTILLATION: DistillationSchedule = {
  steps: 2500,
  batch: 512,
  learningRate: 2e-3,
  warmup: 50,
  decayFrom: 0,
  finalRate: 0.02
}

const ROWS_WITHOUT_SHARPENING: WithoutSharpening = { dense: 2, refinement: 2.5, batch: 512 }
const SEQUENCES_WITHOUT_SHARPENING: WithoutSharpening = {
  dense: 4,
  refinement: 2,
  batch: 512,
  straightening: { rounds: 2, examples: 30_000, width: 128, steps: 1500, distillation: DISTILLATION }
}

/** A recipe that has what takes the place of sharpening, if it says what. */
const amortized = (recipe: StagedConfiguration): StagedConfiguration => {
  const { sharpening: _, withoutSharpening, ...rest } = recipe
  if (withoutSharpening === undefined) return recipe
  const { dense, refinement, batch, straightening } = withoutSharpening
  const longer = <B extends { readonly steps: number }>(stage: B, times: number): B => ({
    ...stage,
    steps: Math.round(times * stage.steps)
  })
  return {
    ...rest,
    dense: longer(recipe.dense, dense),
    refinement: { ...longer(recipe.refinement, refinement), batch },
    ...(straightening === undefined ? {} : { straightening })
  }
}

/**
 * A recipe for a model of this shape. `edges`: how many edges the learned graph may have; leave it out if you do not know.
 *
 * - `fast`, the default of `train`: dense, sharpen, unmix, refine. Without `edges`, the widest gap in what edges are worth decides.
 * - `gated`, for comparisons: one stage that learns gates along. Without `edges`, an edge has to be worth half a nat.
 * - `published`, to reproduce [MS]: its recipe of 300,000 steps.
 *
 * Errors: `UnknownName`, and `InvalidOption` for an impossible number of edges.
 *
 * @example
 * preset('fast', { latents: 6, features: 12, actions: 6, temporal: false }, 12)
 */
export function preset(
  name: 'fast',
  shape: ModelShape,
  edges?: number
): E.Either<EstimatorError, StagedConfiguration>
export function preset(
  name: 'gated' | 'published',
  shape: ModelShape,
  edges?: number
): E.Either<EstimatorError, Configuration>
export function preset(name: string, shape: ModelShape, edges?: number): E.Either<EstimatorError, Recipe>
export function preset(name: string, shape: ModelShape, edges?: number): E.Either<EstimatorError, Recipe> {
  const possible = possibleEdges(shape)
  if (edges !== undefined && !(edges >= 0 && edges <= possible)) {
    const expected = `between 0 and ${possible}, the number of possible edges`
    return E.left(invalidOption('preset', 'edges', edges, expected))
  }
  switch (name) {
    case 'fast': {
      const recipe = staged(edges, shape)
      // Noise is what no latents explain: with as many latents as features none of it is left to be seen.
      return E.right(shape.latents >= shape.features ? amortized(recipe) : recipe)
    }
    case 'gated':
      return E.right(gated(edges, shape.temporal))
    case 'published':
      return E.right(published(edges))
    default:
      return E.left(unknownName('preset', name, presetNames))
  }
}

/**
 * The recipe for observations that are frames: convolutions before its encoders and after its decoders, and no sharpening, since the Jacobian
 * of convolutions costs too much at every step.
 *
 * @example
 * withFrames(recipe, frameNetworks({ height: 64, width: 64, channels: 3 }))
 */
export const withFrames = <A extends Recipe>(recipe: A, frames: FrameNetworks): A => {
  if (!isStaged(recipe)) return { ...recipe, frames }
  const { dense, ...stages } = amortized(recipe)
  return { ...stages, dense: { ...dense, frames } } as A & StagedConfiguration
}

/** Steps of a stage that is not counted: fewer in a shorter training, never more. */
const fewerSteps = (
  { straightening }: StagedConfiguration,
  share: number
): Pick<StagedConfiguration, 'straightening'> => {
  const fewer = <A extends { readonly steps: number }>(schedule: A): A => ({
    ...schedule,
    steps: Math.max(1, Math.round(Math.min(1, share) * schedule.steps))
  })
  return straightening === undefined
    ? {}
    : { straightening: { ...fewer(straightening), distillation: fewer(straightening.distillation) } }
}

/**
 * The recipe with `steps` training steps in all, which its stages share in the same proportions. The steps of
 * straightening, which are not counted, fall in proportion, and never rise.
 */
export const withSteps = <A extends Recipe>(recipe: A, steps: number): A => {
  if (!isStaged(recipe)) return { ...recipe, steps }
  const { dense, sharpening, refinement } = recipe
  const share = steps / recipeSteps(recipe)
  const first = Math.max(1, Math.round(share * dense.steps))
  const second = sharpening === undefined ? 0 : Math.max(1, Math.round(share * sharpening.steps))
  return {
    ...recipe,
    dense: { ...dense, steps: first },
    ...(sharpening === undefined ? {} : { sharpening: { ...sharpening, steps: second } }),
    refinement: { ...refinement, steps: Math.max(1, steps - first - second) },
    ...fewerSteps(recipe, share)
  }
}
