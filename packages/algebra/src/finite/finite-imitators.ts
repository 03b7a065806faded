/** Signed permutations that turn known mechanisms into others of a finite class. */
import type { Mechanism } from '@mechid/mechanisms'
import { tooLarge } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { checkAlike, checkDomains } from '../checks.js'
import { type Result, sizeMismatch } from '../errors.js'
import {
  composeSigned,
  identitySignedPermutation,
  type SignedPermutation
} from '../groups/signed-permutation.js'
import { firstAssignment } from './backtracking.js'
import { type Condition, mechanismCondition } from './sampled-conditions.js'
import { consistencyOf, freshFailure, groupOf, type MechanismSymmetryOptions } from './sampled-symmetries.js'
import { confirmed, type Settings, type SignedSymmetries, settingsOf } from './signed-symmetries.js'

/** One way to imitate all mechanisms at once: map ∘ m_k = hypotheses[imitators[k]] ∘ map. */
export interface Imitation {
  readonly map: SignedPermutation
  /** For each mechanism the index of the hypothesis that imitates it. */
  readonly imitators: ReadonlyArray<number>
}

/** {a : a ∘ m_k ∘ a⁻¹ ∈ H for all k} among signed permutations: one coset of the symmetries for each imitation. */
export interface FiniteImitators {
  /** Those with m_k itself as its imitator. */
  readonly symmetries: SignedSymmetries
  readonly imitations: ReadonlyArray<Imitation>
  /** How many such a there are. */
  readonly order: bigint
  /** Whether they form a group: they need not. */
  readonly isGroup: boolean
}

const WHERE = 'finiteImitators'

/** Tuples of imitators that are looked at one by one. */
const MOST_TUPLES = 10_000

/** Conditions by mechanism and hypothesis. */
type Conditions = ReadonlyArray<ReadonlyArray<Condition>>

const conditionsOf = (
  mechanisms: ReadonlyArray<Mechanism>,
  hypotheses: ReadonlyArray<Mechanism>,
  settings: Settings,
  domains: MechanismSymmetryOptions['actionDomains']
): Result<Conditions> =>
  pipe(
    mechanisms,
    E.traverseArrayWithIndex((k, m) =>
      pipe(
        hypotheses,
        E.traverseArray((h) => mechanismCondition(WHERE, m, h, settings, domains?.[k]))
      )
    )
  )

/** Of hypotheses that are the same map only the first. */
const distinct = (
  hypotheses: ReadonlyArray<Mechanism>,
  settings: Settings,
  domains: MechanismSymmetryOptions['actionDomains']
): Result<number[]> => {
  const one = identitySignedPermutation(hypotheses[0].latents)
  const kept: number[] = []
  for (const [k, h] of hypotheses.entries()) {
    let isNew = true
    for (const other of kept) {
      const condition = mechanismCondition(WHERE, hypotheses[other], h, settings, domains?.[0])
      if (E.isLeft(condition)) return condition
      if (freshFailure([condition.right], [one], one.image, settings) <= settings.tolerance) isNew = false
    }
    if (isNew) kept.push(k)
  }
  return E.right(kept)
}

const tuples = (lists: ReadonlyArray<ReadonlyArray<number>>): Result<number[][]> => {
  const count = lists.reduce((product, list) => product * list.length, 1)
  if (count > MOST_TUPLES) {
    const what = 'the number of tuples of imitators'
    return E.left(tooLarge(WHERE, what, count, MOST_TUPLES))
  }
  return E.right(
    lists.reduce<number[][]>((found, list) => found.flatMap((t) => list.map((h) => [...t, h])), [[]])
  )
}

const mapFor = (conditions: ReadonlyArray<Condition>, settings: Settings, latents: number) => {
  const base = Int32Array.from({ length: latents }, (_, i) => i)
  return firstAssignment(WHERE, base, [], consistencyOf(conditions, base, settings.tolerance), settings)
}

/** Hypotheses that imitate mechanism k when it is alone: the others need not be tried with it. */
const possible = (
  conditions: ReadonlyArray<Condition>,
  kept: ReadonlyArray<number>,
  settings: Settings,
  latents: number
): Result<number[]> => {
  const found: number[] = []
  for (const h of kept) {
    const map = mapFor([conditions[h]], settings, latents)
    if (E.isLeft(map)) return map
    if (map.right !== undefined) found.push(h)
  }
  return E.right(found)
}

const imitationsOf = (
  conditions: Conditions,
  kept: ReadonlyArray<number>,
  settings: Settings,
  latents: number
): Result<Imitation[]> =>
  pipe(
    conditions,
    E.traverseArray((row) => possible(row, kept, settings, latents)),
    E.flatMap(tuples),
    E.flatMap((all) => {
      const found: Imitation[] = []
      for (const imitators of all) {
        const chosen = imitators.map((h, k) => conditions[k][h])
        const map = mapFor(chosen, settings, latents)
        if (E.isLeft(map)) return map
        if (map.right !== undefined) found.push({ map: map.right, imitators })
      }
      return E.right(found)
    })
  )

/** Closed under the maps that generate: then all products lie in the set. */
const formGroup = (
  conditions: Conditions,
  imitations: ReadonlyArray<Imitation>,
  { generators, latents }: SignedSymmetries,
  settings: Settings
): boolean => {
  const one = identitySignedPermutation(latents)
  const isMember = (s: SignedPermutation): boolean =>
    imitations.some(({ imitators }) => {
      const chosen = imitators.map((h, k) => conditions[k][h])
      return freshFailure(chosen, [s], one.image, settings) <= 10 * settings.tolerance
    })
  const maps = imitations.map(({ map }) => map)
  return (
    isMember(one) && [...generators, ...maps].every((s) => maps.every((t) => isMember(composeSigned(s, t))))
  )
}

const worst = (conditions: Conditions, imitations: ReadonlyArray<Imitation>, settings: Settings): number =>
  imitations.reduce((most, { map, imitators }) => {
    const chosen = imitators.map((h, k) => conditions[k][h])
    return Math.max(
      most,
      freshFailure(chosen, [map], identitySignedPermutation(map.image.length).image, settings)
    )
  }, 0)

const checked = (
  mechanisms: ReadonlyArray<Mechanism>,
  hypotheses: ReadonlyArray<Mechanism>
): Result<number> =>
  pipe(
    checkAlike(WHERE, 'mechanism', mechanisms),
    E.tap(() => checkAlike(WHERE, 'hypothesis', hypotheses, 'hypotheses')),
    E.flatMap((d) => {
      if (hypotheses[0].latents !== d)
        return E.left(
          sizeMismatch(WHERE, 'the number of latents of the hypotheses', d, hypotheses[0].latents)
        )
      const { actions } = mechanisms[0]
      const odd = [...mechanisms, ...hypotheses].find((m) => m.actions !== actions)
      return odd === undefined
        ? E.right(d)
        : E.left(
            sizeMismatch(WHERE, 'the number of actions of a mechanism or hypothesis', actions, odd.actions)
          )
    })
  )

/**
 * What a finite hypothesis class leaves open among signed permutations: one shared map a with a ∘ m_k ∘ a⁻¹ in the
 * class for each mechanism ([PfM], imitators). Found as cosets of the symmetries, each by one representative.
 *
 * Errors: as `mechanismSymmetries`; `TooLarge` where too many tuples of imitators are possible.
 *
 * @example
 * finiteImitators([scaling12], [scaling12, scaling21]) // diag(1, 2) and diag(2, 1): right: order 8n, a group
 */
export const finiteImitators = (
  mechanisms: ReadonlyArray<Mechanism>,
  hypotheses: ReadonlyArray<Mechanism>,
  options: MechanismSymmetryOptions = {}
): Result<FiniteImitators> => {
  const { actionDomains } = options
  return pipe(
    settingsOf(WHERE, options),
    E.bindTo('settings'),
    E.bind('latents', () => checked(mechanisms, hypotheses)),
    E.tap(() => checkDomains(WHERE, mechanisms, actionDomains)),
    E.bind('conditions', ({ settings }) => conditionsOf(mechanisms, hypotheses, settings, actionDomains)),
    E.bind('kept', ({ settings }) => distinct(hypotheses, settings, actionDomains)),
    E.bind('symmetries', ({ settings, latents }) =>
      pipe(
        conditionsOf(mechanisms, mechanisms, settings, actionDomains),
        E.flatMap((own) =>
          groupOf(
            WHERE,
            latents,
            own.map((row, k) => row[k]),
            settings
          )
        )
      )
    ),
    E.bind('imitations', ({ conditions, kept, settings, latents }) =>
      imitationsOf(conditions, kept, settings, latents)
    ),
    E.tap(({ conditions, imitations, settings, latents }) =>
      confirmed(
        WHERE,
        latents,
        { generators: [], order: 1n },
        worst(conditions, imitations, settings),
        10 * settings.tolerance
      )
    ),
    E.map(({ symmetries, imitations, conditions, settings }) => ({
      symmetries,
      imitations,
      order: symmetries.order * BigInt(imitations.length),
      isGroup: formGroup(conditions, imitations, symmetries, settings)
    }))
  )
}
