/** Sufficient influence of time, by the general route or by that for one-statistic exponential families. */
import type { Kernel } from '@mechid/mechanisms'
import type { Generator } from '@mechid/random'
import { drawActions, drawCondition, drawPoint, isFiniteRow } from '../conditions.js'
import { obstacleToAffine } from '../fixed-gaussian.js'
import { type InfluencePart, type InfluenceSubject, notCovered, partOf } from '../part.js'
import { decideRank, type RankDecision } from '../rank.js'
import { hasCurvature, locationSlopes, scoreSlopesByPast } from '../scores.js'
import { worse } from './action-influence.js'

type Edge = readonly [effect: number, cause: number]

/** With more edges than this the singular values take minutes. */
const MOST_EDGES = 600

const entriesAt = (
  slopes: ReadonlyArray<ReadonlyArray<number>>,
  edges: ReadonlyArray<Edge>,
  from: number
): number[] => edges.map(([effect, cause]) => slopes[effect][from + cause])

/** Route (i): z = z_lag held at one point, only actions and the other lags vary. */
const generalRank = (
  kernel: Kernel,
  lag: number,
  edges: ReadonlyArray<Edge>,
  z: ReadonlyArray<number>,
  random: Generator,
  tolerance: number
): RankDecision => {
  const from = lag * kernel.latents
  // Without actions and further lags every draw gives the same matrix.
  const draws = kernel.actions > 0 || kernel.lags > 1 ? 16 + 2 * edges.length : 2
  const rows = Array.from({ length: draws }, () => {
    const past = Array.from({ length: kernel.lags * kernel.latents }, () => random.normal())
    z.forEach((x, j) => {
      past[from + j] = x
    })
    return entriesAt(scoreSlopesByPast(kernel, z, { past, a: drawActions(kernel, random) }, lag), edges, 0)
  })
  return decideRank(rows.filter(isFiniteRow), edges.length, tolerance)
}

const pooledRank = (
  kernel: Kernel,
  lag: number,
  edges: ReadonlyArray<Edge>,
  random: Generator,
  tolerance: number
): RankDecision => {
  const rows = Array.from({ length: 64 + 6 * edges.length }, () =>
    entriesAt(locationSlopes(kernel, drawCondition(kernel, random)), edges, lag * kernel.latents)
  )
  return decideRank(rows.filter(isFiniteRow), edges.length, tolerance)
}

/**
 * [MS] sufficient influence of the latents one lag back: the matrices `∇_z ∇_{z_lag} log p(z | past, a)`, restricted
 * to the edges of Gz at that lag, span them all. Route (i) first: z = z_lag at one and the same point (several such
 * points, the lowest rank counts), actions and further lags varying. Where it does not pass, route (ii): for
 * Gaussians of fixed variance whose means span R^d, `Dμ(z_lag)` pooled over z_lag. Where (ii) does not apply and
 * (i) has nothing to vary, the answer is "not covered".
 *
 * @param lag counts from 0 here
 */
export const timeInfluence = (
  kernel: Kernel,
  lag: number,
  edges: ReadonlyArray<Edge>,
  points: number,
  random: Generator,
  tolerance: number
): InfluencePart => {
  const subject: InfluenceSubject = { kind: 'time', lag: lag + 1, edges }
  const needed = edges.length
  if (needed > MOST_EDGES)
    return notCovered(
      subject,
      'general',
      { rank: 0, needed },
      `${needed} edges are more than the ${MOST_EDGES} that are checked.`
    )
  const rough = kernel.noise.findIndex(
    (noise, i) => !hasCurvature(noise) && edges.some(([effect]) => effect === i)
  )
  if (rough >= 0) {
    const reason = `the noise of z${rough} (${kernel.noise[rough].name}) has no smooth log density that bends.`
    return notCovered(subject, 'general', { rank: 0, needed }, reason)
  }
  const varies = kernel.actions > 0 || kernel.lags > 1
  const general = Array.from({ length: points }, (_, p) => {
    const own = random.split(p)
    return generalRank(kernel, lag, edges, drawPoint(kernel, own), own, tolerance)
  }).reduce(worse)
  if (general.decided && general.rank === needed) return partOf(subject, 'general', general)
  const against = obstacleToAffine(kernel, random.split('spanning'))
  if (against === undefined)
    return partOf(subject, 'one-statistic', pooledRank(kernel, lag, edges, random.split('pooled'), tolerance))
  return varies
    ? partOf(subject, 'general', general)
    : notCovered(
        subject,
        'general',
        general,
        `route (i) has neither actions nor further lags to vary, and route (ii) does not apply: ${against}.`
      )
}
