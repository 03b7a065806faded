/**
 * Influence that noise hides: combinations of the latents under an action that the action hardly moves. The rank condition
 * of [MS] asks that every combination be moved, not by how much. But a learner that counts edges takes a row that an action
 * moves by less than its noise for a row without that edge. All that speaks against it then is that the noises of latents
 * are independent.
 */

import { causalGraph, type Kernel, number } from '@mechid/mechanisms'
import { ofRows, type RightSvd, rightSvd } from '@mechid/numerics'
import { generator } from '@mechid/random'
import { invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { GraphError } from '../errors.js'
import { drawAction, isFiniteRow } from '../influence/conditions.js'

export interface HiddenInfluenceOptions {
  /**
   * Standard deviation of the error of learned latents, besides the kernel's own noise: one number for all. Default: 0,
   * a perfect encoder.
   */
  readonly imprecision?: number
  /** Influence below so many noise variances counts as hidden. Default: 1. */
  readonly least?: number
  /** Seed of the draws of the other actions and of the past. Default: 0. */
  readonly seed?: number
}

/** What one action does, as far as noise lets one see. */
export interface ActionInfluence {
  readonly action: number
  /** Latents that it acts on. */
  readonly latents: ReadonlyArray<number>
  /**
   * By how much the action moves combinations of these latents, as variances in units of noise variances: the one that it
   * moves most, the next, and so on; as many as there are latents.
   */
  readonly strengths: ReadonlyArray<number>
  /** How many of them are below `least`. */
  readonly hidden: number
  /** The combination that it moves least: weights of unit norm on latents in units of their noise. */
  readonly weakest: ReadonlyArray<number>
  /** Empty where nothing is hidden. */
  readonly explanation: string
}

const SETTINGS = 24
const VALUES = 64

type Checked = Required<HiddenInfluenceOptions>

const checked = (options: HiddenInfluenceOptions): E.Either<GraphError, Checked> => {
  const { imprecision = 0, least = 1, seed = 0 } = options
  const where = 'hiddenInfluence'
  if (!(imprecision >= 0 && imprecision < Infinity))
    return E.left(invalidOption(where, 'imprecision', imprecision, 'a standard deviation, 0 or more'))
  if (!(least > 0 && least < Infinity))
    return E.left(invalidOption(where, 'least', least, 'a number of noise variances above 0'))
  return E.right({ imprecision, least, seed })
}

/**
 * Singular system of the means of `latents`, in units of their noise, about their means over the action's values: squared
 * values are variances.
 */
const effectOf = (
  kernel: Kernel,
  action: number,
  latents: ReadonlyArray<number>,
  { imprecision, seed }: Checked
): RightSvd => {
  const random = generator(seed).split('hidden influence').split(action)
  const deviations: number[][] = []
  for (let setting = 0; setting < SETTINGS; setting++) {
    const past = Array.from({ length: kernel.lags * kernel.latents }, () => random.normal())
    const others = kernel.actionDomains.map((domain) => drawAction(domain, random))
    const rows = Array.from({ length: VALUES }, () => {
      const a = others.with(action, drawAction(kernel.actionDomains[action], random))
      const [mean, scale] = [kernel.location(number, past, a), kernel.scale(number, past, a)]
      return latents.map((i) => mean[i] / Math.hypot(scale[i], imprecision))
    }).filter((row) => isFiniteRow(row))
    const means = latents.map((_, i) => rows.reduce((total, row) => total + row[i], 0) / rows.length)
    deviations.push(...rows.map((row) => row.map((value, i) => value - means[i])))
  }
  const unit = 1 / Math.sqrt(Math.max(1, deviations.length - SETTINGS))
  return rightSvd(ofRows(deviations.map((row) => row.map((value) => value * unit))))
}

const shown = (value: number): string => value.toPrecision(2)

const explain = (
  { action, latents, strengths, hidden, weakest }: Omit<ActionInfluence, 'explanation'>,
  least: number
): string => {
  if (hidden === 0) return ''
  const terms = latents
    .map((latent, k) => ({ latent, weight: weakest[k] }))
    .filter(({ weight }) => Math.abs(weight) >= 0.1)
    .map(
      ({ latent, weight }, k) =>
        `${weight < 0 ? '− ' : k > 0 ? '+ ' : ''}${Math.abs(weight).toFixed(1)} z${latent}`
    )
    .join(' ')
  const count = hidden === 1 ? 'one combination' : `${hidden} combinations`
  return (
    `Action ${action} acts on ${latents.length} latents, and moves ${count} of them by less than ${least === 1 ? 'their noise' : `${least} noise variances`}: ` +
    `${terms}, in units of noise, by ${shown(Math.sqrt(strengths[strengths.length - 1]))} standard deviations. ` +
    'A row like this one seems to have no such edge, so latents may come out mixed though the graph tells them apart.'
  )
}

/**
 * How far each action moves the latents that it acts on, compared with noise. Means are the kernel's own; other actions and
 * past latents (normal, standard deviation 1) are drawn.
 *
 * When to use it: `sufficientInfluence` passes, and an action acts on many latents. It is about means only: an action that
 * changes variances counts as hidden.
 *
 * Errors: `InvalidOption`.
 *
 * @example
 * hiddenInfluence(kernel, { imprecision: 0.02 })
 */
export const hiddenInfluence = (
  kernel: Kernel,
  options: HiddenInfluenceOptions = {}
): E.Either<GraphError, ReadonlyArray<ActionInfluence>> => {
  const settings = checked(options)
  if (E.isLeft(settings)) return settings
  const { least } = settings.right
  const { actions = [] } = causalGraph(kernel)
  return E.right(
    kernel.actionDomains.flatMap((_, action) => {
      const latents = actions.flatMap((row, i) => (row[action] === 1 ? [i] : []))
      if (latents.length === 0) return []
      const { values, vectors } = effectOf(kernel, action, latents, settings.right)
      const strengths = latents.map((_latent, k) => (values[k] ?? 0) ** 2)
      const found = {
        action,
        latents,
        strengths,
        hidden: strengths.filter((strength) => strength < least).length,
        weakest: latents.map((_latent, k) => vectors.data[(k + 1) * latents.length - 1])
      }
      return [{ ...found, explanation: explain(found, least) }]
    })
  )
}
