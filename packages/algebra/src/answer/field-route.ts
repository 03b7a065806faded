/** The connected part within a dictionary of vector fields: for any mechanisms, kernels, or a hypothesis class. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Dictionary } from '../dictionary/dictionary.js'
import { pointsWithin } from '../dictionary/points-within.js'
import { affineFields, polynomials } from '../dictionary/polynomial.js'
import type { Result } from '../errors.js'
import { accuracyOf } from '../fields/cancellation.js'
import { equivarianceFields } from '../fields/equivariances.js'
import { regionOf } from '../fields/points.js'
import type { Fields } from '../fields/result.js'
import { withBox, withNoiseBox } from '../fields/units.js'
import { kernelSymmetries, mechanismSymmetries } from '../finite/sampled-symmetries.js'
import type { SignedSymmetryOptions } from '../finite/signed-symmetries.js'
import { imitatorFields } from '../imitators/imitators.js'
import { checkKernel } from '../stochastic/density.js'
import { kernelEquivarianceFields } from '../stochastic/equivariances.js'
import { closedUnderProducts } from './affine-basis.js'
import type { AmbiguityOptions, DegreeDimension, Route } from './ambiguity.js'
import type { Sampled } from './as-mechanisms.js'
import type { ConnectedPart } from './connected-part.js'
import { refinedAll, withOwnFields } from './exact-flows.js'
import { affineForm } from './field-span.js'

/** Unknowns that a default dictionary may have. */
const MOST_FIELDS = 200
const MOST_DEGREE = 3

const fieldsOfDegree = (latents: number, degree: number): number => {
  let functions = 1
  for (let k = 1; k <= degree; k++) functions = (functions * (latents + k)) / k
  return latents * functions
}

/** The largest degree up to 3 with a dictionary that is quick to decide; 1 at least. */
export const defaultDegree = (latents: number): number => {
  let degree = MOST_DEGREE
  while (degree > 1 && fieldsOfDegree(latents, degree) > MOST_FIELDS) degree--
  return degree
}

/** Of the region that the options name. */
export const readingPoints = (
  options: AmbiguityOptions,
  latents: number,
  dictionary: Dictionary,
  rows = 64
) => pointsWithin(regionOf({ ...options, dictionary }, latents), options.seed, rows)

/** The same place for finite symmetries: how far each latent goes from 0. */
const symmetryOptions = (options: AmbiguityOptions, latents: number): SignedSymmetryOptions => {
  const { seed, tolerance } = options
  const { centre, halfWidth } = regionOf({ ...options, dictionary: affineFields }, latents)
  return {
    radius: Array.from(centre, (c, i) => Math.abs(c) + halfWidth[i]),
    ...(seed === undefined ? {} : { seed }),
    ...(tolerance === undefined || tolerance === 0 ? {} : { tolerance })
  }
}

type Found = Pick<Fields, 'fields' | 'region' | 'decision' | 'residual' | 'dictionary'> & {
  readonly flowResidual?: number
}

const solvedFor = (sampled: Sampled, dictionary: Dictionary, options: AmbiguityOptions): Result<Found> => {
  const { hypothesis } = options
  const settings = { ...options, dictionary }
  if (sampled._tag === 'Kernels') return kernelEquivarianceFields(sampled.list, settings)
  return hypothesis === undefined
    ? equivarianceFields(sampled.list, settings)
    : imitatorFields(sampled.list, hypothesis, settings)
}

const ROUTES = { Kernels: 'density', Mechanisms: 'fields' } as const

const finiteOf = (sampled: Sampled, options: AmbiguityOptions): ConnectedPart['finite'] =>
  sampled._tag === 'Kernels'
    ? () => kernelSymmetries(sampled.list, symmetryOptions(options, sampled.latents))
    : () =>
        mechanismSymmetries(sampled.list, {
          ...symmetryOptions(options, sampled.latents),
          ...(options.actionDomains === undefined ? {} : { actionDomains: options.actionDomains })
        })

/** What is asked among fields: where, among which, and of what mechanisms. */
export interface FieldQuestion {
  /** As known. */
  readonly sampled: Sampled
  /** The same, flows as exact ones. */
  readonly refined: Sampled
  readonly dictionary: Dictionary
  /** With the box to look in. */
  readonly options: AmbiguityOptions
  /** How far flows are from exact ones; undefined where there are none. */
  readonly integrationError?: number
}

/** A box, where options name none. Errors: those of kernels that are none. */
const boxed = (where: string, sampled: Sampled, options: AmbiguityOptions): Result<AmbiguityOptions> =>
  sampled._tag === 'Mechanisms'
    ? E.right(withBox(options, sampled.list, options.actionDomains))
    : pipe(
        sampled.list,
        E.traverseArrayWithIndex((k, kernel) => checkKernel(`${where}, kernel ${k}`, kernel)),
        E.map(() => withNoiseBox(options, sampled.list))
      )

/** Errors: those of kernels, and of `polynomials`. */
export const fieldQuestion = (
  where: string,
  sampled: Sampled,
  given: AmbiguityOptions
): Result<FieldQuestion> =>
  pipe(
    boxed(where, sampled, given),
    E.bindTo('options'),
    E.bind('dictionary', () =>
      given.dictionary === undefined ? polynomials(defaultDegree(sampled.latents)) : E.right(given.dictionary)
    ),
    E.map(({ options, dictionary }) => {
      if (sampled._tag === 'Kernels' || sampled.list.every(({ exactFlow }) => exactFlow === undefined))
        return { sampled, refined: sampled, dictionary, options }
      const region = regionOf({ ...options, dictionary }, sampled.latents)
      const { list, error } = refinedAll(sampled.list, region, options.actionDomains)
      return {
        sampled,
        refined: { ...sampled, list },
        dictionary: withOwnFields(dictionary, list),
        options,
        integrationError: error
      }
    })
  )

/**
 * Errors: as `equivarianceFields`, `kernelEquivarianceFields` and `imitatorFields`.
 */
export const fieldPart = (
  { sampled, refined, dictionary, options, integrationError }: FieldQuestion,
  reason: string
): Result<ConnectedPart> =>
  pipe(
    solvedFor(refined, dictionary, options),
    E.map(({ fields, region, decision, residual, dictionary: among, flowResidual }) => {
      const affine = affineForm(fields, region, accuracyOf(decision))
      const units = Float64Array.of(...region.halfWidth, 1)
      const route: Route = options.hypothesis === undefined ? ROUTES[sampled._tag] : 'imitators'
      return {
        route,
        reason,
        among,
        fields,
        region,
        ...(affine === undefined ? {} : { affine }),
        closed: route !== 'imitators' && affine !== undefined && closedUnderProducts(affine, units),
        units,
        evidence: {
          decision,
          residual,
          ...(flowResidual === undefined ? {} : { flowResidual }),
          ...(integrationError === undefined ? {} : { integrationError })
        },
        finite: finiteOf(sampled, options)
      }
    })
  )

/** The dimension for each degree, but for one that is known. */
export const dimensionsByDegree = (
  sampled: Sampled,
  degrees: ReadonlyArray<number>,
  options: AmbiguityOptions,
  known?: { readonly degree: number; readonly dimension: number }
): DegreeDimension[] =>
  degrees.map((degree) => ({
    degree,
    dimension:
      degree === known?.degree
        ? E.right(known.dimension)
        : pipe(
            polynomials(degree),
            E.flatMap((dictionary) => solvedFor(sampled, dictionary, options)),
            E.map(({ fields }) => fields.dimension)
          )
  }))
