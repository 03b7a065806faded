/** Corners e A f of a matrix algebra, and the form tr(x y) on them. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Result } from '../errors.js'
import { type Dense, frobenius, multiply, scaled, tabulated, traceOfProduct, zeros } from '../linalg/dense.js'
import { symmetricEigen } from '../linalg/eigenvalues.js'
import { columnsOf } from '../linalg/null-space.js'
import { decideRank, noiseFloor, type RankDecision } from '../linalg/rank-decision.js'
import { rightSvd } from '../linalg/singular-values.js'
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

/** An orthonormal basis of the span of matrices of norm about 1 or less that need not be independent. */
export const spanOf = (
  where: string,
  matrices: ReadonlyArray<Dense>,
  tolerance: number
): Result<ReadonlyArray<Dense>> => {
  const [rows, columns] = matrices[0].shape
  const size = rows * columns
  const stack = zeros(matrices.length, size)
  matrices.forEach(({ data }, k) => {
    stack.data.set(data, k * size)
  })
  const { values, vectors } = rightSvd(stack)
  return pipe(
    decideRank(where, values, Math.max(tolerance, noiseFloor(matrices.length, size))),
    E.map(({ nullity }) => matricesOf(columnsOf(vectors, 0, size - nullity), rows, columns))
  )
}

/** The part of a corner along `embed` · `project`, given in the corner's own coordinates. */
export const subCorner = (
  where: string,
  corner: Corner,
  embed: Dense,
  project: Dense,
  tolerance: number
): Result<Corner> => {
  const scale = Math.max(1, frobenius(project))
  const cut = corner.basis.map((b) => scaled(1 / scale, multiply(project, multiply(b, embed))))
  return pipe(
    spanOf(where, cut, tolerance),
    E.map((basis) => ({
      embed: multiply(corner.embed, embed),
      project: multiply(project, corner.project),
      basis
    }))
  )
}

/** The form tr(x y) on the span of a basis: its rank, and of what signs. */
export interface TraceForm {
  /** The dimension modulo the radical. */
  readonly rank: number
  /** How many positive squares: one exactly for R, C and H, the real division algebras. */
  readonly positive: number
  /** Columns span the form's kernel, in coordinates along the basis. */
  readonly kernel: Dense
  readonly decision: RankDecision
}

/** Sylvester's law of inertia at work: eigenvalues by size, and the signs of those that count. */
export const traceForm = (
  where: string,
  basis: ReadonlyArray<Dense>,
  tolerance: number
): Result<TraceForm> => {
  const m = basis.length
  const { values, vectors } = symmetricEigen(tabulated(m, m, (i, j) => traceOfProduct(basis[i], basis[j])))
  const order = values.map((_, k) => k).sort((k, l) => Math.abs(values[l]) - Math.abs(values[k]))
  const ladder = Float64Array.from(order, (k) => Math.abs(values[k]))
  return pipe(
    decideRank(where, ladder, Math.max(tolerance, noiseFloor(m, m))),
    E.map((decision) => {
      const rank = m - decision.nullity
      return {
        rank,
        positive: order.slice(0, rank).filter((k) => values[k] > 0).length,
        kernel: tabulated(m, decision.nullity, (i, k) => vectors.data[i * m + order[rank + k]]),
        decision
      }
    })
  )
}
