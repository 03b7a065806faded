/** Random causal graphs. */
import type { Generator } from '@mechid/random'
import { type CausalGraph, invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { GraphError } from '../errors.js'
import { type BinaryMatrix, blank, setBit } from '../matrices/binary-matrix.js'
import { plainGraph } from './graph-bits.js'

export interface RandomGraphOptions {
  /** Number of latents d. */
  readonly size: number
  /** Whether to draw Gz (d × d). Default: true. */
  readonly time?: boolean
  /** Number of actions k; 0, the default, draws no Ga. */
  readonly actions?: number
  /** Probability of each edge, in [0, 1]. */
  readonly edgeProbability: number
  /** Whether each latent surely influences itself in Gz. Default: true. */
  readonly selfLoops?: boolean
  /** Most edges into a latent, in Gz and in Ga each; a self-loop counts. Default: no limit. */
  readonly maximumCauses?: number
}

/** Edges by independent draws; of more than the limit a uniformly random subset stays, the forced one always. */
const draw = (
  random: Generator,
  rows: number,
  columns: number,
  probability: number,
  forced: boolean,
  limit: number
): BinaryMatrix => {
  const m = blank(rows, columns)
  for (let i = 0; i < rows; i++) {
    const causes: number[] = []
    for (let j = 0; j < columns; j++)
      if (random.uniform() < probability && !(forced && j === i)) causes.push(j)
    const room = limit - (forced ? 1 : 0)
    const kept =
      causes.length <= room
        ? causes
        : [...random.permutation(causes.length)].slice(0, room).map((p) => causes[p])
    for (const j of kept) setBit(m, i, j)
    if (forced) setBit(m, i, i)
  }
  return m
}

const whole = (value: number, least: number): boolean => Number.isInteger(value) && value >= least

/**
 * Draws a graph. Gz and Ga come from independent splits of `random`, so that the one does not depend on whether
 * the other is drawn; `random` itself does not advance.
 *
 * Errors: `InvalidOption` (size, number of actions or limit that is no whole number in range, a probability
 * outside [0, 1], neither time nor actions).
 *
 * @example
 * randomGraph(generator(1), { size: 10, actions: 5, edgeProbability: 0.3 })
 */
export const randomGraph = (
  random: Generator,
  options: RandomGraphOptions
): E.Either<GraphError, CausalGraph> => {
  const where = 'randomGraph'
  const { size, time = true, actions = 0, edgeProbability: probability, selfLoops = true } = options
  const limit = options.maximumCauses ?? Number.POSITIVE_INFINITY
  if (!whole(size, 1)) return E.left(invalidOption(where, 'size', size, 'a whole number of at least 1'))
  if (!whole(actions, 0))
    return E.left(invalidOption(where, 'actions', actions, 'a whole number of at least 0'))
  if (!(probability >= 0 && probability <= 1))
    return E.left(invalidOption(where, 'edgeProbability', probability, 'a number in [0, 1]'))
  if (limit !== Number.POSITIVE_INFINITY && !whole(limit, 1))
    return E.left(invalidOption(where, 'maximumCauses', limit, 'a whole number of at least 1'))
  if (!time && actions === 0)
    return E.left(invalidOption(where, 'time', false, 'true where there are no actions'))
  return E.right(
    plainGraph({
      size,
      ...(time ? { latents: draw(random.split('latents'), size, size, probability, selfLoops, limit) } : {}),
      ...(actions > 0
        ? { actions: draw(random.split('actions'), size, actions, probability, false, limit) }
        : {})
    })
  )
}
