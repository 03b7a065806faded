/** The graphical criterion of complete disentanglement, by intersections of parents and children. */
import * as E from 'fp-ts/lib/Either.js'
import type { GraphError } from '../errors.js'
import { bitsOf, type GraphBits, type GraphSource } from '../graph/graph-bits.js'
import { candidatesOf, familiesOf, intersect } from './intersections.js'

const latentsAlone = (graph: GraphBits): number[] => {
  const { size } = graph
  const families = familiesOf(graph)
  const candidates = candidatesOf(size)
  const met: number[] = []
  for (let i = 0; i < size; i++) if (intersect(i, families, candidates)) met.push(i)
  return met
}

/**
 * The latents that meet the graphical criterion, ascending: those i with
 * `⋂_{l ∈ Pa_a(i)} Ch_a(l) ∩ ⋂_{j ∈ Ch_z(i)} Pa_z(j) ∩ ⋂_{j ∈ Pa_z(i)} Ch_z(j) = {i}`, where empty
 * intersections are everything ([MS] section 2). Under sufficient influence each is identified up to an element-wise map.
 *
 * Errors: `NotBinary`, `ShapeMismatch`.
 */
export const criterionByLatent = (graph: GraphSource): E.Either<GraphError, number[]> =>
  E.map(latentsAlone)(bitsOf('criterionByLatent', graph))

/**
 * Whether disentanglement is complete: every latent meets the criterion, that is, the pattern is the identity.
 *
 * When to use it: for a yes or no in an inner loop, such as a search over graphs; it is faster than `predict`. Where the
 * answer is no, `predict` says why and what would help.
 *
 * Errors: as `criterionByLatent`.
 *
 * @example
 * criterion({ actions: [[1, 0], [0, 1]] }) // E.right(true)
 */
export const criterion = (graph: GraphSource): E.Either<GraphError, boolean> =>
  E.map((bits: GraphBits) => latentsAlone(bits).length === bits.size)(bitsOf('criterion', graph))
