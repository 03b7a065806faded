/** Which entries the matrices of an algebra can have, and what that says of each latent. */

import { type BlockOrder, blockOrder, reflexiveTransitiveClosure } from '@mechid/causal-graph'
import { type RankDecision, roundingLevel } from '@mechid/numerics'
import { type EdgeTable, orThrow, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Result } from '../errors.js'
import { inUnits, normalized } from './balancing.js'
import { orthonormal } from './cluster-commutant.js'
import type { MatrixAlgebra } from './commutant.js'
import { nonZero } from './structure.js'

export interface AlgebraSupport {
  /** Entry (i, j): some matrix of the algebra has one there, and so has a generic one. */
  readonly support: EdgeTable
  /** Latents, ascending, whose row is supported on the diagonal: identified up to scale. */
  readonly upToScale: ReadonlyArray<number>
  /** Strongly connected sets of latents: each block is identified up to a mixing of its own and blocks below it. */
  readonly blocks: BlockOrder
  readonly decision: RankDecision
}

/**
 * The union of the supports of an algebra's matrices: the entanglement that linear equivariances can bring about,
 * exactly, since an algebra contains its products. Entries are judged in the algebra's units.
 *
 * Errors: `ShapeMismatch` (an empty basis), `Undecided` (entries too small to call zero or not).
 *
 * @example
 * algebraSupport(commutant) // of diag(1, 2): right: the identity, both latents up to scale
 */
export const algebraSupport = (
  { basis, size, units, decision: { tolerance } }: MatrixAlgebra,
  where = 'algebraSupport'
): Result<AlgebraSupport> => {
  if (basis.length === 0) return E.left(shapeMismatch(where, 'the basis', 'empty', 'one matrix or more'))
  const own = orthonormal(basis.map((b) => normalized(inUnits(b, units))))
  const sizes = Array.from({ length: size * size }, (_, e) => Math.hypot(...own.map(({ data }) => data[e])))
  return pipe(
    nonZero(where, sizes, Math.max(tolerance, roundingLevel(size * size, size * size))),
    E.map(({ isNonZero, decision }) => {
      const latents = Array.from({ length: size }, (_, i) => i)
      const support = latents.map((i) => latents.map((j) => (isNonZero[i * size + j] ? 1 : 0)))
      return {
        support,
        upToScale: latents.filter((i) => latents.every((j) => j === i || !isNonZero[i * size + j])),
        // A square table of 0 and 1 has a closure, and blocks.
        blocks: orThrow(blockOrder(orThrow(reflexiveTransitiveClosure(support)))),
        decision
      }
    })
  )
}
