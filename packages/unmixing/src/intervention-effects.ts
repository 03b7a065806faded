/** Static codes under interventions: what every value does to them, and transitions that are nothing but levels. */
import { growingFactor, inverse, solveLower } from '@mechid/numerics'
import * as E from 'fp-ts/lib/Either.js'
import type { ActionEffects } from './action-effects.js'
import { type AdditiveTransitions, projected } from './additive-transitions.js'
import { quadratic } from './cause-counts.js'
import {
  BALANCED,
  type Interventions,
  momentsByValue,
  restingLevel,
  restingMean,
  type ValueMoments
} from './interventions.js'
import type { WhitenedCodes } from './whitened-codes.js'

/**
 * A nat of correlated noise weighs so many causes, and with many values so many for each value a latent. Interventions of a
 * few noise standard deviations hide in a small share of another row, and the more of them there are, the more a row that
 * is replaced by a copy of another one saves. Measured: with 3, rows are copies of others at 9, 40 and 200 values; with 10, 30 and
 * 100 none is.
 */
const CAUSES_A_NAT = 10

/** N, and of every value δ δᵀ / 4, as half of all rows would show it, where δ is how far it moves codes from `rest`. */
const effectsFrom = (
  { counts }: Interventions,
  { means, within }: ValueMoments,
  rest: Float64Array,
  d: number
): ActionEffects => {
  const k = counts.length - 1
  const effects = Array.from({ length: k }, (_, v) => {
    const out = new Float64Array(d * d)
    if (counts[v] === 0) return out
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) {
        out[i * d + j] = BALANCED * (means[v * d + i] - rest[i]) * (means[v * d + j] - rest[j])
      }
    }
    return out
  })
  // The largest share of noise that the mean of so few rows shows in some direction.
  const chance = Array.from({ length: k }, (_, v) =>
    counts[v] === 0 ? 0 : (BALANCED * (1 + Math.sqrt(d)) ** 2) / counts[v]
  )
  return { latents: d, noise: within, effects, chance, causesANat: CAUSES_A_NAT * Math.max(1, k / d) }
}

/** Levels of every value in the rows of a map, [d, values], their noise variances, and where each latent rests. */
const levelsIn = (
  interventions: Interventions,
  { means, within }: ValueMoments,
  rows: Float64Array,
  d: number
): {
  readonly levels: readonly Float64Array[]
  readonly noise: Float64Array
  readonly rest: Float64Array
} => {
  const values = interventions.counts.length
  const placed = projected(means, rows, d)
  const levels = Array.from({ length: d }, (_, i) =>
    Float64Array.from({ length: values }, (__, v) => placed[v * d + i])
  )
  const noise = Float64Array.from({ length: d }, (_, i) => quadratic(rows, i, within, d))
  const rest = Float64Array.from(levels, (of, i) => restingLevel(interventions, of, noise[i]))
  return { levels, noise, rest }
}

/** What actions do to codes, measured from where these seem to rest. */
export const interventionEffects = (codes: WhitenedCodes, interventions: Interventions): ActionEffects => {
  const { latents: d } = codes
  const moments = momentsByValue(interventions, codes.next, d)
  const factor = growingFactor(moments.within, d)
  const distance = (difference: Float64Array): number =>
    Math.hypot(...solveLower(factor, difference.slice(), 1))
  return effectsFrom(interventions, moments, restingMean(interventions, moments, distance, d), d)
}

/** Noise standard deviations by which a latent's resting level may be off before effects are measured again. */
const REST_TOLERANCE = 0.2

/**
 * The same, measured from where each row of a map rests, which need not be the level of one value for all of them;
 * undefined where that makes no difference.
 */
export const effectsFromRest = (
  codes: WhitenedCodes,
  interventions: Interventions,
  rows: Float64Array
): ActionEffects | undefined => {
  const { latents: d } = codes
  const inverted = inverse('effectsFromRest', { data: rows, shape: [d, d] }, 0)
  if (!interventions.full || E.isLeft(inverted)) return undefined
  const back = inverted.right.data
  const moments = momentsByValue(interventions, codes.next, d)
  const { rest, noise } = levelsIn(interventions, moments, rows, d)
  const from = new Float64Array(d)
  for (let j = 0; j < d; j++) for (let i = 0; i < d; i++) from[j] += back[j * d + i] * rest[i]
  const again = effectsFrom(interventions, moments, from, d)
  const before = interventionEffects(codes, interventions)
  const moved = again.effects.some((effect, v) =>
    rest.some((_, i) => {
      const [after, first] = [quadratic(rows, i, effect, d), quadratic(rows, i, before.effects[v], d)]
      return Math.abs(Math.sqrt(after) - Math.sqrt(first)) > REST_TOLERANCE * Math.sqrt(noise[i])
    })
  )
  return moved ? again : undefined
}

/**
 * Transitions in a basis [d, d]: each latent has its resting level, and another one in the rows of each value that moves it.
 * Worth is counted as if half of all rows had the value, less what chance gives so few rows.
 */
export const interventionTransitions = (
  codes: WhitenedCodes,
  interventions: Interventions,
  rows: Float64Array
): AdditiveTransitions => {
  const { latents: d, rows: n } = codes
  const { of, counts } = interventions
  const k = counts.length - 1
  const moments = momentsByValue(interventions, codes.next, d)
  const { levels, noise, rest } = levelsIn(interventions, moments, rows, d)
  const latents = projected(codes.next, rows, d)
  const harmonics = { step: 1, count: 1 }
  const size = 1 + 2 * harmonics.count
  const functions = new Float64Array(d * k * size)
  const actionWorth = new Float64Array(d * k)
  const offsets = rest.slice()
  for (let i = 0; i < d; i++) {
    for (let v = 0; v < k; v++) {
      if (counts[v] === 0) continue
      const shift = levels[i][v] - rest[i]
      // Columns are seen standardized: (a − share) / √(share (1 − share)).
      const share = counts[v] / n
      functions[(i * k + v) * size] = shift * Math.sqrt(share * (1 - share))
      offsets[i] += shift * share
      const chance = BALANCED / counts[v]
      actionWorth[i * k + v] = 0.5 * (Math.log1p((BALANCED * shift * shift) / noise[i]) - Math.log1p(chance))
    }
  }
  const variance = new Float64Array(d)
  for (let r = 0; r < n; r++) for (let i = 0; i < d; i++) variance[i] += latents[r * d + i] ** 2 / n
  return {
    harmonics,
    offsets,
    functions,
    causes: k,
    residualVariance: noise,
    variance,
    curved: new Float64Array(d),
    residuals: levels.map((own, i) =>
      Float32Array.from({ length: n }, (_, r) => latents[r * d + i] - own[of[r]])
    ),
    latentWorth: new Float64Array(0),
    actionWorth
  }
}
