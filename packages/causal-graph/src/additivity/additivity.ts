/** What additive means identify by themselves: a hypothesis class of its own, apart from sparsity. */
import { type Kernel, number } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { GraphError } from '../errors.js'
import { obstacleToAffine } from '../influence/fixed-gaussian.js'
import { RANK_TOLERANCE } from '../influence/rank.js'
import { type BinaryMatrix, binaryRows, tabulate } from '../matrices/binary-matrix.js'
import type { Additivity, AdditivityVerdict } from './answer.js'
import { type Column, columnOf } from './curvature.js'
import { explainAdditivity } from './explanation.js'
import { type Interactions, interactionsOf } from './interactions.js'
import { additivePattern, patternWithNoise } from './internal/separation.js'
import { checkSpread, lookAtMeans, type Means } from './places.js'

export interface AdditivityOptions {
  /** Standard deviations of the past latents, d of them (default: 1 each, as the first frames of the published problems). */
  readonly spread?: ReadonlyArray<number>
  /** Sizes up to this count as 0, relative to the spread of a latent's mean. Default: 1e−6. */
  readonly tolerance?: number
  /** Seed of all draws. Default: 0. */
  readonly seed?: number
}

const checked = (
  kernel: Kernel,
  { spread = kernel.noise.map(() => 1), tolerance = RANK_TOLERANCE, seed = 0 }: AdditivityOptions
): E.Either<GraphError, Required<AdditivityOptions>> => {
  const where = 'additivity'
  if (!(tolerance > 0 && tolerance < 1))
    return E.left(invalidOption(where, 'tolerance', tolerance, 'a number between 0 and 1'))
  return E.map((sound: ReadonlyArray<number>) => ({ spread: sound, tolerance, seed }))(
    checkSpread(where, kernel, spread)
  )
}

const verdictOf = ({ found, undecided }: Interactions): AdditivityVerdict =>
  found.length > 0 ? 'not additive' : undecided.length > 0 ? 'undecided' : 'additive'

const everything = (d: number): BinaryMatrix => tabulate(d, d, () => true)

/** The same kernel in units of the spreads of past latents and of means. */
const withoutUnits = (kernel: Kernel, { widths, spreads }: Means): Kernel => ({
  ...kernel,
  location: (F, past, a) =>
    kernel
      .location(
        F,
        past.map((x, m) => F.mul(F.lit(widths[m]), x)),
        a
      )
      .map((mean, i) => F.mul(F.lit(1 / (spreads[i] || 1)), mean))
})

/** Why additivity identifies nothing, if it does not. */
const idleOf = (kernel: Kernel, means: Means, seed: number): string | undefined => {
  if (kernel.lags === 0)
    return 'the kernel is static: if means are additive in the actions, so are those of A z + c for every matrix A'
  const random = generator(seed).split('additivity').split('spanning')
  const obstacle = obstacleToAffine(withoutUnits(kernel, means), random)
  return obstacle === undefined ? undefined : `the learned map need not be affine: ${obstacle}`
}

const noiseVariances = (kernel: Kernel, { draws }: Means): number[] => {
  const scale = kernel.scale(number, draws[0].past, draws[0].a)
  return kernel.noise.map(({ variance }, i) => scale[i] ** 2 * variance)
}

/**
 * Whether a kernel's means are additive, `m_i(z, a) = Σ_j f_ij(z_j) + Σ_l h_il(a_l)`, and what the class of all such
 * kernels leaves open, whatever the graph. With Gaussian noise of fixed variance and means that span all directions the
 * learned map is affine. It keeps means additive iff it keeps the diagonal matrices of second derivatives `f_ij''(z_j)`
 * diagonal, all at once. So a past latent is identified up to order and scale if a second derivative by it varies, or if
 * its constant second derivatives are not proportional to those of another latent. Latents on which everything depends
 * linearly are not told apart.
 *
 * When to use it: sparsity leaves latents mixed, and you can assume that effects add up. Not for actions without time:
 * additivity says something about past latents only.
 *
 * Second derivatives are exact (dual numbers in dual numbers); double and third differences see kinks, too. Sizes are in
 * units of spreads, so that no decision depends on units. A size counts above `tolerance`, and does not 1000 times below;
 * between these it is undecided, and counts as entangled.
 *
 * Errors: `InvalidOption` (options; a kernel without finite means), `ShapeMismatch` (spreads).
 *
 * @example
 * additivity(kernel) // E.right({ verdict: 'additive', curvature: ['varying', 'none'], pattern: [[1, 0], [1, 1]], … })
 */
export const additivity = (
  kernel: Kernel,
  options: AdditivityOptions = {}
): E.Either<GraphError, Additivity> =>
  E.flatMap(({ spread, tolerance, seed }: Required<AdditivityOptions>): E.Either<GraphError, Additivity> => {
    const means = lookAtMeans(kernel, spread, generator(seed).split('additivity'))
    if (means.draws.length < 16)
      return E.left(
        invalidOption('additivity', 'the kernel', 'without finite means', 'finite means at most pasts')
      )
    const interactions = interactionsOf(means, tolerance)
    const verdict = verdictOf(interactions)
    const idle = idleOf(kernel, means, seed)
    const columns: Column[] = kernel.noise.map((_, j) => columnOf(means, j, tolerance))
    const useful = verdict === 'additive' && idle === undefined
    const d = kernel.latents
    const answer = {
      verdict,
      ...(idle === undefined ? {} : { idle }),
      interactions: verdict === 'undecided' ? interactions.undecided : interactions.found,
      curvature: verdict === 'additive' && kernel.lags > 0 ? columns.map(({ curvature }) => curvature) : [],
      pattern: binaryRows(useful ? additivePattern(columns, tolerance) : everything(d)),
      patternWithNoise: binaryRows(
        useful ? patternWithNoise(columns, noiseVariances(kernel, means), tolerance) : everything(d)
      ),
      tolerance
    }
    return E.right({ ...answer, explanation: explainAdditivity(kernel, answer) })
  })(checked(kernel, options))
