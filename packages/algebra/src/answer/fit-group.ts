/** The predicted ambiguity as matrices over which a fit can be done: what R² modulo a group takes. */
import {
  combine,
  type Dense,
  frobenius,
  innerProduct,
  multiply,
  scaled,
  toRows,
  weightedSum
} from '@mechid/numerics'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { affineFields } from '../dictionary/polynomial.js'
import type { Result } from '../errors.js'
import { elementsOf, permutationGroup } from '../groups/permutation-group.js'
import { signedFromPoints, signedPermutationMatrix, signedToPoints } from '../groups/signed-permutation.js'
import { type AffineField, apart, beside } from '../linear/affine-commutant.js'
import type { Units } from '../linear/balancing.js'
import { asAffine, fieldOf, orthonormalIn } from './affine-basis.js'
import type { Ambiguity } from './ambiguity.js'
import { readingPoints } from './field-route.js'
import { straight } from './field-span.js'

/** A matrix as rows: d × (d + 1), the shift in its last column, or d × d. */
export type MatrixRows = ReadonlyArray<ReadonlyArray<number>>

/** The maps (origin + Σ θ_k basis_k) ∘ S, S of the finite part: the type that `moduloGroup` of `@mechid/metrics` takes. */
export interface FitGroup {
  /** d × (d + 1) each. */
  readonly basis: ReadonlyArray<MatrixRows>
  /** The identity, d × (d + 1). */
  readonly origin: MatrixRows
  /** d × d each, the identity among them. */
  readonly finite: ReadonlyArray<MatrixRows>
  /**
   * `group`: where invertible, these maps are the ambiguity. `hull`: the smallest such set around it, as scaled rotations
   * are around rotations; scores are then upper bounds. `affine part`: what is nonlinear in it is left out.
   */
  readonly covers: 'group' | 'hull' | 'affine part'
  /** Whether all of the finite part is in `finite`; else only the identity. */
  readonly allFinite: boolean
}

/** Finite elements that are listed one by one. */
const MOST_FINITE = 4096
/** What is left of a product outside a span that is no rounding. */
const OUTSIDE = 1e-8

const outside = (x: Dense, span: ReadonlyArray<Dense>): Dense =>
  combine(
    1,
    x,
    -1,
    weightedSum(
      span.map((b) => innerProduct(b, x)),
      span
    )
  )

/** (A, c)(B, e) = (AB, Ae), joined. */
const times = (x: Dense, y: Dense): Dense => {
  const { matrix } = apart(x, 1)
  return multiply(matrix, y)
}

/** The span with all products: a group id + X of matrices lies in id + this. */
const closure = (basis: ReadonlyArray<AffineField>, units: Units): AffineField[] => {
  const span = orthonormalIn(basis, units)
  for (let k = 0; k < span.length; k++)
    for (let l = 0; l <= k; l++)
      for (const [x, y] of [
        [span[k], span[l]],
        [span[l], span[k]]
      ]) {
        const rest = outside(outside(times(x, y), span), span)
        const size = frobenius(rest)
        if (size > OUTSIDE) span.push(scaled(1 / size, rest))
      }
  return span.map((b) => fieldOf(b, units))
}

const affinePart = (
  where: string,
  { fields, options, latents }: Ambiguity
): Result<ReadonlyArray<AffineField>> => {
  const { points, halfWidth } = readingPoints(options, latents, options.dictionary ?? affineFields)
  return pipe(
    straight(where, fields, points, halfWidth, options.tolerance ?? 0),
    E.map((span) => asAffine(span.fields, points) ?? [])
  )
}

const finiteElements = ({ finite, latents }: Ambiguity): { list: MatrixRows[]; all: boolean } => {
  const one = [
    toRows(signedPermutationMatrix(signedFromPoints(Int32Array.from({ length: 2 * latents }, (_, p) => p))))
  ]
  if (E.isLeft(finite) || finite.right.order > BigInt(MOST_FINITE)) return { list: one, all: false }
  const group = permutationGroup(2 * latents, finite.right.generators.map(signedToPoints))
  if (E.isLeft(group)) return { list: one, all: false }
  const list = Array.from(elementsOf(group.right), ({ image }) =>
    toRows(signedPermutationMatrix(signedFromPoints(image)))
  )
  return { list, all: true }
}

const joinedRows = (field: AffineField): MatrixRows => toRows(beside(field, 1))

/**
 * The ambiguity as something to fit over.
 *
 * Errors: `Undecided` (which of the fields are affine).
 *
 * @example
 * moduloGroup(z, zHat, orThrow(fitGroup(answer))) // R² modulo what theory leaves open
 */
export const fitGroup = (answer: Ambiguity): Result<FitGroup> => {
  const d = answer.latents
  const { list, all } = finiteElements(answer)
  const origin = Array.from({ length: d }, (_, i) =>
    Array.from({ length: d + 1 }, (__, j) => (i === j ? 1 : 0))
  )
  const { affine, closed, units } = answer
  const parts: Result<readonly [ReadonlyArray<AffineField>, FitGroup['covers']]> =
    affine === undefined
      ? E.map((part: ReadonlyArray<AffineField>) => [part, 'affine part'] as const)(
          affinePart('fitGroup', answer)
        )
      : E.right(closed ? ([affine, 'group'] as const) : ([closure(affine, units), 'hull'] as const))
  return E.map(([basis, covers]: readonly [ReadonlyArray<AffineField>, FitGroup['covers']]) => ({
    basis: basis.map(joinedRows),
    origin,
    finite: list,
    covers,
    allFinite: all
  }))(parts)
}
