/** Affine fields as matrices and as vector fields; what a linear condition leaves of them; closure under products. */
import {
  combine,
  type Dense,
  frobenius,
  innerProduct,
  matrixExponential,
  multiply,
  type RankDecision,
  timesVector,
  weightedSum,
  zeros
} from '@mechid/numerics'
import { generator } from '@mechid/random'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { everyCoordinate, type ScalarFunctions } from '../dictionary/dictionary.js'
import { evaluateFields, fieldJacobians, type VectorFields } from '../dictionary/vector-fields.js'
import type { Result } from '../errors.js'
import { type AffineField, apart, beside, unitField } from '../linear/affine-commutant.js'
import { inUnits, normalized, outOfUnits, type Units } from '../linear/balancing.js'
import { orthonormal } from '../linear/cluster-commutant.js'
import { restricted } from '../linear/commutator.js'

/** 1, z_0, …, z_{d−1}. */
const oneAndCoordinates = (d: number): ScalarFunctions => ({
  count: d + 1,
  values: (points, rows) => {
    const out = new Float64Array(rows * (d + 1))
    for (let s = 0; s < rows; s++) {
      out[s * (d + 1)] = 1
      out.set(points.subarray(s * d, (s + 1) * d), s * (d + 1) + 1)
    }
    return out
  },
  gradients: (_, rows) => {
    const out = new Float64Array(rows * (d + 1) * d)
    for (let s = 0; s < rows; s++) for (let j = 0; j < d; j++) out[(s * (d + 1) + j + 1) * d + j] = 1
    return out
  },
  names: ['1', ...Array.from({ length: d }, (_, j) => `z_${j}`)],
  named: (coefficients) => coefficients
})

/** Affine fields as vector fields, in plain coordinates. */
export const asVectorFields = (
  latents: number,
  basis: ReadonlyArray<AffineField>,
  description: string
): VectorFields => {
  const n = latents + 1
  const coefficients = new Float64Array(basis.length * latents * n)
  basis.forEach(({ matrix, shift }, k) => {
    for (let i = 0; i < latents; i++) {
      const at = (k * latents + i) * n
      coefficients[at] = shift[i]
      coefficients.set(matrix.data.subarray(i * latents, (i + 1) * latents), at + 1)
    }
  })
  const space = everyCoordinate(description, latents, oneAndCoordinates(latents))
  return { latents, dimension: basis.length, space, coefficients }
}

/** How much a Jacobian may differ from point to point and count as constant, relative to the fields' size. */
const STRAIGHT = 1e-7

/** The same fields as matrices and shifts, if all are affine; undefined else. `points`: N × d, N of 2 or more. */
export const asAffine = (fields: VectorFields, points: Float64Array): AffineField[] | undefined => {
  const { latents: d, dimension } = fields
  const rows = points.length / d
  const slopes = fieldJacobians(fields, points)
  const width = dimension * d * d
  let [largest, apartBy] = [0, 0]
  for (let e = 0; e < slopes.length; e++) {
    largest = Math.max(largest, Math.abs(slopes[e]))
    apartBy = Math.max(apartBy, Math.abs(slopes[e] - slopes[e % width]))
  }
  const values = evaluateFields(fields, points)
  for (const x of values) largest = Math.max(largest, Math.abs(x))
  if (rows < 2 || apartBy > STRAIGHT * largest) return undefined
  const first = points.subarray(0, d)
  return Array.from({ length: dimension }, (_, k) => {
    const matrix: Dense = { data: slopes.slice(k * d * d, (k + 1) * d * d), shape: [d, d] }
    const moved = timesVector(matrix, first)
    return { matrix, shift: moved.map((x, i) => values[k * d + i] - x) }
  })
}

export interface AffineBasis {
  readonly basis: ReadonlyArray<AffineField>
  readonly decision?: RankDecision
}

/** [A | c] in units, the last of which is that of the 1 in front of shifts. */
const joinedIn = (field: AffineField, units: Units): Dense => inUnits(beside(field, 1), units)

/** Orthonormal in units. */
export const orthonormalIn = (basis: ReadonlyArray<AffineField>, units: Units): Dense[] =>
  orthonormal(basis.map((field) => normalized(joinedIn(field, units))))

/** Out of units, of norm 1. */
export const fieldOf = (joined: Dense, units: Units): AffineField =>
  unitField(outOfUnits(joined, units), 1 / units[units.length - 1])

/**
 * What a linear condition leaves of a span of fields; it is asked of them in `units`: of d latents, then of the 1 in front
 * of shifts. Errors: `Undecided`.
 */
export const restrictedFields = (
  where: string,
  basis: ReadonlyArray<AffineField>,
  units: Units,
  condition: (field: AffineField) => ArrayLike<number>,
  tolerance: number
): Result<AffineBasis> => {
  if (basis.length === 0 || condition(basis[0]).length === 0) return E.right({ basis })
  return pipe(
    restricted(where, orthonormalIn(basis, units), (b) => Float64Array.from(condition(apart(b, 1))), {
      tolerance
    }),
    E.map((left) => ({ basis: left.basis.map((b) => fieldOf(b, units)), decision: left.decision }))
  )
}

/** (A, c)(B, e) = (AB, Ae): the product of the embedded matrices whose last row is 0. */
const product = (x: AffineField, y: AffineField): AffineField => ({
  matrix: multiply(x.matrix, y.matrix),
  shift: timesVector(x.matrix, y.shift)
})

const CLOSED = 1e-8

/** Whether products of fields stay in the span, tried on random elements: the invertible id + X are then a group. */
export const closedUnderProducts = (basis: ReadonlyArray<AffineField>, units: Units): boolean => {
  if (basis.length === 0) return true
  const joined = orthonormalIn(basis, units)
  const random = generator(1).split('closure')
  const draw = (): AffineField =>
    apart(
      weightedSum(
        joined.map(() => random.normal()),
        joined
      ),
      1
    )
  const xy = beside(product(draw(), draw()), 1)
  const within = weightedSum(
    joined.map((b) => innerProduct(b, xy)),
    joined
  )
  return frobenius(combine(1, xy, -1, within)) <= CLOSED * Math.max(1, frobenius(xy))
}

/** exp(t(A, c)): the flow of an affine field for time t, itself an affine map. */
export const affineFlow = ({ matrix, shift }: AffineField, time: number): AffineField => {
  const d = shift.length
  const n = d + 1
  const generating = zeros(n, n)
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) generating.data[i * n + j] = time * matrix.data[i * d + j]
    generating.data[i * n + d] = time * shift[i]
  }
  const flowed = matrixExponential(generating)
  const out = { matrix: zeros(d, d), shift: new Float64Array(d) }
  for (let i = 0; i < d; i++) {
    out.matrix.data.set(flowed.data.subarray(i * n, i * n + d), i * d)
    out.shift[i] = flowed.data[i * n + d]
  }
  return out
}
