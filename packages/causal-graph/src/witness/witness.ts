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
 * Another model with the same observations, outside permutations and element-wise maps: a map v for which the
 * transformed kernel `ℓ(v(ẑ) | v(past), a) + log |det Dv(ẑ)|` factorizes over latents with the same graph
 * ([MS] section 2; the stochastic condition on fields). A stronger statement than a failed criterion.
 *
 * In turn: a rotation after whitening within a block of Gaussian latents; a twist of a box where neither past nor
 * actions change the shape of two latents' densities (tails of Laplace noise, inner parts of uniform noise, latents
 * without causes); reasons why there is none (the pattern under sufficient influence, or variability of first and second
 * derivatives, which needs no graph); the flow of a polynomial field that solves the first-order condition.
 *
 * Whatever is found is checked at fresh places, by exact second derivatives (up to 30 inputs) and by double differences
 * (up to 1,500 pairs of inputs a place), to 1e−5 relative. A search without result answers `Unknown`. Reasons rest on
 * ranks at several points, so they are numerical evidence, no proof.
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
      const reason = noneExists(search)
      return reason === undefined ? flowWitness(search) : { _tag: 'None', explanation: reason }
    })(sufficientInfluence(kernel, { seed }))
  )(checkOptions(kernel, options))
