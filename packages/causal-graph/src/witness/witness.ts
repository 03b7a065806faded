/** Explicit other models where identification fails. */
import type { Kernel } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { GraphError } from '../errors.js'
import { bitsOfKernel } from '../graph/graph-bits.js'
import { provenPart } from '../influence/proven-part.js'
import { type SufficientInfluence, sufficientInfluence } from '../influence/sufficient-influence.js'
import { tabulate } from '../matrices/binary-matrix.js'
import { getMonoidAnd } from '../matrices/matrix-algebra.js'
import { blocksOf } from '../pattern/blocks.js'
import { patternOf } from '../pattern/pattern.js'
import type { WitnessAnswer } from './answer.js'
import { flowWitness } from './internal/flow-witness.js'
import { noneExists } from './internal/none-exists.js'
import { rotationWitness } from './internal/rotation-witness.js'
import type { Search } from './internal/search.js'
import { twistWitness } from './internal/twist-witness.js'

export interface WitnessOptions {
  /** Highest degree of the polynomial fields that are tried. Default: 2. */
  readonly degree?: 1 | 2 | 3
  /** Fresh places at which a witness is checked. Default: 6. */
  readonly places?: number
  readonly seed?: number
  /** The only latents that v may mix: a question about one block. Default: all. */
  readonly latents?: ReadonlyArray<number>
}

const checkOptions = (
  kernel: Kernel,
  { degree = 2, places = 6, seed = 0, latents = kernel.noise.map((_, i) => i) }: WitnessOptions
): E.Either<GraphError, Required<WitnessOptions>> => {
  const where = 'findWitness'
  if (!(Number.isInteger(places) && places >= 2))
    return E.left(invalidOption(where, 'places', places, 'a whole number of at least 2'))
  if (![1, 2, 3].includes(degree)) return E.left(invalidOption(where, 'degree', degree, '1, 2 or 3'))
  const stray = latents.find((i) => !(Number.isInteger(i) && i >= 0 && i < kernel.latents))
  if (stray !== undefined)
    return E.left(invalidOption(where, 'a latent', stray, `a latent, 0..${kernel.latents - 1}`))
  return E.right({ degree, places, seed, latents })
}

/**
 * Looks for another model with the same observations and the same graph, beyond permutations and element-wise maps: a map
 * v for which the transformed kernel `ℓ(v(ẑ) | v(past), a) + log |det Dv(ẑ)|` still factorizes over latents with that
 * graph ([MS] section 2; the stochastic condition on fields).
 *
 * When to use it: the criterion fails, and you want to know whether that costs you anything. Not as a proof of
 * identification: `None` rests on ranks at random points, and `evidence` says so.
 *
 * In turn it tries
 * - a rotation after whitening, within a block of Gaussian latents;
 * - a twist of a box of two latents where no past and no action changes the shape of their densities: tails of Laplace
 *   noise, the inner part of uniform noise, latents without causes. Interval arithmetic bounds locations and scales over
 *   all pasts and actions;
 * - the reasons why there is none: the pattern under sufficient influence, or the variability of first and second
 *   derivatives, which needs no graph;
 * - the flow of a polynomial field that solves the first-order condition.
 *
 * What is found is checked at fresh places, to 1e−5 relative, by exact second derivatives (up to 30 inputs) and by double
 * differences (up to 1,500 pairs of inputs a place). Rotations and twists also have to survive a search for a
 * counterexample that knows nothing of how they were found. A search without a result answers `Unknown`.
 *
 * Errors: `InvalidOption` (options; a kernel without a finite law somewhere in its domain).
 *
 * @example
 * findWitness(kernel) // E.right({ _tag: 'Found', kind: 'rotation', matrix: [[0.83, −0.56], [0.56, 0.83]], … })
 */
export const findWitness = (
  kernel: Kernel,
  options: WitnessOptions = {}
): E.Either<GraphError, WitnessAnswer> =>
  E.flatMap(({ degree, places, seed, latents }: Required<WitnessOptions>) =>
    E.map(({ verdict: influence, parts }: SufficientInfluence): WitnessAnswer => {
      const graph = bitsOfKernel(kernel)
      const pattern = patternOf(graph)
      const bound = getMonoidAnd(graph.size, graph.size).concat(
        patternOf(provenPart(graph, parts)),
        tabulate(graph.size, graph.size, (i, j) => i === j || (latents.includes(i) && latents.includes(j)))
      )
      const random = generator(seed).split('findWitness')
      const search: Search = {
        kernel,
        graph,
        pattern,
        influence,
        bound,
        latents,
        degree,
        places,
        random
      }
      for (const block of blocksOf(pattern)) {
        const members = block.filter((i) => latents.includes(i))
        const rotated = members.length > 1 ? rotationWitness(search, members) : undefined
        if (rotated !== undefined) return rotated
      }
      const twisted = twistWitness(search)
      if (twisted !== undefined) return twisted
      return noneExists(search) ?? flowWitness(search)
    })(sufficientInfluence(kernel, { seed }))
  )(checkOptions(kernel, options))
