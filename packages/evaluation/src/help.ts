/** Whether latents need inputs that they are promised not to need: effects, intervals and decisions. */
import {
  type CandidateHelp,
  type ConditionalDependence,
  conditionalDependence,
  type Estimate,
  holm,
  type Interval,
  type MetricError,
  normalTail
} from '@mechid/metrics'
import { columnOf, type Samples } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TestSettings } from './options.js'

/** One latent and its inputs, as columns. */
export interface Question {
  /** Column of the latents that are to be predicted. */
  readonly latent: number
  /** Columns of the inputs that it may depend on. */
  readonly given: readonly number[]
  /** Columns of the inputs that it is promised not to depend on. */
  readonly forbidden: readonly number[]
  /** The share of its variance that noise hides; 0 where that is not known. */
  readonly noise: number
  /** For each forbidden input: the share of its variance that true latents leave open; 1 where that is not known. */
  readonly own: readonly number[]
}

/** `above`: surely more than the margin. `below`: surely less. `unclear`: neither is sure. */
export type Outcome = 'above' | 'below' | 'unclear'

/** What a forbidden input adds to the prediction of a latent. */
export interface Effect {
  readonly latent: number
  /** Column of the inputs. */
  readonly input: number
  /**
   * The share that the input adds to what the allowed ones explain: of the latent's variance, or of what is left of it
   * (`Scale`).
   */
  readonly share: number
  /** Its interval, of 95 % for level .05. */
  readonly interval: Interval
  /** The share that it adds to the allowed ones and all other forbidden ones together: small for a mere proxy. */
  readonly direct: number
  /** What counts as no harm: the margin and, where it is known, what noise can do. */
  readonly margin: number
  /** Holm's adjusted p-value of "at most the margin", over all effects tested together. */
  readonly p: number
  /** The same of `share` and `direct` alike. */
  readonly pDirect: number
  /** The share of the input's own variance that the allowed ones leave open. */
  readonly own: number
  /** Whether help of the size of the margin would have been seen. */
  readonly sees: boolean
  readonly outcome: Outcome
}

/** What the allowed inputs leave open of a latent. */
export interface Rest {
  readonly latent: number
  /** The share of its variance that the allowed inputs leave open, on held-out rows. */
  readonly share: number
  /** From the least that it may be on the rows fitted on to the most on held-out ones. */
  readonly interval: Interval
  readonly noise: number
}

export interface Help {
  readonly rows: number
  readonly rests: readonly Rest[]
  readonly effects: readonly Effect[]
}

/** A planted help has to be seen by half, or an effect's upper end is what is left open at all. */
const SEEN = 0.5

/** sin² 20°: the share of an independent latent that a turn by 20° mixes in. */
const TURN = Math.sin(Math.PI / 9) ** 2

/** What shares are of, and how large a share does no harm. */
export interface Scale {
  readonly of: 'variance' | 'rest'
  readonly margin: number
}

type Measured = Omit<Effect, 'p' | 'pDirect' | 'outcome'> & {
  readonly raw: number
  readonly rawDirect: number
}

/** P of an estimate this large or larger where the true one is at the margin. */
const pOf = ({ value, standardError }: Estimate, margin: number): number =>
  standardError > 0 ? normalTail((value - Math.sqrt(margin)) / standardError) : 1

const squared = (value: number): number => Math.max(0, value) ** 2

/** The standard normal quantile that leaves `tail` above it, by bisection. */
const quantileAbove = (tail: number): number => {
  let [low, high] = [0, 40]
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (normalTail(middle) > tail) low = middle
    else high = middle
  }
  return high
}

const restOf = (
  { latent, noise }: Question,
  { unexplained, unexplainedInSample: fitted }: ConditionalDependence,
  z: number
): Rest => ({
  latent,
  share: unexplained.value,
  interval: [
    Math.max(0, Math.min(fitted.value - z * fitted.standardError, unexplained.value)),
    unexplained.value + z * unexplained.standardError
  ],
  noise
})

const measured = (
  { latent, forbidden, noise, own }: Question,
  rest: Rest,
  help: CandidateHelp,
  at: number,
  { margin, z, of }: Scale & { readonly z: number }
): Measured => {
  const { correlation, beyondOthers, recovered } = help
  const { value, standardError } = correlation
  const sees = recovered >= SEEN
  const most = of === 'rest' ? 1 : rest.interval[1]
  const high = sees ? squared(value + z * standardError) / recovered : Number.POSITIVE_INFINITY
  return {
    latent,
    input: forbidden[at],
    share: squared(value),
    interval: [squared(value - z * standardError), Math.max(squared(value), Math.min(most, high))],
    direct: squared(beyondOthers.value),
    margin: margin + noise,
    own: Math.min(own[at], help.own),
    sees,
    raw: pOf(correlation, margin + noise),
    rawDirect: Math.max(pOf(correlation, margin + noise), pOf(beyondOthers, margin + noise))
  }
}

/**
 * Below the margin. Where the input is nearly a copy of the allowed ones, so that even a turn by 20° would stay within the
 * margin, the margin shrinks with what the input has of its own.
 */
const isBelow = ({ interval, margin, own }: Measured, scale: Scale): boolean => {
  const isCopy = scale.of === 'variance' && own * TURN < scale.margin
  return interval[1] < (isCopy ? margin * own : margin)
}

/** Effects with p-values over all of them. */
const decided = (all: readonly Measured[], scale: Scale, level: number): Effect[] => {
  const [p, pDirect] = [holm(all.map(({ raw }) => raw)), holm(all.map(({ rawDirect }) => rawDirect))]
  return all.map((effect, i) => {
    const { raw, rawDirect, ...rest } = effect
    const outcome = p[i] <= level ? 'above' : isBelow(effect, scale) ? 'below' : 'unclear'
    return { ...rest, p: p[i], pDirect: pDirect[i], outcome }
  })
}

/**
 * Effects of all forbidden inputs x [n, k] on latents y [n, d], each measured on rows that its regressions did not see.
 * The intervals are of 1 − level each; decisions above the margin hold for all together (Holm), decisions below it need no correction,
 * since a promise counts as kept only if all of them are (intersection–union, R. Berger, Technometrics 1982).
 */
export const helpOf = (
  y: Samples,
  x: Samples,
  questions: readonly Question[],
  scale: Scale,
  { level, seed }: Pick<TestSettings, 'level' | 'seed'>
): E.Either<MetricError, Help> => {
  const z = quantileAbove(level / 2)
  const rests: Rest[] = []
  const all: Measured[] = []
  for (const question of questions) {
    const { latent, given, forbidden } = question
    const target = { data: columnOf(y, latent), shape: [y.shape[0], 1] as const }
    const answer = conditionalDependence(target, x, {
      given,
      candidates: forbidden,
      ...scale,
      probe: scale.margin,
      seed
    })
    if (E.isLeft(answer)) return answer
    const rest = restOf(question, answer.right, z)
    rests.push(rest)
    answer.right.candidates.forEach((help, at) => {
      all.push(measured(question, rest, help, at, { ...scale, z }))
    })
  }
  return E.right({ rows: y.shape[0], rests, effects: decided(all, scale, level) })
}

/**
 * The effects to name: those above the margin that are no mere proxies of others; where none of a latent's can be told from
 * a proxy, all of its.
 */
export const namedEffects = (effects: readonly Effect[], level: number): Effect[] => {
  const above = effects.filter(({ outcome }) => outcome === 'above')
  return above.filter(
    (effect) =>
      effect.pDirect <= level ||
      !above.some((other) => other.latent === effect.latent && other.pDirect <= level)
  )
}
