/** What no dictionary shows: mechanisms that commute with all that is known, themselves included. */
import { type Mechanism, mechanismGraph } from '@mechid/mechanisms'
import { invertibility } from '@mechid/numerics'
import type { EdgeTable } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { Region } from '../dictionary/dictionary.js'
import { pointsWithin } from '../dictionary/points-within.js'
import { measuredIn, slopesIn } from '../fields/measured.js'
import { actionsFor, type Transition, transitionAt } from '../fields/transition.js'
import type { AmbiguityOptions, CommutingIterates } from './ambiguity.js'

const ROWS = 24
const MOST_ORDER = 24
/** Differences in units below this are rounding, after two or more steps of a mechanism. */
const SAME = 1e-9
/** σ_min / σ_max of a slope matrix below which a mechanism has no inverse. */
const SINGULAR = 1e-10

type Domains = AmbiguityOptions['actionDomains']

const stepOf = (m: Mechanism, points: Float64Array, k: number, domains: Domains, label: string) =>
  E.toUnion(
    E.mapLeft((): Transition | undefined => undefined)(
      transitionAt('iterates', m, points, actionsFor(m, k, points.length / m.latents, domains, 1, label))
    )
  )

const alike = (x: Float64Array, y: Float64Array, units: Float64Array): boolean => {
  const gap = measuredIn(
    units,
    x.map((v, e) => v - y[e])
  )
  const size = measuredIn(units, x.slice()).reduce((most, v) => Math.max(most, Math.abs(v)), 1)
  return gap.every((v) => Math.abs(v) <= SAME * size)
}

/** m_k(m_l(z, b), a) = m_l(m_k(z, a), b) at points and actions of each. */
const commute = (
  list: ReadonlyArray<Mechanism>,
  k: number,
  l: number,
  { points, halfWidth }: ReturnType<typeof pointsWithin>,
  domains: Domains
): boolean => {
  const [one, other] = [list[k], list[l]]
  const [a, b] = [stepOf(one, points, k, domains, 'a'), stepOf(other, points, l, domains, 'b')]
  if (a === undefined || b === undefined) return false
  const [ba, ab] = [stepOf(one, b.images, k, domains, 'a'), stepOf(other, a.images, l, domains, 'b')]
  return ba !== undefined && ab !== undefined && alike(ba.images, ab.images, halfWidth)
}

const determinantSign = (slopes: Float64Array, d: number): number => {
  const work = slopes.slice()
  let sign = 1
  for (let c = 0; c < d; c++) {
    let pivot = c
    for (let r = c + 1; r < d; r++) if (Math.abs(work[r * d + c]) > Math.abs(work[pivot * d + c])) pivot = r
    if (pivot !== c) {
      sign = -sign
      for (let j = 0; j < d; j++) {
        const kept = work[c * d + j]
        work[c * d + j] = work[pivot * d + j]
        work[pivot * d + j] = kept
      }
    }
    sign *= Math.sign(work[c * d + c])
    for (let r = c + 1; r < d; r++) {
      const factor = work[r * d + c] / work[c * d + c]
      for (let j = c; j < d; j++) work[r * d + j] -= factor * work[c * d + j]
    }
  }
  return sign
}

/** Whether slopes at all points can be those of an invertible map: none singular, and all of one orientation. */
const invertible = (m: Mechanism, { jacobians }: Transition, units: Float64Array): boolean => {
  const d = m.latents
  const signs = new Set<number>()
  for (let at = 0; at < jacobians.length; at += d * d) {
    const data = slopesIn(units, jacobians.subarray(at, at + d * d))
    if (invertibility({ data, shape: [d, d] }) <= SINGULAR) return false
    signs.add(determinantSign(data, d))
  }
  return signs.size === 1
}

/** The least n ≥ 1 up to 24 with mⁿ = id at points, under one action each. */
const orderOf = (
  m: Mechanism,
  k: number,
  { points, halfWidth }: ReturnType<typeof pointsWithin>,
  domains: Domains
): number | undefined => {
  let state = points
  for (let n = 1; n <= MOST_ORDER; n++) {
    const next = stepOf(m, state, k, domains, 'a')
    if (next === undefined) return undefined
    state = next.images
    if (alike(state, points, halfWidth)) return n
  }
  return undefined
}

const mixingOf = (m: Mechanism): EdgeTable =>
  (mechanismGraph(m).latents ?? []).map((row, i) => row.map((entry, j) => (i === j ? 1 : entry)))

/**
 * The mechanisms of a list that commute with all of it and can be inverted, as told at points of a region: necessary
 * conditions, in floating point. With actions: under any that stays the same. Not those that change nothing.
 */
export const commutingIterates = (
  list: ReadonlyArray<Mechanism>,
  region: Region,
  domains: Domains
): CommutingIterates[] => {
  const places = pointsWithin(region, 1, ROWS)
  return list.flatMap((m, k): CommutingIterates[] => {
    const at = stepOf(m, places.points, k, domains, 'a')
    if (at === undefined || !invertible(m, at, places.halfWidth)) return []
    if (!list.every((_, l) => commute(list, k, l, places, domains))) return []
    const order = orderOf(m, k, places, domains)
    if (order === 1) return []
    const named = m.name === undefined ? {} : { name: m.name }
    return [{ index: k, ...named, ...(order === undefined ? {} : { order }), mixes: mixingOf(m) }]
  })
}
