/** Inputs of a kernel's means, the places where they are looked at, and sizes that carry no units. */
import { causalGraph, type Kernel, number } from '@mechid/mechanisms'
import type { Generator } from '@mechid/random'
import { type InvalidOption, invalidOption, type ShapeMismatch, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { drawAction, isFiniteRow } from '../influence/conditions.js'
import { REQUIRED_GAP } from '../influence/rank.js'
import type { Condition } from '../influence/scores.js'
import { causesOf } from '../matrices/edge-table.js'

/** What a mean may read. Lags count from 1, latents and actions from 0. */
export type MeanInput =
  | { readonly kind: 'latent'; readonly latent: number; readonly lag: number }
  | { readonly kind: 'action'; readonly action: number }

/** Where the means of a kernel are looked at, with all units. */
export interface Means {
  readonly kernel: Kernel
  /** past, then actions, in one list. */
  readonly inputs: ReadonlyArray<MeanInput>
  /** What each input ranges over, about: a standard deviation, or half of an interval. */
  readonly widths: ReadonlyArray<number>
  /** Standard deviation of each latent's mean over the draws; 0 where rounding is all that varies. */
  readonly spreads: ReadonlyArray<number>
  /** `reads[i][m]`: whether the definition of latent i's mean reads input m. */
  readonly reads: ReadonlyArray<ReadonlyArray<boolean>>
  /** Conditions with finite means. */
  readonly draws: ReadonlyArray<Condition>
}

const DRAWS = 128

/** Variation below this share of the values themselves is rounding. */
const ROUNDING = 1e-12

export const meansAt = (kernel: Kernel, { past, a }: Condition): ReadonlyArray<number> =>
  kernel.location(number, past, a)

const inputsOf = ({ lags, latents, actions }: Kernel): MeanInput[] => [
  ...Array.from(
    { length: lags * latents },
    (_, m): MeanInput => ({ kind: 'latent', latent: m % latents, lag: 1 + Math.floor(m / latents) })
  ),
  ...Array.from({ length: actions }, (_, action): MeanInput => ({ kind: 'action', action }))
]

/** The standard deviations of past latents themselves, if there is one for each, finite and above 0. */
export const checkSpread = (
  where: string,
  kernel: Kernel,
  spread: ReadonlyArray<number>
): E.Either<InvalidOption | ShapeMismatch, ReadonlyArray<number>> => {
  if (spread.length !== kernel.latents)
    return E.left(
      shapeMismatch(where, 'the number of spreads', spread.length, `${kernel.latents}, one a latent`)
    )
  const odd = spread.findIndex((s) => !(s > 0 && s < Infinity))
  return odd < 0
    ? E.right(spread)
    : E.left(invalidOption(where, `the spread of z${odd}`, spread[odd], 'a finite number above 0'))
}

const spreadOf = (values: ReadonlyArray<number>): number => {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length
  const spread = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length)
  return spread > ROUNDING * Math.max(...values.map(Math.abs)) ? spread : 0
}

/** Past latents normal with the given standard deviations (and mean 0), actions from their domains. */
export const lookAtMeans = (kernel: Kernel, spread: ReadonlyArray<number>, random: Generator): Means => {
  const inputs = inputsOf(kernel)
  const widths = inputs.map((input) => {
    if (input.kind === 'latent') return spread[input.latent]
    const domain = kernel.actionDomains[input.action]
    return domain._tag === 'Interval' ? (domain.high - domain.low) / 2 : 1
  })
  const pastCount = kernel.lags * kernel.latents
  const draws = Array.from({ length: DRAWS }, () => ({
    past: Array.from({ length: pastCount }, (_, m) => widths[m] * random.normal()),
    a: kernel.actionDomains.map((domain) => drawAction(domain, random))
  })).filter((condition) => isFiniteRow([...meansAt(kernel, condition)]))
  const values = draws.map((condition) => meansAt(kernel, condition))
  const graph = causalGraph({ ...kernel, scale: (F) => kernel.noise.map(() => F.one) })
  return {
    kernel,
    inputs,
    widths,
    spreads: kernel.noise.map((_, i) => (draws.length === 0 ? 0 : spreadOf(values.map((row) => row[i])))),
    reads: kernel.noise.map((_, i) => causesOf(graph, i).map((edge) => edge === 1)),
    draws
  }
}

/** The condition with some inputs taken from another one. */
export const mixed = (base: Condition, other: Condition, taken: ReadonlyArray<number>): Condition => {
  const cut = base.past.length
  return {
    past: base.past.map((x, m) => (taken.includes(m) ? other.past[m] : x)),
    a: base.a.map((x, l) => (taken.includes(cut + l) ? other.a[l] : x))
  }
}

/** `yes`: above the tolerance; `no`: at least 1000 times below it; between, `undecided`. */
export type Call = 'yes' | 'no' | 'undecided'

export const callSize = (size: number, tolerance: number): Call =>
  size > tolerance ? 'yes' : size * REQUIRED_GAP <= tolerance ? 'no' : 'undecided'

export const inputName = (input: MeanInput, lags: number): string =>
  input.kind === 'action'
    ? `a${input.action}`
    : lags > 1
      ? `z${input.latent} at lag ${input.lag}`
      : `z${input.latent}`
