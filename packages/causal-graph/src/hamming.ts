/** Structural Hamming distance between graphs. */
import { shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Monoid } from 'fp-ts/lib/Monoid.js'
import { type BinaryMatrix, bitCount, dimensions } from './binary-matrix.js'
import { type CausalGraph, permuteGraph } from './causal-graph.js'
import type { GraphError } from './errors.js'
import { inverse, type Permutation } from './permutation.js'

/** Edge counts; self-loops count like any edge. */
export interface EdgeErrors {
  /** Edges learned that the truth lacks. */
  readonly falsePositives: number
  /** Edges of the truth that were not learned. */
  readonly falseNegatives: number
  /** Their sum: plain Hamming, a reversed edge counts twice. */
  readonly shd: number
}

export const monoidEdgeErrors: Monoid<EdgeErrors> = {
  concat: (a, b) => ({
    falsePositives: a.falsePositives + b.falsePositives,
    falseNegatives: a.falseNegatives + b.falseNegatives,
    shd: a.shd + b.shd
  }),
  empty: { falsePositives: 0, falseNegatives: 0, shd: 0 }
}

/** Compares two matrices of one size entry by entry. Error: `ShapeMismatch`. */
export const edgeErrors = (truth: BinaryMatrix, learned: BinaryMatrix): E.Either<GraphError, EdgeErrors> => {
  if (truth.rows !== learned.rows || truth.columns !== learned.columns)
    return E.left(shapeMismatch('edgeErrors', 'the learned matrix', dimensions(learned), dimensions(truth)))
  let falsePositives = 0
  let falseNegatives = 0
  for (let w = 0; w < truth.words.length; w++) {
    falsePositives += bitCount(learned.words[w] & ~truth.words[w])
    falseNegatives += bitCount(truth.words[w] & ~learned.words[w])
  }
  return E.right({ falsePositives, falseNegatives, shd: falsePositives + falseNegatives })
}

const partErrors = (
  name: string,
  truth: BinaryMatrix | undefined,
  learned: BinaryMatrix | undefined
): E.Either<GraphError, EdgeErrors> => {
  if (truth === undefined && learned === undefined) return E.right(monoidEdgeErrors.empty)
  if (truth === undefined || learned === undefined)
    return E.left(
      shapeMismatch(
        'structuralHamming',
        `${name} of the learned graph`,
        learned === undefined ? 'absent' : 'present',
        truth === undefined ? 'absent, as in the truth' : 'present, as in the truth'
      )
    )
  return edgeErrors(truth, learned)
}

/**
 * SHD between a true and a learned graph, Gz and Ga together. `assignment` is π of theory: learned latent π(i)
 * stands for true latent i (the assignment of MCC); the learned graph is relabelled by it before the comparison.
 *
 * Errors: `ShapeMismatch` (sizes differ, or a part that only one graph has).
 */
export const structuralHamming = (
  truth: CausalGraph,
  learned: CausalGraph,
  assignment?: Permutation
): E.Either<GraphError, EdgeErrors> =>
  pipe(
    assignment === undefined ? E.right(learned) : permuteGraph(inverse(assignment), learned),
    E.flatMap((aligned) =>
      pipe(
        partErrors('latents (Gz)', truth.latents, aligned.latents),
        E.flatMap((latents) =>
          pipe(
            partErrors('actions (Ga)', truth.actions, aligned.actions),
            E.map((actions) => monoidEdgeErrors.concat(latents, actions))
          )
        )
      )
    )
  )
