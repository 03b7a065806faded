/** What one check of sufficient influence answers. */
import { type RankDecision, REQUIRED_GAP } from './rank.js'

/** Whose influence has to be sufficient. Lags count from 1, actions from 0. */
export type InfluenceSubject =
  | { readonly kind: 'action'; readonly action: number; readonly latents: number[] }
  | {
      readonly kind: 'time'
      readonly lag: number
      readonly edges: ReadonlyArray<readonly [effect: number, cause: number]>
    }

/**
 * `derivatives`: of scores by a continuous action; `differences`: of scores between values of a discrete one;
 * `general`: cross derivatives at one point z = z_lag, route (i); `one-statistic`: pooled over z_lag, route (ii).
 */
export type InfluenceRoute = 'derivatives' | 'differences' | 'general' | 'one-statistic'

/** `undecidable`: the singular values leave the rank open; `not covered`: no route applies. */
export type InfluenceVerdict = 'sufficient' | 'lacking' | 'undecidable' | 'not covered'

export interface InfluencePart {
  readonly subject: InfluenceSubject
  readonly verdict: InfluenceVerdict
  readonly route: InfluenceRoute
  readonly rank: number
  readonly needed: number
  /** The smallest relative singular value that counts. */
  readonly smallest: number
  /** `smallest` over the largest that does not count. */
  readonly gap: number
  /** What never varies, and what varies only in lockstep, as text: latents of an action, edges of time. */
  readonly constant: string[]
  readonly lockstep: string[]
  readonly explanation: string
}

const coordinateNames = (subject: InfluenceSubject): string[] =>
  subject.kind === 'action'
    ? subject.latents.map((i) => `z${i}`)
    : subject.edges.map(([effect, cause]) => `z${cause} → z${effect}`)

const nameOf = (subject: InfluenceSubject): string =>
  subject.kind === 'action' ? `Action a${subject.action}` : `Time, lag ${subject.lag}`

const routeNames: Readonly<Record<InfluenceRoute, string>> = {
  derivatives: 'derivatives of the score by the action',
  differences: 'differences of the score between values of the action',
  general: 'route (i), cross derivatives at one point z = z_lag',
  'one-statistic': 'route (ii), Gaussian of fixed variance, pooled over z_lag'
}

const SHOWN = 12

const listed = (names: ReadonlyArray<string>): string =>
  names.length <= SHOWN
    ? names.join(', ')
    : `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more`

const findings = (constant: ReadonlyArray<string>, lockstep: ReadonlyArray<string>): string =>
  [
    ...(constant.length > 0 ? [` Nothing varies at ${listed(constant)}.`] : []),
    ...(lockstep.length > 0 ? [` Only in lockstep: ${listed(lockstep)}.`] : [])
  ].join('')

/** The answer for a decided or undecided rank. */
export const partOf = (
  subject: InfluenceSubject,
  route: InfluenceRoute,
  decision: RankDecision
): InfluencePart => {
  const { rank, needed, smallest, gap, decided } = decision
  const names = coordinateNames(subject)
  const constant = decision.constant.map((c) => names[c])
  const lockstep = decision.lockstep.map((c) => names[c])
  const verdict = !decided ? 'undecidable' : rank === needed ? 'sufficient' : 'lacking'
  const words = !decided
    ? `cannot be called: singular values come within a factor of ${gap.toPrecision(2)} of the tolerance ${decision.tolerance}, ${REQUIRED_GAP} is asked for`
    : rank === needed
      ? 'suffices'
      : 'does not suffice'
  const explanation = `${nameOf(subject)} ${words}: rank ${rank} of ${needed} (${routeNames[route]}).${
    verdict === 'sufficient' ? '' : findings(constant, lockstep)
  }`
  return { subject, verdict, route, rank, needed, smallest, gap, constant, lockstep, explanation }
}

/** The answer where theory says nothing; the rank is what the route gave all the same. */
export const notCovered = (
  subject: InfluenceSubject,
  route: InfluenceRoute,
  decision: Pick<RankDecision, 'rank' | 'needed'>,
  reason: string
): InfluencePart => ({
  subject,
  verdict: 'not covered',
  route,
  rank: decision.rank,
  needed: decision.needed,
  smallest: 0,
  gap: 0,
  constant: [],
  lockstep: [],
  explanation: `${nameOf(subject)} is not covered: ${reason}`
})
