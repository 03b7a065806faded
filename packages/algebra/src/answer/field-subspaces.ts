/** Subspaces of the fields of an answer, in coordinates along these. */
import {
  combine,
  type Dense,
  identityMatrix,
  multiply,
  pivotedQr,
  tabulated,
  thinQ,
  transposed
} from '@mechid/numerics'
import { affineFields } from '../dictionary/polynomial.js'
import { evaluateFields, type VectorFields } from '../dictionary/vector-fields.js'
import type { AffineField } from '../linear/affine-commutant.js'
import type { Units } from '../linear/balancing.js'
import { orthonormalIn } from './affine-basis.js'
import type { Ambiguity } from './ambiguity.js'
import { readingPoints } from './field-route.js'

/** Orthonormal columns that span fields' values at points, in units, (N · d) × dimension. */
const spanAt = (fields: VectorFields, points: Float64Array, units: Float64Array): Dense => {
  const { latents: d, dimension } = fields
  const values = evaluateFields(fields, points)
  const columns = tabulated(points.length, dimension, (e, k) => {
    return values[(Math.floor(e / d) * dimension + k) * d + (e % d)] / units[e % d]
  })
  return thinQ(pivotedQr(columns), dimension)
}

/** The same of affine fields as matrices in units, (d · (d + 1)) × dimension. */
const spanOf = (basis: ReadonlyArray<AffineField>, units: Units): Dense => {
  const span = orthonormalIn(basis, units)
  const rows = units.length * (units.length - 1)
  return tabulated(rows, span.length, (e, k) => span[k].data[e])
}

/** How answers are turned into spans: all as matrices where all are affine, else by values at points. */
const spanning = (answer: Ambiguity, others: ReadonlyArray<Ambiguity>): ((one: Ambiguity) => Dense) => {
  const { affine, fields, latents, options, units } = answer
  if (affine !== undefined && others.every((other) => other.affine !== undefined))
    return (one) => spanOf(one.affine ?? [], units)
  const rows = Math.max(64, Math.ceil((4 * fields.dimension) / latents))
  const { points, halfWidth } = readingPoints(options, latents, options.dictionary ?? affineFields, rows)
  return (one) => spanAt(one.fields, points, halfWidth)
}

/** n × n each: what others leave out of an answer's n fields, as a projection in coordinates; zero for all of it left. */
export const takenAway = (answer: Ambiguity, others: ReadonlyArray<Ambiguity>): Dense[] => {
  const span = spanning(answer, others)
  const all = span(answer)
  return others.map((other) => {
    const within = multiply(transposed(all), span(other))
    return combine(1, identityMatrix(all.shape[1]), -1, multiply(within, transposed(within)))
  })
}
