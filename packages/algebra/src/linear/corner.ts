/** Corners e A f of a matrix algebra, and the form tr(x y) on them. */
import {
  columnsOf,
  type Dense,
  decideRank,
  frobenius,
  innerProduct,
  multiply,
  NEEDED_GAP,
  type RankDecision,
  rightSvd,
  roundingLevel,
  scaled,
  symmetricEigen,
  tabulated,
  transposed,
  zeros
} from '@mechid/numerics'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Result } from '../errors.js'
import { matricesOf } from './commutator.js'

/** An idempotent embed · project and the algebra e A e in coordinates of its image. */
export interface Corner {
  /** d × k */
  readonly embed: Dense
  /** k × d; project · embed = 1 */
  readonly project: Dense
  /** Orthonormal k × k matrices. */
  readonly basis: ReadonlyArray<Dense>
}

/**
 * An orthonormal basis of the span of matrices that need not be independent; `tolerance` in their own units.
 *
 * Error: `Undecided`.
 */
export const spanOf = (
  where: string,
  matrices: ReadonlyArray<Dense>,
  tolerance: number
): Result<ReadonlyArray<Dense>> => {
  const [rows, columns] = matrices[0].shape
  const size = rows * columns
  const largest = Math.max(...matrices.map(frobenius), 1e-300)
  const stack = zeros(matrices.length, size)
  matrices.forEach((m, k) => {
    stack.data.set(scaled(1 / largest, m).data, k * size)
  })
  const { values, vectors } = rightSvd(stack)
  return pipe(
    decideRank(where, values, { floor: Math.max(tolerance / largest, roundingLevel(matrices.length, size)) }),
    E.map(({ nullity }) => matricesOf(columnsOf(vectors, 0, size - nullity), rows, columns))
  )
}

/**
 * The part of a corner along `embed` · `project`, given in the corner's own coordinates.
 *
 * Error: `Undecided`.
 */
export const subCorner = (
  where: string,
  corner: Corner,
  embed: Dense,
  project: Dense,
  tolerance: number
): Result<Corner> => {
  const cut = corner.basis.map((b) => multiply(project, multiply(b, embed)))
  const k = project.shape[1]
  // An oblique projection magnifies what is wrong with the basis.
  const magnified = frobenius(project) * Math.max(tolerance, roundingLevel(k, k))
  return pipe(
    spanOf(where, cut, magnified),
    E.map((basis) => ({
      embed: multiply(corner.embed, embed),
      project: multiply(project, corner.project),
      basis
    }))
  )
}

/** The form tr(x y) on the span of a basis. */
export interface TraceForm {
  /** The dimension modulo the radical. */
  readonly rank: number
  /** How many positive squares: one exactly for R, C and H, the real division algebras. */
  readonly positive: number
  /** All basis.length eigenvectors as columns, in coordinates along the basis, by falling size of eigenvalue. */
  readonly vectors: Dense
  readonly decision: RankDecision
}

/** Sylvester's law of inertia at work: eigenvalues by size, and the signs of those that count. */
export const traceForm = (
  where: string,
  basis: ReadonlyArray<Dense>,
  tolerance: number
): Result<TraceForm> => {
  const m = basis.length
  const turned = basis.map(transposed)
  const { values, vectors } = symmetricEigen(tabulated(m, m, (i, j) => innerProduct(turned[i], basis[j])))
  const order = values.map((_, k) => k).sort((k, l) => Math.abs(values[l]) - Math.abs(values[k]))
  const ladder = Float64Array.from(order, (k) => Math.abs(values[k]))
  return pipe(
    decideRank(where, ladder, { floor: Math.max(tolerance, roundingLevel(m, m)) }),
    E.map((decision) => {
      const rank = m - decision.nullity
      return {
        rank,
        positive: order.slice(0, rank).filter((k) => values[k] > 0).length,
        vectors: tabulated(m, m, (i, k) => vectors.data[i * m + order[k]]),
        decision
      }
    })
  )
}

/** The form cut at a rank that is known otherwise; undefined where the ladder has no gap there. */
export const cutAt = (form: TraceForm, rank: number): TraceForm | undefined => {
  if (rank === form.rank) return form
  const { ladder, tolerance, gap: runnerUp } = form.decision
  const gap = ladder[rank - 1] / Math.max(ladder[rank] ?? 0, tolerance)
  if (!(gap >= NEEDED_GAP)) return undefined
  const nullity = ladder.length - rank
  return { ...form, rank, decision: { ...form.decision, nullity, gap, runnerUp, certainty: 'narrow' } }
}
