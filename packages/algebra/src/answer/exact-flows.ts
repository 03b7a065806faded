/** Mechanisms that are built as flows, as the flows that they stand for. */
import type { ExactFlow, Mechanism, VectorField } from '@mechid/mechanisms'
import * as E from 'fp-ts/lib/Either.js'
import type { Dictionary, Region } from '../dictionary/dictionary.js'
import { givenFields } from '../dictionary/given.js'
import { pointsWithin } from '../dictionary/points-within.js'
import { union } from '../dictionary/union.js'
import { measuredIn } from '../fields/measured.js'
import { actionsFor, transitionAt } from '../fields/transition.js'
import type { AmbiguityOptions } from './ambiguity.js'

/** A further level that makes less of a difference than this, in units, is not needed. */
const FINE = 1e-14
/** Of extrapolation: the finest has 2⁶ times as many steps. */
const LEVELS = 6
/** Of the method's error, in the length of a step. */
const ORDER = 4
const TRIED = 16

/** Largest difference of two mechanisms' images in units; infinite where one is not defined. */
const apart = (
  one: Mechanism,
  other: Mechanism,
  region: Region,
  domains: AmbiguityOptions['actionDomains']
) => {
  const { points, halfWidth } = pointsWithin(region, 1, TRIED)
  const actions = actionsFor(one, 0, TRIED, domains, 1, 'flows')
  const [x, y] = [one, other].map((m) => transitionAt('flows', m, points, actions))
  if (E.isLeft(x) || E.isLeft(y)) return Number.POSITIVE_INFINITY
  const size = measuredIn(halfWidth, x.right.images.slice()).reduce(
    (most, v) => Math.max(most, Math.abs(v)),
    1
  )
  const gaps = measuredIn(
    halfWidth,
    x.right.images.map((v, e) => v - y.right.images[e])
  )
  return gaps.reduce((most, v) => Math.max(most, Math.abs(v)), 0) / size
}

/**
 * Weights of the results with 1, 2, 4, … times as many steps: extrapolation to steps of length 0 by Aitken and Neville's
 * scheme, as of L. F. Richardson (1911).
 */
const extrapolationWeights = (levels: number): number[] => {
  let table: number[][] = Array.from({ length: levels + 1 }, (_, k) =>
    Array.from({ length: levels + 1 }, (__, l) => (k === l ? 1 : 0))
  )
  for (let j = 0; j < levels; j++)
    table = table.slice(1).map((finer, k) => {
      const factor = 1 / (2 ** (ORDER + j) - 1)
      return finer.map((w, l) => w + factor * (w - table[k][l]))
    })
  return table[0]
}

const extrapolated = (mechanism: Mechanism, { finer }: ExactFlow, levels: number): Mechanism => {
  const parts = Array.from({ length: levels + 1 }, (_, k) => finer(2 ** k))
  const weights = extrapolationWeights(levels)
  return {
    ...mechanism,
    step: (F, z, a) => {
      const results = parts.map((part) => part.step(F, z, a))
      return results[0].map((_, i) =>
        results.reduce((sum, result, k) => F.add(sum, F.mul(F.lit(weights[k]), result[i])), F.zero)
      )
    }
  }
}

interface Refined {
  readonly mechanism: Mechanism
  /** How far the given one is from it, in units of the region. */
  readonly error: number
}

/** A flow, extrapolated until more makes no difference; any other mechanism as it is. */
const refined = (
  mechanism: Mechanism,
  region: Region,
  domains: AmbiguityOptions['actionDomains']
): Refined => {
  const { exactFlow } = mechanism
  if (exactFlow === undefined) return { mechanism, error: 0 }
  let [best, least] = [mechanism, Number.POSITIVE_INFINITY]
  for (let level = 1; level <= LEVELS && least > FINE; level++) {
    const next = extrapolated(mechanism, exactFlow, level)
    const gap = apart(best, next, region, domains)
    // Rounding has overtaken the steps' own error.
    if (!(gap < least)) break
    best = next
    least = gap
  }
  return { mechanism: best, error: apart(mechanism, best, region, domains) }
}

/** All of a list. `error`: of the one that is farthest. */
export const refinedAll = (
  list: ReadonlyArray<Mechanism>,
  region: Region,
  domains: AmbiguityOptions['actionDomains']
): { readonly list: ReadonlyArray<Mechanism>; readonly error: number } => {
  const all = list.map((m, k) => refined(m, region, domains?.[k] === undefined ? undefined : [domains[k]]))
  return {
    list: all.map(({ mechanism }) => mechanism),
    error: all.reduce((most, { error }) => Math.max(most, error), 0)
  }
}

/** A dictionary with the fields that flows among the mechanisms follow: each commutes with its own flow. */
export const withOwnFields = (dictionary: Dictionary, list: ReadonlyArray<Mechanism>): Dictionary => {
  const fields: ReadonlyArray<VectorField> = list.flatMap(({ exactFlow }) => exactFlow?.fields ?? [])
  if (fields.length === 0) return dictionary
  const own = fields.length === 1 ? "the flow's own field" : "the flows' own fields"
  return union([dictionary, givenFields(own, fields)])
}
