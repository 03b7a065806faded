/** Sufficient influence of one action, continuous or discrete. */
import { type Kernel, number } from '@mechid/mechanisms'
import type { Generator } from '@mechid/random'
import { drawCondition, drawPoint, isFiniteRow } from '../conditions.js'
import { type InfluencePart, type InfluenceSubject, notCovered, partOf } from '../part.js'
import { decideRank, type RankDecision } from '../rank.js'
import { type Condition, hasCurvature, scoreSlopesByAction, scores } from '../scores.js'

const withValue = (a: ReadonlyArray<number>, action: number, value: number): number[] =>
  a.map((x, l) => (l === action ? value : x))

/** One vector over the latents that the action reaches, for a drawn condition. */
const vectorAt = (
  kernel: Kernel,
  action: number,
  latents: ReadonlyArray<number>,
  z: ReadonlyArray<number>,
  { past, a }: Condition,
  draw: number
): number[] => {
  const domain = kernel.actionDomains[action]
  if (domain._tag === 'Interval') return scoreSlopesByAction(kernel, z, { past, a }, action, latents)
  const value = 1 + (draw % (domain.values - 1))
  const on = scores(number, kernel, z, past, withValue(a, action, value), latents)
  const off = scores(number, kernel, z, past, withValue(a, action, 0), latents)
  return on.map((x, at) => x - off[at])
}

const rankAt = (
  kernel: Kernel,
  action: number,
  latents: ReadonlyArray<number>,
  z: ReadonlyArray<number>,
  random: Generator,
  tolerance: number
): RankDecision => {
  const domain = kernel.actionDomains[action]
  const draws = 16 + 8 * latents.length + (domain._tag === 'Choice' ? 4 * domain.values : 0)
  const rows = Array.from({ length: draws }, (_, draw) =>
    vectorAt(kernel, action, latents, z, drawCondition(kernel, random), draw)
  )
  return decideRank(rows.filter(isFiniteRow), latents.length, tolerance)
}

/** The less favourable of two answers: an undecided one, else the lower rank. */
export const worse = (a: RankDecision, b: RankDecision): RankDecision => {
  if (a.decided !== b.decided) return a.decided ? b : a
  return b.rank < a.rank || (b.rank === a.rank && b.smallest < a.smallest) ? b : a
}

/**
 * [MS] sufficient influence of action l: at each of several fixed points z, the vectors
 * `∂/∂a_l ∇_z log p(z | past, a)` over many (past, a), or differences of `∇_z log p` between values of a discrete
 * action with all else equal, span the coordinates of the latents that l reaches. The lowest rank counts.
 */
export const actionInfluence = (
  kernel: Kernel,
  action: number,
  latents: number[],
  points: number,
  random: Generator,
  tolerance: number
): InfluencePart => {
  const subject: InfluenceSubject = { kind: 'action', action, latents }
  const route = kernel.actionDomains[action]._tag === 'Interval' ? 'derivatives' : 'differences'
  const decisions = Array.from({ length: points }, (_, p) => {
    const own = random.split(p)
    return rankAt(kernel, action, latents, drawPoint(kernel, own), own, tolerance)
  })
  const decision = decisions.reduce(worse)
  const rough = latents.filter((i) => !hasCurvature(kernel.noise[i]))
  if (rough.length > 0) {
    const named = rough.map((i) => `z${i} (${kernel.noise[i].name})`).join(', ')
    return notCovered(subject, route, decision, `the noise of ${named} has no smooth log density that bends.`)
  }
  return partOf(subject, route, decision)
}
