/** Ready configurations: the published recipe, and one that needs far fewer steps. */

import * as E from 'fp-ts/lib/Either.js'
import type { ModelShape } from './autoencoder.js'
import type { Configuration, Sparsity } from './configuration.js'
import type { EstimatorError } from './errors.js'
import { possibleEdges } from './sparsity-vae.js'

/** The names that `preset` knows. */
export const presetNames = ['fast', 'published'] as const
export type PresetName = (typeof presetNames)[number]

/** What an edge must be worth, in nats, where the number of edges is not known. */
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
 * The fast recipe. What makes it fast: both variances (decoder and transition) stand at their optimum for each
 * batch instead of creeping there one learning rate a step; the transitions are wide instead of deep, and their
 * units bend within the range of their inputs from the start; gates are 0 or 1 in training as they are later,
 * learn from what each edge is worth, and are annealed by their entropy instead of given up one by one; the
 * learning rate is ten times the published one and falls at the end; and the bound starts to fall only once the
 * transitions predict something. Temporal problems get a slower decline.
 */
const fast = (edges: number | undefined, temporal: boolean): Configuration => ({
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

const unknownPreset = (name: string): EstimatorError => ({
  _tag: 'BadOption',
  option: 'preset',
  actual: name,
  expected: `one of ${presetNames.join(', ')}`
})

/**
 * A preset for a model of this shape. `edges` is how many edges the learned graph may have, 0 up to all
 * possible ones; where it is not known, leave it out: edges then pay a penalty instead.
 *
 * Errors: `BadOption` for an unknown name or an impossible number of edges.
 *
 * @example
 * preset('fast', { latents: 6, features: 12, actions: 6, temporal: false }, 12)
 */
export const preset = (
  name: string,
  shape: ModelShape,
  edges?: number
): E.Either<EstimatorError, Configuration> => {
  const possible = possibleEdges(shape)
  if (edges !== undefined && !(edges >= 0 && edges <= possible)) {
    return E.left({
      _tag: 'BadOption',
      option: 'edges',
      actual: String(edges),
      expected: `between 0 and ${possible}, the number of possible edges`
    })
  }
  switch (name) {
    case 'fast':
      return E.right(fast(edges, shape.temporal))
    case 'published':
      return E.right(published(edges))
    default:
      return E.left(unknownPreset(name))
  }
}
