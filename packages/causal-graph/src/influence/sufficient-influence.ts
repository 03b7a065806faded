/** Sufficient influence of a kernel: the assumption behind every promise of mechanism sparsity, checked numerically. */
import { causalGraph, type Kernel } from '@mechid/mechanisms'
import { type Generator, generator } from '@mechid/random'
import { invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { checkLinearDependences, type LinearActionDependence } from '../dependence/action-dependence.js'
import { independentKernel } from '../dependence/independent-graph.js'
import type { GraphError } from '../errors.js'
import { lawlessAt } from './conditions.js'
import { actionInfluence } from './internal/action-influence.js'
import { timeInfluence } from './internal/time-influence.js'
import type { InfluencePart, InfluenceVerdict } from './part.js'
import { RANK_TOLERANCE, REQUIRED_GAP } from './rank.js'

export interface InfluenceOptions {
  /** How many present points z are tried. Default: 3. */
  readonly points?: number
  /** Seed of all draws. Default: 0. */
  readonly seed?: number
  /** Singular values up to this count as 0, relative to the largest. Default: 1e−6. */
  readonly tolerance?: number
  /**
   * Actions that are linear functions of others in the data. Without it all actions are taken to vary independently, each
   * over its whole domain. The indices of actions stay as they are; dependent ones have no part in the answer.
   */
  readonly dependent?: ReadonlyArray<LinearActionDependence>
}

export interface SufficientInfluence {
  /**
   * `lacking` if it lacks in some part; else `undecidable` or `not covered` if some part is so; else `sufficient`. This is
   * the rank condition alone, without the graph's criterion.
   */
  readonly verdict: InfluenceVerdict
  /** One for each action that reaches a latent, then one for each lag with an edge. */
  readonly parts: InfluencePart[]
  /** Singular values up to this count as 0, relative to the largest. */
  readonly tolerance: number
  /** Least ratio between the singular values that count and those that do not. */
  readonly requiredGap: number
}

const overall = (parts: ReadonlyArray<InfluencePart>): InfluenceVerdict =>
  (['lacking', 'undecidable', 'not covered'] as const).find((verdict) =>
    parts.some((part) => part.verdict === verdict)
  ) ?? 'sufficient'

/** The kernel if it has a finite law at each of 64 random conditions. */
const lawful = (kernel: Kernel, random: Generator): E.Either<GraphError, Kernel> => {
  const fault = lawlessAt(kernel, random)
  const expected = 'finite locations and finite scales above 0 for all pasts and actions of its domains'
  return fault === undefined
    ? E.right(kernel)
    : E.left(invalidOption('sufficientInfluence', 'the kernel', fault, expected))
}

const partsOf = (kernel: Kernel, points: number, random: Generator, tolerance: number): InfluencePart[] => {
  const { latents: d, lags } = kernel
  const { latents = [], actions = [] } = causalGraph(kernel)
  const parts: InfluencePart[] = []
  for (let l = 0; l < kernel.actions; l++) {
    const reached = actions.flatMap((row, i) => (row[l] === 1 ? [i] : []))
    if (reached.length > 0)
      parts.push(actionInfluence(kernel, l, reached, points, random.split('action').split(l), tolerance))
  }
  for (let lag = 0; lag < lags; lag++) {
    const edges = latents.flatMap((row, i) =>
      row.slice(lag * d, (lag + 1) * d).flatMap((edge, j) => (edge === 1 ? [[i, j] as const] : []))
    )
    if (edges.length > 0)
      parts.push(timeInfluence(kernel, lag, edges, points, random.split('time').split(lag), tolerance))
  }
  return parts
}

/**
 * Checks sufficient influence, the assumption on actions and on time ([MS] section 2), at random points and by exact
 * derivatives (dual numbers in dual numbers). Columns are scaled to norm 1. A singular value counts if it is above
 * `tolerance` of the largest; a gap below 1000 is answered `undecidable`. The values of a discrete action are compared all
 * else equal, and so are interventions, whether or not the learner knows their targets.
 *
 * When to use it: with every promise of `predict` for a kernel, for without influence the promise is void. It looks at
 * `points` draws of z: influence that is missing where the kernel hardly ever goes, such as far tails, stays unseen.
 *
 * An action is varied with all others held, as if each could be set by itself. Where the data's actions are functions of
 * others (a1 = 1 − a0), name them as `dependent`: they then follow, and what they reach counts as reached by their causes.
 * Read it beside `predict` with the same dependences.
 *
 * Errors: `InvalidOption` (options; a kernel without a finite law at one of the conditions tried).
 *
 * @example
 * sufficientInfluence(kernel) // E.right({ verdict: 'sufficient', parts: [{ rank: 2, needed: 2, … }, …], … })
 */
export const sufficientInfluence = (
  kernel: Kernel,
  { points = 3, seed = 0, tolerance = RANK_TOLERANCE, dependent = [] }: InfluenceOptions = {}
): E.Either<GraphError, SufficientInfluence> => {
  if (!(Number.isInteger(points) && points >= 1))
    return E.left(invalidOption('sufficientInfluence', 'points', points, 'a whole number of at least 1'))
  if (!(tolerance > 0 && tolerance < 1))
    return E.left(invalidOption('sufficientInfluence', 'tolerance', tolerance, 'a number between 0 and 1'))
  const random = generator(seed).split('sufficientInfluence')
  return pipe(
    checkLinearDependences('sufficientInfluence', dependent, kernel.actions),
    E.flatMap((sound) => lawful(independentKernel(kernel, sound), random.split('conditions'))),
    E.map((used) => {
      const parts = partsOf(used, points, random, tolerance)
      return { verdict: overall(parts), parts, tolerance, requiredGap: REQUIRED_GAP }
    })
  )
}
