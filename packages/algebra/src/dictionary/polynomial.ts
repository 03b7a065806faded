/** Constants, linear, affine and polynomial fields. */
import { invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { Result } from '../errors.js'
import { chebyshevProducts } from './chebyshev.js'
import { type Dictionary, everyCoordinate, type ScalarFunctions } from './dictionary.js'

const ofDegree = (description: string, degree: number): Dictionary => ({
  description,
  on: (region) => E.right(everyCoordinate(description, region.latents, chebyshevProducts(region, degree)))
})

/** Constant fields: shifts of each latent. */
export const constants: Dictionary = ofDegree('constant fields', 0)

/** z_j / h_j: about the origin, since linear fields are not the same about another point. */
const coordinates = (halfWidth: Float64Array): ScalarFunctions => {
  const d = halfWidth.length
  return {
    count: d,
    values: (points) => points.map((x, e) => x / halfWidth[e % d]),
    gradients: (_, rows) => {
      const out = new Float64Array(rows * d * d)
      for (let s = 0; s < rows; s++) for (let j = 0; j < d; j++) out[s * d * d + j * d + j] = 1 / halfWidth[j]
      return out
    },
    names: Array.from(halfWidth, (_, j) => `z_${j}`),
    sizes: halfWidth,
    named: (coefficients) => coefficients.map((c, j) => c / halfWidth[j])
  }
}

/** Linear fields z ↦ Az. */
export const linearFields: Dictionary = {
  description: 'linear fields',
  on: ({ latents, centre, halfWidth }) => {
    const reach = halfWidth.map((h, j) => h + Math.abs(centre[j]))
    return E.right(everyCoordinate('linear fields', latents, coordinates(reach)))
  }
}

/** Affine fields z ↦ Az + c. */
export const affineFields: Dictionary = ofDegree('affine fields', 1)

/**
 * Polynomial fields up to a total degree: d · C(d + degree, degree) of them. Computed over Chebyshev polynomials
 * of centred and scaled coordinates, told in monomials. The first choice where nothing is known of the mechanism; for
 * periodic ones unite it with `trigonometric`, for fields of your own with `givenFields`.
 *
 * Errors: `InvalidOption`: the degree is an integer from 0 to 20.
 *
 * @example
 * polynomials(3) // right: for two latents 20 fields
 */
export const polynomials = (degree: number): Result<Dictionary> =>
  Number.isInteger(degree) && degree >= 0 && degree <= 20
    ? E.right(ofDegree(`polynomial fields up to degree ${degree}`, degree))
    : E.left(invalidOption('polynomials', 'degree', degree, 'an integer from 0 to 20'))
