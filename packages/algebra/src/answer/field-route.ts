/** The connected part within a dictionary of vector fields: for any mechanisms, kernels, or a hypothesis class. */
import { generator } from '@mechid/random'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Dictionary, Region } from '../dictionary/dictionary.js'
import { polynomials } from '../dictionary/polynomial.js'
import type { Result } from '../errors.js'
import { equivarianceFields } from '../fields/equivariances.js'
import { regionOf } from '../fields/points.js'
import type { Fields } from '../fields/result.js'
import { kernelSymmetries, mechanismSymmetries } from '../finite/sampled-symmetries.js'
import type { SignedSymmetryOptions } from '../finite/signed-symmetries.js'
import { imitatorFields } from '../imitators/imitators.js'
import { kernelEquivarianceFields } from '../stochastic/equivariances.js'
import { asAffine, closedUnderProducts } from './affine-basis.js'
import type { AmbiguityOptions, DegreeDimension, Route } from './ambiguity.js'
import type { Sampled } from './as-mechanisms.js'
import type { ConnectedPart } from './connected-part.js'

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

/** Points of the region, apart from those that were solved at: to read off what fields depend on. */
export const readingPoints = (
  options: AmbiguityOptions,
  latents: number,
  dictionary: Dictionary,
  rows = 64
) => {
  const region: Region = regionOf({ ...options, dictionary }, latents)
  const random = generator(options.seed ?? 1).split('dependence')
  const points = Float64Array.from(
    { length: rows * latents },
    (_, e) => region.centre[e % latents] + region.halfWidth[e % latents] * (2 * random.uniform() - 1)
  )
  return { points, halfWidth: region.halfWidth }
}

const symmetryOptions = ({ box, data, seed, tolerance }: AmbiguityOptions): SignedSymmetryOptions => {
  const reach = [...(box?.flat() ?? []), ...(data?.data ?? [])].reduce(
    (most, x) => Math.max(most, Math.abs(x)),
    0
  )
  return {
    ...(reach > 0 ? { radius: reach } : {}),
    ...(seed === undefined ? {} : { seed }),
    ...(tolerance === undefined || tolerance === 0 ? {} : { tolerance })
  }
}

type Found = Pick<Fields, 'fields' | 'decision' | 'residual' | 'dictionary'> & {
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
    ? () => kernelSymmetries(sampled.list, symmetryOptions(options))
    : () =>
        mechanismSymmetries(sampled.list, {
          ...symmetryOptions(options),
          ...(options.actionDomains === undefined ? {} : { actionDomains: options.actionDomains })
        })

/**
 * Errors: as `equivarianceFields`, `kernelEquivarianceFields` and `imitatorFields`.
 */
export const fieldPart = (
  sampled: Sampled,
  dictionary: Dictionary,
  reason: string,
  options: AmbiguityOptions
): Result<ConnectedPart> =>
  pipe(
    solvedFor(sampled, dictionary, options),
    E.map(({ fields, decision, residual, dictionary: among, flowResidual }) => {
      const { points } = readingPoints(options, sampled.latents, dictionary)
      const affine = asAffine(fields, points)
      const route: Route = options.hypothesis === undefined ? ROUTES[sampled._tag] : 'imitators'
      return {
        route,
        reason,
        among,
        fields,
        ...(affine === undefined ? {} : { affine }),
        closed: route !== 'imitators' && affine !== undefined && closedUnderProducts(affine, 1),
        unit: 1,
        evidence: { decision, residual, ...(flowResidual === undefined ? {} : { flowResidual }) },
        finite: finiteOf(sampled, options)
      }
    })
  )

/** The dimension for each degree. */
export const dimensionsByDegree = (
  sampled: Sampled,
  degrees: ReadonlyArray<number>,
  options: AmbiguityOptions
): DegreeDimension[] =>
  degrees.map((degree) => ({
    degree,
    dimension: pipe(
      polynomials(degree),
      E.flatMap((dictionary) => solvedFor(sampled, dictionary, options)),
      E.map(({ fields }) => fields.dimension)
    )
  }))
