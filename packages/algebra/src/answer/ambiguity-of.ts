/** What remains ambiguous when mechanisms are known: the route is chosen here, and the answer put together. */

import { type EdgeTable, invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { checkDomains } from '../checks.js'
import type { Dictionary } from '../dictionary/dictionary.js'
import { pointsWithin } from '../dictionary/points-within.js'
import { affineFields } from '../dictionary/polynomial.js'
import type { Result } from '../errors.js'
import { accuracyOf } from '../fields/cancellation.js'
import { fieldsIn } from '../fields/measured.js'
import { checkOptions } from '../fields/options.js'
import { algebraStructure } from '../linear/structure.js'
import { type AffineMaps, mapsOfKernels, mapsOfMechanisms } from './affine-maps.js'
import type { Ambiguity, AmbiguityOptions, CommutingIterates } from './ambiguity.js'
import { type Sampled, sampledOf } from './as-mechanisms.js'
import type { ConnectedPart } from './connected-part.js'
import { exactPart } from './exact-route.js'
import { defaultDegree, dimensionsByDegree, fieldPart, fieldQuestion, readingPoints } from './field-route.js'
import { heldTo, patternOf } from './graph-restriction.js'
import { commutingIterates } from './iterates.js'
import { type Known, type Sorted, sorted } from './known.js'
import { affineDependence, type Dependence, entanglementOf, fieldDependence, statusesOf } from './status.js'

const WHERE = 'ambiguityOf'

interface Maps extends AffineMaps {
  readonly reason: string
}

/** As affine maps, if the definitions are affine. */
const affineOf = (known: Sorted, options: AmbiguityOptions): Result<Maps | undefined> => {
  const { seed = 1, actionDomains } = options
  if (known._tag === 'Maps')
    return E.right({ maps: known.list, fresh: known.list, reason: 'matrices are given' })
  const read =
    known._tag === 'Mechanisms'
      ? mapsOfMechanisms(WHERE, known.list, actionDomains, seed)
      : mapsOfKernels(WHERE, known.list, seed)
  const reason =
    known._tag === 'Mechanisms'
      ? 'every mechanism is affine in its latents, by its definition'
      : 'every kernel is linear-Gaussian with a constant scale, by its definition'
  return E.map((maps: AffineMaps | undefined) => (maps === undefined ? undefined : { ...maps, reason }))(read)
}

interface Chosen {
  readonly part: ConnectedPart
  readonly dictionary: Dictionary
  /** With the box that was looked in. */
  readonly options: AmbiguityOptions
  /** What dimensions by degree are asked of: flows as exact ones. */
  readonly refined: Result<Sampled>
  /** Degrees to tell besides, if the caller names none. */
  readonly degrees: ReadonlyArray<number>
  /** A degree whose dimension is known already. */
  readonly solved?: { readonly degree: number; readonly dimension: number }
}

const byFields = (known: Sorted, given: AmbiguityOptions, reason: string): Result<Chosen> =>
  pipe(
    sampledOf(known),
    E.flatMap((sampled) => fieldQuestion(WHERE, sampled, given)),
    E.flatMap((question) =>
      pipe(
        fieldPart(question, reason),
        E.map((part) => {
          const top = given.dictionary === undefined ? defaultDegree(known.latents) : 0
          const { dictionary, options, refined, integrationError } = question
          const degrees = Array.from({ length: top }, (_, k) => k + 1)
          const chosen = { part, dictionary, options, refined: E.right(refined), degrees }
          // With the fields of flows besides, the dictionary is not that of the degree alone.
          return integrationError === undefined && top > 0
            ? { ...chosen, solved: { degree: top, dimension: part.fields.dimension } }
            : chosen
        })
      )
    )
  )

const chosen = (known: Sorted, options: AmbiguityOptions): Result<Chosen> => {
  if (options.hypothesis !== undefined)
    return known._tag === 'Kernels'
      ? E.left(
          invalidOption(WHERE, 'hypothesis', 'a class, for kernels', 'a class for deterministic mechanisms')
        )
      : byFields(known, options, `only the class "${options.hypothesis.name}" is known`)
  if (options.dictionary !== undefined) return byFields(known, options, 'a dictionary is given')
  return pipe(
    affineOf(known, options),
    E.flatMap((maps) =>
      maps === undefined
        ? byFields(known, options, 'not every definition is affine')
        : pipe(
            exactPart(WHERE, maps, maps.reason, options),
            E.map((part) => ({
              part,
              dictionary: affineFields,
              options,
              refined: sampledOf(known),
              degrees: []
            }))
          )
    )
  )
}

const checked = (known: Sorted, options: AmbiguityOptions): Result<void> =>
  pipe(
    checkOptions(WHERE, { ...options, dictionary: options.dictionary ?? affineFields }, known.latents),
    E.flatMap(() =>
      known._tag === 'Mechanisms'
        ? checkDomains(WHERE, known.list, options.actionDomains)
        : E.right(undefined)
    )
  )

/** What fields depend on; where they were looked for in a region, in its units. */
const dependenceOf = (
  { affine, fields, units, region, evidence }: ConnectedPart,
  reading: ReturnType<typeof readingPoints>,
  tolerance: number
): Result<Dependence> => {
  const exact = Math.max(tolerance, evidence.decision.tolerance)
  const least = region === undefined ? exact : Math.max(exact, accuracyOf(evidence.decision))
  if (affine !== undefined) return affineDependence(WHERE, fields.latents, affine, units, least)
  const measured = region === undefined ? fields : fieldsIn(region.halfWidth, fields)
  return fieldDependence(WHERE, measured, reading.points, reading.halfWidth, least)
}

/** Mechanisms that commute with all others and keep to the pattern, where answers do not contain them anyway. */
const iteratesOf = (
  known: Sorted,
  { route, region }: ConnectedPart,
  { actionDomains }: AmbiguityOptions,
  pattern: EdgeTable | undefined
): ReadonlyArray<CommutingIterates> => {
  if (region === undefined || (route !== 'fields' && route !== 'imitators')) return []
  const sampled = sampledOf(known)
  if (E.isLeft(sampled) || sampled.right._tag !== 'Mechanisms') return []
  return commutingIterates(sampled.right.list, region, actionDomains).filter(
    ({ mixes }) =>
      pattern === undefined || mixes.every((row, i) => row.every((entry, j) => entry <= pattern[i][j]))
  )
}

const readings = (
  part: ConnectedPart,
  reading: ReturnType<typeof readingPoints>,
  tolerance: number,
  pattern: EdgeTable | undefined
) =>
  pipe(
    dependenceOf(part, reading, tolerance),
    E.map((dependence) => {
      const finite = part.finite()
      const { graph: entanglement, attained } = entanglementOf(dependence, part.closed)
      const symmetries = E.isRight(finite) ? finite.right : undefined
      return {
        finite,
        entanglement,
        statuses: statusesOf(dependence, (i, j) => entanglement[i][j] === 1, symmetries),
        evidence: {
          ...part.evidence,
          ...(dependence.decision === undefined ? {} : { dependence: dependence.decision })
        },
        bound: attained && part.route !== 'imitators' ? ('attained' as const) : ('upper bound' as const),
        ...(pattern === undefined ? {} : { within: pattern })
      }
    })
  )

/**
 * What remains ambiguous when mechanisms are known (or kernels, or matrices, or only a class of mechanisms): theory
 * 1 of [PfM], with the sparsity of [MS] besides where `within` asks for it. Linear, affine and linear-Gaussian
 * definitions are recognized and answered exactly among affine maps; others within a dictionary of vector fields,
 * which is a lower bound. The answer says which route was taken, and how sure every decision is.
 *
 * Use it before training, to learn what a known motion can identify, or to choose what else to measure. Do not use it where
 * only a causal graph is known: that is `predict` of `@mechid/causal-graph`. An answer from a dictionary never proves
 * that nothing else is open: a mechanism commutes with itself, whatever the dictionary (`iterates`).
 *
 * Errors: those of the routes: bad input, `Undecided` where a rank cannot be called, `NotConfirmed` where what was
 * found fails on fresh points, `NoTangent` for a finite class. Finite symmetries that cannot be found do not spoil
 * the rest: `finite` then holds the error.
 *
 * @example
 * ambiguityOf([orThrow(scaling([1, 2]))], { among: 'linear' }) // right: dimension 2, each latent up to scale
 */
export const ambiguityOf = (known: Known, options: AmbiguityOptions = {}): Result<Ambiguity> => {
  const { tolerance = 0 } = options
  return pipe(
    sorted(WHERE, known),
    E.bindTo('sorted'),
    E.tap(({ sorted }) => checked(sorted, options)),
    E.bind('pattern', ({ sorted }) => patternOf(WHERE, sorted, options.within)),
    E.bind('chosen', ({ sorted }) => chosen(sorted, options)),
    E.flatMap(({ sorted, pattern, chosen }) => {
      const { part, dictionary, degrees, refined, options: boxed, solved } = chosen
      const reading =
        part.region === undefined
          ? readingPoints(options, sorted.latents, dictionary)
          : pointsWithin(part.region, options.seed)
      const held = pattern === undefined ? E.right(part) : heldTo(WHERE, part, pattern, reading, tolerance)
      return pipe(
        held,
        E.bindTo('held'),
        E.bind('read', ({ held }) => readings(held, reading, tolerance, pattern)),
        E.bind('byDegree', () => {
          const asked = options.degrees ?? degrees
          return asked.length === 0
            ? E.right([])
            : E.map((sampled: Sampled) => dimensionsByDegree(sampled, asked, boxed, solved))(refined)
        }),
        E.map(({ held, read, byDegree }): Ambiguity => {
          const { algebra, finite: _, region: __, ...rest } = held
          return {
            latents: sorted.latents,
            ...rest,
            ...read,
            ...(algebra === undefined ? {} : { structure: algebraStructure(algebra) }),
            dimension: held.fields.dimension,
            iterates: iteratesOf(sorted, held, options, pattern),
            byDegree,
            known,
            options: boxed
          }
        })
      )
    })
  )
}
