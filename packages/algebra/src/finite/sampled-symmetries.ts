/** Signed permutations that commute with any mechanisms, or leave any kernels as they are. */
import type { ActionDomain, Kernel, Mechanism } from '@mechid/mechanisms'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { checkAlike, checkDomains } from '../checks.js'
import type { Result } from '../errors.js'
import type { SignedPermutation } from '../groups/signed-permutation.js'
import { type Consistent, firstAssignment } from './backtracking.js'
import { type Condition, kernelCondition, mechanismCondition } from './sampled-conditions.js'
import {
  confirmed,
  type Settings,
  type SignedSymmetries,
  type SignedSymmetryOptions,
  settingsOf
} from './signed-symmetries.js'
import { type Base, strongGenerators } from './stabilizer-search.js'

/** Samples for a partial assignment, and for a complete one. */
const FEW = 3
const MANY = 24

/** Conditions as tests of the first 1, 2, … assigned latents; a complete assignment gets the closest look. */
export const consistencyOf = (
  conditions: ReadonlyArray<Condition>,
  base: Base,
  tolerance: number
): Consistent => {
  const tests = Array.from(base, (_, k) => {
    const assigned = base.slice(0, k + 1)
    const count = k + 1 === base.length ? MANY : FEW
    return conditions.map((c, l) => ({
      c,
      assigned,
      samples: c.samples(assigned, count, `${l}, ${k} assigned`)
    }))
  })
  return (candidate, count) =>
    tests[count - 1].every(({ c, assigned, samples }) => c.failure(candidate, assigned, samples) <= tolerance)
}

/** How far the worst of `elements` fails at fresh points. */
export const freshFailure = (
  conditions: ReadonlyArray<Condition>,
  elements: ReadonlyArray<SignedPermutation>,
  base: Base,
  { samples }: Settings
): number => {
  const fresh = conditions.map((c, l) => ({ c, drawn: c.samples(base, samples, `${l}, fresh`) }))
  return elements.reduce(
    (worst, s) => fresh.reduce((most, { c, drawn }) => Math.max(most, c.failure(s, base, drawn)), worst),
    0
  )
}

/** The group of all signed permutations that meet the conditions. */
export const groupOf = (
  where: string,
  latents: number,
  conditions: ReadonlyArray<Condition>,
  settings: Settings
): Result<SignedSymmetries> => {
  const base = Int32Array.from({ length: latents }, (_, i) => i)
  const consistent = consistencyOf(conditions, base, settings.tolerance)
  return pipe(
    strongGenerators(base, (level, point) =>
      firstAssignment(
        where,
        base,
        [...Array.from(base.subarray(0, level), (i) => 2 * i), point],
        consistent,
        settings
      )
    ),
    E.flatMap((found) => {
      const residual = freshFailure(conditions, found.generators, base, settings)
      return confirmed(where, latents, found, residual, 10 * settings.tolerance)
    })
  )
}

export interface MechanismSymmetryOptions extends SignedSymmetryOptions {
  /** For each mechanism what its actions range over (default: as its definition says). */
  readonly actionDomains?: ReadonlyArray<ReadonlyArray<ActionDomain>>
}

/**
 * The signed permutations S with S(m(z, a)) = m(S z, a) for all z, a and each of the mechanisms. A partial S is tried
 * on points that vanish off the latents it is known on; what was found is verified at fresh points of the box. Points
 * shrink so that S keeps them within the box. Other maps of finite order: `cyclicSymmetries`. For matrices
 * `linearSymmetries` is faster.
 *
 * Errors: `InvalidOption`, `ShapeMismatch`, `NotFinite`, `DefinitionThrew`, `SearchLimit`, `NotConfirmed`.
 *
 * @example
 * mechanismSymmetries([tanhOfTwice]) // elementwise tanh(2z), d = 3: right: order 48n
 */
export const mechanismSymmetries = (
  mechanisms: ReadonlyArray<Mechanism>,
  options: MechanismSymmetryOptions = {}
): Result<SignedSymmetries> => {
  const where = 'mechanismSymmetries'
  return pipe(
    settingsOf(where, options),
    E.bindTo('settings'),
    E.bind('latents', () => checkAlike(where, 'mechanism', mechanisms)),
    E.tap(() => checkDomains(where, mechanisms, options.actionDomains)),
    E.flatMap(({ settings, latents }) =>
      pipe(
        mechanisms,
        E.traverseArrayWithIndex((k, m) =>
          mechanismCondition(where, m, m, settings, options.actionDomains?.[k])
        ),
        E.flatMap((conditions) => groupOf(where, latents, conditions, settings))
      )
    )
  )
}

/**
 * The signed permutations that leave each kernel as it is: log p(S z' | S past, a) = log p(z' | past, a).
 *
 * Errors: as `mechanismSymmetries`.
 *
 * @example
 * kernelSymmetries([laplaceWalk]) // equal scales, d = 2: right: order 8n
 */
export const kernelSymmetries = (
  kernels: ReadonlyArray<Kernel>,
  options: SignedSymmetryOptions = {}
): Result<SignedSymmetries> => {
  const where = 'kernelSymmetries'
  return pipe(
    settingsOf(where, options),
    E.bindTo('settings'),
    E.bind('latents', () => checkAlike(where, 'kernel', kernels)),
    E.flatMap(({ settings, latents }) =>
      pipe(
        kernels,
        E.traverseArray((k) => kernelCondition(where, k, settings)),
        E.flatMap((conditions) => groupOf(where, latents, conditions, settings))
      )
    )
  )
}
